/** A statement that makes an object. */
export interface Making {
  readonly text: string;
  /** The objects it makes, as the catalog names them: a routine without its arguments. */
  readonly makes: readonly string[];
  /** The part of the text that the server reads at once, whose objects must exist. */
  readonly reads: string;
  /** Further objects that must exist. */
  readonly after?: readonly string[];
  /** Short statements of one group stand on lines that follow each other. */
  readonly group?: string;
}

const QUALIFIED = /((?:"(?:[^"]|"")*"|[\w$]+)\.(?:"(?:[^"]|"")*"|[\w$]+))/g;

/** Puts a statement before the ones that read its object; the others keep their order. */
export const inOrder = (statements: readonly Making[]): Making[] => {
  const makers = new Map<string, Making[]>();
  for (const statement of statements)
    for (const name of statement.makes) makers.set(name, [...(makers.get(name) ?? []), statement]);
  const met = new Set<Making>();
  const ordered: Making[] = [];
  const visit = (statement: Making): void => {
    // Visited already: it is further up, or the two need each other and one must be first.
    if (met.has(statement)) return;
    met.add(statement);
    for (const name of [...(statement.reads.match(QUALIFIED) ?? []), ...(statement.after ?? [])])
      for (const maker of makers.get(name) ?? []) visit(maker);
    ordered.push(statement);
  };
  for (const statement of statements) visit(statement);
  return ordered;
};

/** One paragraph a statement, or a group of short ones. */
export const inParagraphs = (statements: readonly Making[]): string[] => {
  const paragraphs: string[] = [];
  let before: string | undefined;
  for (const { text, group } of statements) {
    const last = paragraphs.at(-1);
    if (last !== undefined && group !== undefined && group === before)
      paragraphs[paragraphs.length - 1] = `${last}\n${text}`;
    else paragraphs.push(text);
    before = group;
  }
  return paragraphs;
};
