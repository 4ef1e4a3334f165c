import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Import, importsOf } from '../src/imports.ts';
import { readWorkspace } from '../src/workspace.ts';

/** The files that a file imports by a relative path, as far as they are among the sources. */
function graphOf(imports: readonly Import[]): Map<string, string[]> {
  const graph = new Map<string, string[]>(imports.map(({ file }) => [file, []]));
  for (const { file, specifier } of imports) {
    const path = join(file, '..', specifier);
    const target = ['', '.ts', '.tsx', '/index.ts']
      .map((end) => path + end)
      .find((at) => graph.has(at));
    if (specifier.startsWith('.') && target !== undefined) graph.get(file)?.push(target);
  }
  return graph;
}

/** Each circle once, as the path that leads back to its first file. */
function circlesOf(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const circles: string[] = [];
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (file: string): void => {
    const start = path.indexOf(file);
    if (start >= 0) circles.push([...path.slice(start), file].join(' → '));
    if (start >= 0 || done.has(file)) return;
    path.push(file);
    for (const target of graph.get(file) ?? []) visit(target);
    path.pop();
    done.add(file);
  };
  for (const file of graph.keys()) visit(file);
  return circles;
}

test('a circle is found', () => {
  const [a, b, c] = ['x/a.ts', 'x/b.tsx', 'x/c/index.ts'];
  const line = [
    { file: a, specifier: './b' },
    { file: b, specifier: './c' },
    { file: c, specifier: 'elsewhere' },
  ];
  expect(circlesOf(graphOf(line))).toEqual([]);
  expect(circlesOf(graphOf([...line, { file: c, specifier: '../a.ts' }]))).toEqual([
    `${a} → ${b} → ${c} → ${a}`,
  ]);
});

test('no file of the workspace imports itself by way of others, not even for a type', async () => {
  for (const { folder } of await readWorkspace())
    expect(circlesOf(graphOf(await importsOf(folder)))).toEqual([]);
});
