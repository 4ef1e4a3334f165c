import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseSync } from 'oxc-parser';
import { filesBelow, root } from './workspace.ts';

export type Import = { file: string; specifier: string };

/** The imports and re-exports of every source file of a package, those of types too. */
export async function importsOf(folder: string): Promise<Import[]> {
  const found: Import[] = [];
  for (const file of await filesBelow(folder, /\.[mc]?[jt]sx?$/)) {
    const text = await readFile(join(root, file), 'utf8');
    // By a parser, so that source code inside a string is not taken for an import.
    const { staticImports, staticExports } = parseSync(file, text).module;
    const specifiers = [
      ...staticImports.map(({ moduleRequest }) => moduleRequest.value),
      ...staticExports.flatMap(({ entries }) =>
        entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []),
      ),
      ...[...text.matchAll(/\b(?:import|require|resolve)\(\s*['"]([^'"\n]+)['"]/g)].map(
        ([, specifier = '']) => specifier,
      ),
    ];
    for (const specifier of specifiers) found.push({ file, specifier });
  }
  return found;
}
