// pnpm --filter ./bench bench:workspace: figures of packages/db's lists and logs, written to
// docs/performance-workspace.md.
import { Command, Option } from 'commander';
import { conditions, number, publish, ratio, table, verdict } from '../markdown.ts';
import { openServer } from '../server.ts';
import { type ListFigures, measureLists, unreadPlan } from './lists.ts';
import { type LogFigures, measureLogs } from './logs.ts';
import { seedWorkspaceBench, workspaceSizes } from './seed.ts';

const command = new Command('bench:workspace')
  .description('Measures channels, conversations, search, notifications and logs of packages/db.')
  .addOption(
    new Option('--size <size>', 'how much data')
      .choices(Object.keys(workspaceSizes))
      .default('large'),
  )
  .option('--rounds <number>', 'rounds of each list', Number, 7)
  .option('--seconds <number>', 'how long to append log lines in each way', Number, 5)
  .option('--no-report', 'leave docs/performance-workspace.md as it is');
const options = command.parse().opts<{
  size: keyof typeof workspaceSizes;
  rounds: number;
  seconds: number;
  report: boolean;
}>();

const size = workspaceSizes[options.size];
const server = await openServer(undefined);
try {
  await seedWorkspaceBench(server.url, size);
  console.log('Measuring …');
  const lists = await measureLists(server.url, options.rounds);
  const report = [
    '# Figures of packages/db: lists and logs',
    `Written by \`pnpm --filter ./bench bench:workspace\`. ${number(size.pages)} pages, ${number(size.messages)} messages in conversations, ${number(size.channelMessages)} in 200 channels, ${number(size.notifications)} notifications; ${conditions(server, options.rounds)}`,
    '## Lists',
    'The first row of each list is the same SQL in raw postgres.js. The run compares the results before it times them. Medians; the range of the rounds in brackets.',
    listTable(lists),
    verdicts(lists),
    'The count of unread notifications reads only an index:',
    `\`\`\`\n${await unreadPlan(server.url)}\n\`\`\``,
    '## Logs, over one connection',
    ...logParts(await measureLogs(server.url, options.seconds)),
  ].join('\n\n');
  await publish('performance-workspace', report, options.report);
} finally {
  await server.close();
}

function listTable(lists: readonly ListFigures[]): string {
  const rows = lists.flatMap(({ title, figures }) =>
    [...figures].map(([name, { latency, latencyRatio }]) => [
      title,
      name,
      `${(latency.median / 1000).toFixed(2)} ms`,
      ratio(latencyRatio),
    ]),
  );
  return table(['', '', 'latency, p50', 'ratio'], rows);
}

function verdicts(lists: readonly ListFigures[]): string {
  return lists
    .filter(({ title }) => title.startsWith('Search'))
    .flatMap(({ title, figures }) => {
      const own = figures.get('this project');
      const times = own?.latencyRatio.median ?? Number.NaN;
      const ms = (own?.latency.median ?? Number.NaN) / 1000;
      return [
        verdict(times <= 1.3, `${title}: ${times.toFixed(2)} times raw SQL, wanted at most 1.30`),
        verdict(ms <= 50, `its first page in ${ms.toFixed(1)} ms, wanted at most 50`),
      ];
    })
    .join('\n');
}

function logParts({ appends, deleted, seconds }: LogFigures): string[] {
  const rows = appends.map((row) => [
    row.what,
    number(row.linesPerCall),
    number(row.linesPerSecond),
    `${row.p50.toFixed(2)} ms`,
    `${row.p99.toFixed(2)} ms`,
    `${row.slowest.toFixed(1)} ms`,
  ]);
  const best = Math.max(...appends.map(({ linesPerSecond }) => linesPerSecond));
  return [
    table(['appends', 'lines a call', 'lines/s', 'p50 of a call', 'p99', 'slowest'], rows),
    `${verdict(best >= 10_000, `${number(best)} lines a second, wanted at least 10,000`)}\n- Retention deleted ${number(deleted)} old lines in ${seconds.toFixed(1)} s, in batches of 5,000 that commit one by one.`,
  ];
}
