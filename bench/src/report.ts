import { readFile, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import Table from 'cli-table3';
import type { Benchmark, Target } from './benchmark.ts';
import { drawHotQueries } from './charts/hot-queries.ts';
import { replaceFigures, table } from './markdown.ts';
import type { Figures, Spread } from './measure.ts';
import { type SizeName, sizes } from './seed.ts';
import type { Server } from './server.ts';

export interface Result {
  readonly benchmark: Benchmark;
  readonly figures: ReadonlyMap<string, Figures>;
}

export interface Conditions {
  readonly size: SizeName;
  readonly rounds: number;
  readonly server: Server;
}

const docs = new URL('../../docs/', import.meta.url);

export function printResult({ benchmark, figures }: Result): void {
  const table = new Table({ head: ['', ...headings(benchmark)] });
  for (const [name, row] of figures) table.push([name, ...cells(benchmark, row)]);
  console.log(`\n${benchmark.title} (${benchmark.name})`);
  console.log(table.toString());
  for (const line of verdicts({ benchmark, figures })) console.log(line);
}

/**
 * Writes the figures of docs/performance-hot-queries.md and performance.json, and their summary and
 * picture in docs/performance.md; the text around them is kept.
 */
export async function writeReport(
  results: readonly Result[],
  conditions: Conditions,
): Promise<void> {
  const parts = [await describe(conditions), ...results.map(section)];
  await replaceFigures('performance-hot-queries', parts.join('\n\n'));
  await writeSummary(results, conditions);
  const json = {
    conditions: { ...conditions, server: conditions.server.settings, ...(await versions()) },
    benchmarks: results.map(({ benchmark, figures }) => ({
      name: benchmark.name,
      title: benchmark.title,
      figures: Object.fromEntries(figures),
      targets: benchmark.targets ?? [],
    })),
  };
  await writeFile(new URL('performance.json', docs), `${JSON.stringify(json, null, 2)}\n`);
}

/** The hot queries alone, one figure each: what a reader takes away. */
async function writeSummary(results: readonly Result[], conditions: Conditions): Promise<void> {
  const hot = results.filter(({ benchmark }) => benchmark.throughput);
  const bars = hot.flatMap(({ benchmark, figures }) =>
    [...figures].map(([contestant, { latencyRatio }]) => ({
      query: benchmark.title,
      contestant,
      ratio: latencyRatio.median,
    })),
  );
  await drawHotQueries(bars);
  const contestants = [...new Set(bars.map(({ contestant }) => contestant))];
  const latencies = table(
    ['', ...contestants],
    hot.map(({ benchmark, figures }) => [
      benchmark.title,
      ...contestants.map((name) => figures.get(name)?.latencyRatio.median.toFixed(2) ?? '–'),
    ]),
  );
  const judged = results.flatMap(({ benchmark, figures }) =>
    verdicts({ benchmark, figures }).map((line) => ({ title: benchmark.title, line })),
  );
  const missed = judged.filter(({ line }) => line.startsWith('Missed'));
  const { machine } = await versions();
  const parts = [
    `Latency at one caller as a multiple of the first column, size \`${conditions.size}\`, medians of ${conditions.rounds} rounds. ${machine}.`,
    latencies,
    `${judged.length - missed.length} of ${judged.length} goals are met.`,
    missed.map(({ title, line }) => `- ${title}: ${line}`).join('\n'),
  ];
  await replaceFigures('performance', parts.filter(Boolean).join('\n\n'), 'hot queries');
}

function section({ benchmark, figures }: Result): string {
  const head = ['', ...headings(benchmark)];
  const rows = [...figures].map(([name, row]) => [name, ...cells(benchmark, row)]);
  const lines = [head, head.map(() => '---'), ...rows].map(
    (cellsOfRow) => `| ${cellsOfRow.join(' | ')} |`,
  );
  const judged = verdicts({ benchmark, figures }).map((line) => `- ${line}`);
  return [`### ${benchmark.title}`, benchmark.about, lines.join('\n'), judged.join('\n')]
    .filter(Boolean)
    .join('\n\n');
}

function headings({ throughput }: Benchmark): string[] {
  const latency = ['latency, p50', 'ratio'];
  return throughput
    ? [...latency, 'calls/s at 16', 'ratio', 'client CPU a call', 'ratio']
    : latency;
}

function cells({ throughput }: Benchmark, row: Figures): string[] {
  const latency = [time(row.latency.median), ratio(row.latencyRatio)];
  if (!throughput || !row.throughput || !row.cpu || !row.throughputRatio || !row.cpuRatio)
    return latency;
  return [
    ...latency,
    Math.round(row.throughput.median).toString(),
    ratio(row.throughputRatio),
    time(row.cpu.median),
    ratio(row.cpuRatio),
  ];
}

function time(microseconds: number): string {
  return microseconds < 10_000
    ? `${Math.round(microseconds)} µs`
    : `${(microseconds / 1000).toFixed(1)} ms`;
}

const ratio = ({ median, low, high }: Spread) =>
  `${median.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`;

function verdicts({ benchmark, figures }: Result): string[] {
  return (benchmark.targets ?? []).flatMap((target) => {
    const value = figures.get(target.contestant)?.[target.figure]?.median;
    return value === undefined ? [] : [verdict(target, value)];
  });
}

const labels = {
  latency: 'latency',
  latencyRatio: 'latency ratio',
  throughputRatio: 'throughput ratio',
  cpuRatio: 'CPU ratio',
};

function verdict({ contestant, figure, atMost, atLeast }: Target, value: number): string {
  const missed =
    (atMost !== undefined && value > atMost) || (atLeast !== undefined && value < atLeast);
  const show = (number: number) => (figure === 'latency' ? time(number) : number.toFixed(2));
  const wanted =
    atMost === undefined ? `at least ${show(atLeast ?? 0)}` : `at most ${show(atMost)}`;
  return `${missed ? 'Missed' : 'Met'}: ${contestant}, ${labels[figure]} ${show(value)}, wanted ${wanted}.`;
}

async function describe({ size, rounds, server }: Conditions): Promise<string> {
  const { machine, node, packages } = await versions();
  const settings = Object.entries(server.settings).map(([name, value]) => `${name} ${value}`);
  const list = Object.entries(packages).map(([name, version]) => `${name} ${version}`);
  return [
    `Size \`${size}\` (deep lists of ${sizes[size].deepRows} rows), ${rounds} rounds. ${machine}; Node ${node}.`,
    `PostgreSQL: ${settings.join(', ')}.`,
    `Packages: ${list.join(', ')}.`,
  ].join('\n\n');
}

async function versions() {
  const names = ['drizzle-orm', 'drizzle-orm-next', 'kysely', 'pg', 'postgres'];
  const packages: Record<string, string> = {};
  const catalog = await readFile(new URL('../../pnpm-workspace.yaml', import.meta.url), 'utf8');
  for (const name of names)
    packages[name] = catalog.match(new RegExp(`^ {2}"?${name}"?: (.+)$`, 'm'))?.[1] ?? '?';
  const prisma = JSON.parse(
    await readFile(new URL('../prisma/package.json', import.meta.url), 'utf8'),
  );
  packages.prisma = prisma.dependencies.prisma;
  const gib = Math.round(totalmem() / 2 ** 30);
  return {
    machine: `${cpus().length} cores (${cpus()[0]?.model.trim()}), ${gib} GiB, server on the same machine`,
    node: process.versions.node,
    packages,
  };
}
