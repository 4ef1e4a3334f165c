/** The text that is embedded for a chunk: its place in the document, and its own text. */
export const embeddedText = (heading: string | null | undefined, content: string): string =>
  heading ? `${heading}\n\n${content}` : content;
