// pnpm copy:matrix [--only text…] [--missing] [--every-test] [--keep] [--fast] [--table]   takes items into fresh projects, one for each package manager,
// module kind and Node, runs the items' own tests there, and writes the table of docs/copying.md.
import { startContainer } from '@reference/local-postgres';
import { Command } from 'commander';
import pc from 'picocolors';
import { openSource } from '../src/source/tree.ts';
import { type Cell, cells, nameOf } from './cells.ts';
import { type Result, runCell } from './run-cell.ts';
import { runPacked } from './run-packed.ts';
import { mergeResults, testsOf, writeTable } from './table.ts';
import { installTools } from './tools.ts';

const { only, missing, everyTest, keep, fast, table } = new Command('copy:matrix')
  .option('--only <texts...>', 'trials whose name has one of these in it')
  .option('--missing', 'trials without a good result')
  .option(
    '--every-test',
    'all tests of packages, and not only those that a package manager can break',
  )
  .option('--keep', 'leave the projects where they are, and say where')
  .option('--fast', 'the fast trial, without the table')
  .option('--table', 'only write the table again, from docs/copying.json')
  .parse()
  .opts<{
    only?: string[];
    missing?: boolean;
    everyTest?: boolean;
    keep?: boolean;
    fast?: boolean;
    table?: boolean;
  }>();

const { root } = openSource();

const known = mergeResults(root, []);
const isDone = (cell: Cell) =>
  known.some(({ name, problem }) => name === nameOf(cell) && problem === undefined);
const isAsked = (cell: Cell) => (only ?? ['']).some((text) => nameOf(cell).includes(text));
const chosen = table
  ? []
  : fast
    ? cells.slice(0, 1)
    : cells.filter((cell) => isAsked(cell) && !(missing && isDone(cell)));
if (table) writeTable(root, known);
const tools = fast || table ? '' : installTools();
const server = chosen.some((cell) => cell.server)
  ? await startContainer({ durable: false })
  : undefined;
const results: Result[] = [];
for (const cell of chosen) {
  const result =
    cell.form === 'packed'
      ? runPacked(cell, tools)
      : await runCell(cell, tools, { keep, everyTest, serverUrl: server?.url });
  results.push(result);
  const mark = result.problem ? pc.red('✗') : pc.green('✓');
  console.log(
    `${mark} ${result.name}: ${testsOf(result)}; ${result.lines} lines, ${result.takeSeconds} s`,
  );
  if (result.problem) console.log(`  ${result.problem}`);
  if (!fast) writeTable(root, mergeResults(root, [result]));
}
if (results.some(({ problem }) => problem)) process.exitCode = 1;
await server?.remove();
