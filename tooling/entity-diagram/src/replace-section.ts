/**
 * Puts a generated text between `<!-- NAME … -->` and `<!-- end of NAME -->` of a document.
 * @throws Error when the document has no such section
 */
export function replaceSection(document: string, name: string, body: string): string {
  const section = new RegExp(`(<!-- ${name}\\b[^>]*-->\\n).*?(<!-- end of ${name} -->)`, 's');
  if (!section.test(document)) {
    throw new Error(`The document has no "<!-- ${name} -->" … "<!-- end of ${name} -->".`);
  }
  return document.replace(
    section,
    (_, start: string, end: string) => `${start}\n${body}\n\n${end}`,
  );
}
