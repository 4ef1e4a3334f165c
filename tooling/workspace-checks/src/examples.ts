export type Example = {
  /** Of the line after the fence, counted from 1. */
  line: number;
  /** The example with what a hidden comment puts before it, on the lines where the document has it. */
  source: string;
  /** Where in its package the example would stand, if the document says so: it imports from there. */
  path: string | undefined;
};

const fence =
  /(?:<!--\s*at:\s*(\S+)\s*-->\s*)?(?:<!--\s*before:([\s\S]*?)-->\s*)?^```(?:ts|typescript)\b[^\n]*\n([\s\S]*?)^```/gm;

/**
 * The TypeScript examples of a Markdown text. What the compiler needs and a reader does not stands
 * before an example in comments: `<!-- at: src/schema/notes.ts -->`, `<!-- before: import … -->`.
 */
export function examplesIn(markdown: string): Example[] {
  return [...markdown.matchAll(fence)].map((match) => {
    const [whole, path, before = '', code = ''] = match;
    const start = match.index + whole.length - code.length - '```'.length;
    const line = markdown.slice(0, start).split('\n').length;
    const prelude = before.replace(/\s+/g, ' ').trim();
    return { line, source: `${prelude}${'\n'.repeat(line - 1)}${code}\nexport {};\n`, path };
  });
}

/** The relative links of a Markdown text, without their anchors; examples and code are left out. */
export function linksIn(markdown: string): string[] {
  const prose = markdown.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target.replace(/#.*$/, ''))
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target));
}
