// pnpm --filter ./bench bench:tasks: the figures of packages/tasks, written to docs/performance-tasks.md.
import { Command, Option } from 'commander';
import { conditions, number, publish, ratio, table, verdict } from '../markdown.ts';
import { openServer } from '../server.ts';
import { measureLogWrites, type WriteCost } from './log-writes.ts';
import { seedTasks, tasksSizes } from './seed.ts';
import { type ListFigures, measureTaskList } from './task-list.ts';

const command = new Command('bench:tasks')
  .description('Measures the task list against raw SQL, and a log table against one JSONB array.')
  .addOption(
    new Option('--size <size>', 'how much data').choices(Object.keys(tasksSizes)).default('large'),
  )
  .option('--rounds <number>', 'rounds of each list', Number, 7)
  .option('--no-report', 'leave docs/performance-tasks.md as it is');
const options = command.parse().opts<{
  size: keyof typeof tasksSizes;
  rounds: number;
  report: boolean;
}>();

const size = tasksSizes[options.size];
const tasks = size.deepTasks + size.otherUsers * size.tasksPerUser;
const server = await openServer(undefined);
try {
  await seedTasks(server.url, size);
  console.log('Measuring …');
  const lists = await measureTaskList(server.url, size, options.rounds);
  console.log(listTable(lists));
  const report = [
    '# Figures of packages/tasks',
    `Written by \`pnpm --filter ./bench bench:tasks\`. ${number(tasks)} tasks, ${number(tasks * size.logsPerTask)} log lines; ${conditions(server, options.rounds)}`,
    '## The task list, with tags and counts, 50 tasks a page',
    'One statement reads a page. The run compares its results with those of the same SQL in raw postgres.js, then times both. Medians; the range of the rounds in brackets.',
    listTable(lists),
    verdicts(lists),
    '## One more log line: a row, or one growing JSONB array',
    'An update of the array reads, decompresses, copies, compresses and writes all of it, and locks the task meanwhile. Replicas receive the WAL and backups store it.',
    writeTable(await measureLogWrites(server.url)),
  ].join('\n\n');
  await publish('performance-tasks', report, options.report);
} finally {
  await server.close();
}

function listTable(lists: readonly ListFigures[]): string {
  const rows = lists.flatMap(({ title, figures }) =>
    [...figures].map(([name, { latency, latencyRatio, throughput, throughputRatio }]) => [
      title,
      name,
      `${number(latency.median)} µs`,
      ratio(latencyRatio),
      throughput ? number(throughput.median) : '',
      throughputRatio ? ratio(throughputRatio) : '',
    ]),
  );
  return table(['', '', 'latency', 'ratio', 'calls/s at 16', 'ratio'], rows);
}

function verdicts(lists: readonly ListFigures[]): string {
  const ours = lists.map(({ title, figures }) => ({ title, own: figures.get('this project') }));
  const lines = ours.map(({ title, own }) => {
    const value = own?.latencyRatio.median ?? Number.NaN;
    return verdict(
      value <= 1.3,
      `${title}, ${value.toFixed(2)} times raw SQL, wanted at most 1.30`,
    );
  });
  const [, first, deep] = ours.map(({ own }) => own?.latency.median ?? Number.NaN);
  lines.push(
    `- Page 1,000 takes ${((deep ?? 0) / (first ?? 1)).toFixed(2)} times as long as page 1.`,
  );
  return lines.join('\n');
}

function writeTable(costs: readonly WriteCost[]): string {
  const rows = costs.map(({ entries, way, microseconds, walBytes, storedBytes }) => [
    number(entries),
    way,
    `${number(microseconds)} µs`,
    number(walBytes),
    number(storedBytes),
  ]);
  return table(['lines in the log', 'stored as', 'one append', 'WAL bytes', 'stored bytes'], rows);
}
