import { isDeepStrictEqual } from 'node:util';
import { Command, Option } from 'commander';
import type { Benchmark } from './benchmark.ts';
import { benchmarks } from './benchmarks/index.ts';
import { type Clients, openClients } from './clients.ts';
import { type ContestantProcess, startContestant } from './contestant-processes.ts';
import { type Effort, measure, measureTurns } from './measure.ts';
import { printResult, type Result, writeReport } from './report.ts';
import { type SizeName, seed, sizes } from './seed.ts';
import { openServer } from './server.ts';
import type { Contestant } from './turns.ts';

const command = new Command('bench')
  .description('Measures this project against raw postgres.js, plain Drizzle and Kysely.')
  .argument('[names...]', `which: ${benchmarks.map(({ name }) => name).join(', ')}; default all`)
  .addOption(
    new Option('--size <size>', 'how much data').choices(Object.keys(sizes)).default('large'),
  )
  .option('--url <url>', 'a database to use and keep, seeded when it is empty; default a container')
  .option('--rounds <number>', 'rounds of each benchmark', Number, 7)
  .option('--no-report', 'leave the documents as they are')
  .showHelpAfterError();

const { args } = command.parse();
const options = command.opts<{ size: SizeName; url?: string; rounds: number; report: boolean }>();
const unknown = args.filter((name) => !benchmarks.some((benchmark) => matches(benchmark, name)));
if (unknown.length > 0) command.error(`Unknown benchmark: ${unknown.join(', ')}.`);
const chosen = benchmarks.filter(
  (benchmark) => args.length === 0 || args.some((name) => matches(benchmark, name)),
);

/** Fewer calls of what takes tens of milliseconds; a hundred is enough for the compiler to know the code. */
const fewerCalls = new Map([
  ['drive-tree', 100],
  ['drive-tree-large', 100],
  ['test-database', 30],
]);

const server = await openServer(options.url);
const results: Result[] = [];
try {
  const onServer = chosen.filter(({ ownServer }) => !ownServer);
  if (onServer.length > 0) await seed(server.url, options.size);
  await runAll(onServer);
} finally {
  await server.close();
}
await runAll(chosen.filter(({ ownServer }) => ownServer));
if (options.report) await writeReport(results, { ...options, server });

async function runAll(some: readonly Benchmark[]): Promise<void> {
  for (const benchmark of some) {
    const result = await run(benchmark, server.url, options.rounds);
    printResult(result);
    results.push(result);
  }
}

function matches({ name }: Benchmark, wanted: string): boolean {
  return name === wanted || name.startsWith(`${wanted}-`);
}

async function run(benchmark: Benchmark, url: string, rounds: number): Promise<Result> {
  const remove = await benchmark.prepare?.(url);
  try {
    const effort: Effort = {
      rounds,
      calls: fewerCalls.get(benchmark.name) ?? 200,
      turns: benchmark.throughput ? 40 : 0,
    };
    const figures = await (benchmark.throughput ? inProcesses : inOneProcess)(
      benchmark,
      url,
      effort,
    );
    return { benchmark, figures };
  } finally {
    await remove?.();
  }
}

/** Variants of this project's own calls, which a program would make from one process too. */
async function inOneProcess(benchmark: Benchmark, url: string, effort: Effort) {
  const clients = await openClients(url);
  try {
    const { contestants, samples } = await checked(benchmark, clients);
    return await measure(contestants, samples, effort);
  } finally {
    await clients.close();
  }
}

/** Libraries against one another, each in a process of its own. */
async function inProcesses(benchmark: Benchmark, url: string, effort: Effort) {
  const clients = await openClients(url);
  const { contestants, samples } = await checked(benchmark, clients).finally(() => clients.close());
  const processes: ContestantProcess[] = [];
  try {
    for (const { name } of contestants) {
      const start = { url, benchmark: benchmark.name, contestant: name, samples: [...samples] };
      processes.push(await startContestant(start));
    }
    return await measureTurns(processes, effort);
  } finally {
    await Promise.all(processes.map((each) => each.close()));
  }
}

async function checked(benchmark: Benchmark, clients: Clients) {
  const samples = await benchmark.samples(clients);
  const contestants = benchmark.contestants(clients);
  await requireEqualResults(benchmark, contestants, spreadOver(samples, 30));
  return { contestants, samples };
}

/** From everywhere among them, because samples differ in kind; 37 apart, which no count of kinds divides. */
function spreadOver<P>(samples: readonly P[], count: number): P[] {
  return Array.from({ length: count }, (_, n) => samples[(n * 37) % samples.length]).filter(
    (sample) => sample !== undefined,
  );
}

/** A fast wrong answer must not win. */
async function requireEqualResults(
  { name, comparable }: Benchmark,
  contestants: readonly Contestant<unknown>[],
  samples: readonly unknown[],
): Promise<void> {
  for (const sample of samples) {
    const results: unknown[] = [];
    for (const contestant of contestants) results.push(comparable(await contestant.run(sample)));
    for (const [index, result] of results.entries()) {
      if (isDeepStrictEqual(result, results[0])) continue;
      throw new Error(
        `${name}: ${contestants[index]?.name} and ${contestants[0]?.name} disagree on ${JSON.stringify(sample)}.`,
      );
    }
  }
}
