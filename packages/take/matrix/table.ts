import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cells, nameOf } from './cells.ts';
import type { Result } from './run-cell.ts';

const begin = '<!-- copy matrix: made by `pnpm copy:matrix` -->';
const end = '<!-- end of the copy matrix -->';

/** Puts new results in the place of older ones of the same trial, in the order of the list of trials. */
export function mergeResults(root: string, fresh: readonly Result[]): Result[] {
  const path = join(root, 'docs/copying.json');
  const known: Result[] = JSON.parse(readFileSync(path, 'utf8'));
  const byName = new Map([...known, ...fresh].map((result) => [result.name, result]));
  const all = cells.flatMap((cell) => byName.get(nameOf(cell)) ?? []);
  writeFileSync(path, `${JSON.stringify(all, null, 2)}\n`);
  return all;
}

/** Writes the table of results into docs/copying.md. */
export function writeTable(root: string, results: readonly Result[]): void {
  const path = join(root, 'docs/copying.md');
  const text = readFileSync(path, 'utf8');
  const start = text.indexOf(begin);
  const stop = text.indexOf(end);
  if (start < 0 || stop < 0) throw new Error(`${path} has no place for the table.`);
  const table = `${begin}\n\n${tableOf(results)}\n\n`;
  writeFileSync(path, text.slice(0, start) + table + text.slice(stop));
}

function tableOf(results: readonly Result[]): string {
  const head = [
    '| item | package manager | Node | modules | files | lines touched | dependencies | install | the rest | its tests there |',
    '|---|---|---|---|--:|--:|--:|--:|--:|---|',
  ];
  const rows = results.map((result) => {
    const { title, manager, node, module, driver, form } = result.cell;
    const kind = [module, driver, form].filter(Boolean).join(', ');
    const seconds = [result.installSeconds, result.takeSeconds].map(
      (one) => `${Math.round(one)} s`,
    );
    const { files, lines, dependencies } = result;
    return `| ${[title, manager, node, kind, files, lines, dependencies, ...seconds, testsOf(result)].join(' | ')} |`;
  });
  return [...head, ...rows].join('\n');
}

/** The items' own tests in words, and whether anything else went wrong. */
export function testsOf({ tests, problem }: Result): string {
  const entries = Object.entries(tests);
  const texts = entries.map(([item, { passed, failed, skipped, files: [ran, all] = [0, 0] }]) =>
    [
      `${entries.length > 1 ? `${item}: ` : ''}${passed} passed${ran < all ? ` in ${ran} of ${all} files` : ''}`,
      ...(failed > 0 ? [`${failed} failed`] : []),
      ...(skipped > 0 ? [`${skipped} skipped`] : []),
    ].join(', '),
  );
  const hasFailed = entries.some(([, { failed }]) => failed > 0);
  if (problem && !hasFailed) texts.push('did not work');
  return texts.join('; ');
}
