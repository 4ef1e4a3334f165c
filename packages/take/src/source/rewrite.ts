import { posix } from 'node:path';
import { definedIn } from './closure.ts';
import type { ImportStatement, ModuleReader } from './modules.ts';

/** The ending of relative imports that the host's compiler and bundler accept. */
export type ImportEnding = 'ts' | 'js' | 'none';

export interface Placing {
  /** A file's path in the host, from the folder that takes it. */
  targetOf(source: string): string;
  readonly ending: ImportEnding;
  readonly standIns: Readonly<Record<string, string>>;
}

/**
 * A file's text with every import rewritten to the imported file's path in the host. An import
 * through a barrel becomes one import for each file behind it.
 */
export function rewriteImports(modules: ModuleReader, path: string, placing: Placing): string {
  const { text, imports, references } = modules.read(path);
  const specifierTo = (file: string) => relativeSpecifier(path, file, placing);
  const edits: { start: number; end: number; text: string }[] = [];
  for (const statement of imports) {
    const target = modules.resolve(path, statement.specifier);
    if (target === undefined) continue;
    edits.push({
      ...statement,
      text: importLines(modules, statement, target, placing, specifierTo),
    });
  }
  for (const reference of references) {
    const target = modules.resolve(path, reference.specifier);
    if (target === undefined) continue;
    const specifier = specifierTo(placing.standIns[target] ?? target);
    edits.push({ ...reference, text: `'${specifier}'` });
  }
  return edits
    .sort((a, b) => b.start - a.start)
    .reduce((rest, edit) => rest.slice(0, edit.start) + edit.text + rest.slice(edit.end), text);
}

function importLines(
  modules: ModuleReader,
  { names, isSideEffect }: ImportStatement,
  target: string,
  placing: Placing,
  specifierTo: (file: string) => string,
): string {
  if (isSideEffect) return `import '${specifierTo(target)}';`;
  const byFile = new Map<string, string[]>();
  const whole: string[] = [];
  for (const { name, local, isType } of names) {
    const file = definedIn(modules, target, name, placing.standIns);
    if (name === '*') {
      whole.push(`import ${isType ? 'type ' : ''}* as ${local} from '${specifierTo(file)}';`);
      continue;
    }
    const renamed = name === local ? name : `${name} as ${local}`;
    byFile.set(file, [...(byFile.get(file) ?? []), `${isType ? 'type ' : ''}${renamed}`]);
  }
  const lines = [...byFile].map(([file, list]) => {
    const allTypes = list.every((entry) => entry.startsWith('type '));
    const entries = allTypes ? list.map((entry) => entry.slice('type '.length)) : list;
    const head = allTypes ? 'import type' : 'import';
    const line = `${head} { ${entries.join(', ')} } from '${specifierTo(file)}';`;
    if (line.length <= 100) return line;
    return `${head} {\n${entries.map((entry) => `  ${entry},\n`).join('')}} from '${specifierTo(file)}';`;
  });
  return [...whole, ...lines].sort((a, b) => (specifierIn(a) < specifierIn(b) ? -1 : 1)).join('\n');
}

const specifierIn = (line: string): string => /from '([^']*)';$/.exec(line)?.[1] ?? '';

function relativeSpecifier(from: string, to: string, { targetOf, ending }: Placing): string {
  const path = posix.relative(posix.dirname(targetOf(from)), targetOf(to));
  const relative = path.startsWith('.') ? path : `./${path}`;
  const extension = { ts: '.ts', js: '.js', none: '' }[ending];
  return relative.replace(/\.ts$/, extension);
}
