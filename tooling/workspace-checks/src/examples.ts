export type Example = {
  /** The number of the line after the fence, counted from 1. */
  line: number;
  /** The example with what a hidden comment puts before it, on the lines where the document has it. */
  source: string;
  /** Where in its package the example would stand, if the document says so: it imports from there. */
  path: string | undefined;
};

export type Excerpt = {
  /** The file that it is taken from, relative to the root. */
  path: string;
  text: string;
};

const excerpt = /<!--\s*from:\s*(.+?)\s*-->\s*^```\w*\n([\s\S]*?)^```/gm;

/** The excerpts of the workspace's own files in a Markdown text: `<!-- from: path -->` before a block. */
export function excerptsIn(markdown: string): Excerpt[] {
  return [...markdown.matchAll(excerpt)].map(([, path = '', text = '']) => ({ path, text }));
}

const fence =
  /(?:<!--\s*at:\s*(\S+)\s*-->\s*)?(?:<!--\s*before:([\s\S]*?)-->\s*)?^```(?:ts|typescript)\b[^\n]*\n([\s\S]*?)^```/gm;

/**
 * The TypeScript examples of a Markdown text. Code that only the compiler needs stands before an
 * example in comments: `<!-- at: src/schema/notes.ts -->`, `<!-- before: import … -->`.
 */
export function examplesIn(markdown: string): Example[] {
  // An excerpt need not compile alone; its lines stay, so that line numbers hold.
  const own = markdown.replace(excerpt, (text) => text.replace(/[^\n]/g, ''));
  return [...own.matchAll(fence)].map((match) => {
    const [whole, path, before = '', code = ''] = match;
    const start = match.index + whole.length - code.length - '```'.length;
    const line = own.slice(0, start).split('\n').length;
    const prelude = before.replace(/\s+/g, ' ').trim();
    return { line, source: `${prelude}${'\n'.repeat(line - 1)}${code}\nexport {};\n`, path };
  });
}

/** The relative links of a Markdown text, without their anchors; examples and code are left out. */
export function linksIn(markdown: string): string[] {
  const prose = markdown.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\((?:<([^>]+)>|([^)\s]+))\)/g)]
    .map(([, bracketed, plain]) => (bracketed ?? plain ?? '').replace(/#.*$/, ''))
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target));
}
