/**
 * Leaves of a TypeScript source only the sentences that people read: doc comments and the texts of
 * errors. Every line keeps its number; all other lines are empty.
 *
 * @returns Markdown of as many lines as the source
 */
export function proseInCode(source: string): string {
  const kept = source.split('\n').map(() => '');
  for (const comment of source.matchAll(/^[ \t]*\/\*\*([\s\S]*?)\*\//gm)) {
    let fenced = false;
    let indent = '';
    for (const [offset, line] of (comment[1] ?? '').split('\n').entries()) {
      const text = line.replace(/^\s*\*? ?/, '').trim();
      if (text.startsWith('```')) fenced = !fenced;
      if (fenced || text.startsWith('```')) continue;
      // A tag is an item of its own; its name, a parameter's name and an error's class are left out.
      const isTag = text.startsWith('@');
      const words = text.replace(/^@(?:returns?|(?:param|throws|see) \S+)(?: [-–])?/, '-');
      kept[lineAt(source, comment.index) + offset] = (isTag ? '' : indent) + words;
      if (isTag || text === '') indent = isTag ? '  ' : '';
    }
  }
  const message =
    /(?:Error|refuse|fail|problem)\(\s*(?:'((?:\\.|[^'\\\n])*)'|`((?:\\.|[^`\\])*)`)/g;
  for (const error of source.matchAll(message)) {
    const text = (error[1] ?? error[2] ?? '').replace(/\$\{[^}]*\}/g, '_').replace(/\s+/g, ' ');
    kept[lineAt(source, error.index)] ||= text;
  }
  return kept.join('\n');
}

/** Counts the lines before an offset, from 0. */
function lineAt(source: string, offset: number): number {
  return source.slice(0, offset).split('\n').length - 1;
}
