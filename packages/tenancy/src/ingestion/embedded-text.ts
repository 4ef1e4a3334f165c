/** What stands for a chunk in the vector space: its place in the document, and its text. */
export const embeddedText = (heading: string | null | undefined, content: string): string =>
  heading ? `${heading}\n\n${content}` : content;
