// pnpm copy:matrix [--only text…] [--fast] [--table]   takes items into fresh projects, one for each package manager,
// module kind and Node, runs the items' own tests there, and writes the table of docs/copying.md.
import { Command } from 'commander';
import pc from 'picocolors';
import { openSource } from '../src/source/tree.ts';
import { cells, nameOf } from './cells.ts';
import { type Result, runCell } from './run-cell.ts';
import { runPacked } from './run-packed.ts';
import { mergeResults, writeTable } from './table.ts';
import { installTools } from './tools.ts';

const { only, fast, table } = new Command('copy:matrix')
  .option('--only <texts...>', 'trials whose name has one of these in it')
  .option('--fast', 'the fast trial, without the table')
  .option('--table', 'only write the table again, from docs/copying.json')
  .parse()
  .opts<{ only?: string[]; fast?: boolean; table?: boolean }>();

const { root } = openSource();

const chosen = table
  ? []
  : fast
    ? cells.slice(0, 1)
    : cells.filter((cell) => (only ?? ['']).some((text) => nameOf(cell).includes(text)));
if (table) writeTable(root, mergeResults(root, []));
const tools = fast || table ? '' : installTools();
const results: Result[] = [];
for (const cell of chosen) {
  const result = cell.form === 'packed' ? runPacked(cell, tools) : await runCell(cell, tools);
  results.push(result);
  const mark = result.problem ? pc.red('✗') : pc.green('✓');
  console.log(
    `${mark} ${result.name}: ${result.passed} passed, ${result.failed} failed, ${result.lines} lines, ${result.takeSeconds} s`,
  );
  if (result.problem) console.log(`  ${result.problem}`);
  if (!fast) writeTable(root, mergeResults(root, [result]));
}
if (results.some(({ problem }) => problem)) process.exitCode = 1;
