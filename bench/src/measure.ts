import { collectGarbage } from './garbage.ts';

/** One way to do what a benchmark measures. */
export interface Contestant<P> {
  readonly name: string;
  run(params: P): Promise<unknown>;
}

/** A contestant's figures. Times in microseconds, each the median over rounds, with the range. */
export interface Figures {
  readonly latency: Spread;
  readonly latencyRatio: Spread;
  readonly throughput?: Spread;
  readonly throughputRatio?: Spread;
  readonly cpu?: Spread;
  readonly cpuRatio?: Spread;
}

export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

export interface Effort {
  readonly rounds: number;
  /** Calls of each contestant in a round of latency. */
  readonly calls: number;
  /** Blocks of each contestant in a round of throughput; 0 leaves it out. */
  readonly turns: number;
}

const concurrency = 16;
/** How long a block of throughput lasts: short, because the machine's own speed drifts within a minute. */
const blockMs = 100;
/** How far apart the first samples of two turns are. All blocks of a turn begin with the same. */
const blockSamples = 500;

/**
 * Measures contestants against the first, interleaved: latency call by call in shuffled order with
 * the same parameters, throughput in short alternating blocks. On a busy machine only the ratios mean
 * anything: of latency taken within a round, of throughput within a turn.
 */
export async function measure<P>(
  contestants: readonly Contestant<P>[],
  samples: readonly P[],
  { rounds, calls, turns }: Effort,
): Promise<Map<string, Figures>> {
  const latencies = table(contestants);
  const throughputs: Map<string, Throughput>[] = [];
  // Both once for nothing: caches fill and the compiler gets to know the code.
  await latencyRound(contestants, samples, calls);
  await throughputRound(contestants, samples, turns);
  for (let round = 0; round < rounds; round++) {
    append(latencies, await latencyRound(contestants, samples, calls));
    if (turns === 0) continue;
    throughputs.push(await throughputRound(contestants, samples, turns));
  }
  const base = contestants[0]?.name ?? '';
  const over = (name: string, figure: keyof Throughput) =>
    spread(throughputs.map((round) => round.get(name)?.[figure] ?? Number.NaN));
  return new Map(
    contestants.map(({ name }) => [
      name,
      {
        latency: spread(latencies.get(name)),
        latencyRatio: ratio(latencies.get(name), latencies.get(base)),
        ...(turns > 0 && {
          throughput: over(name, 'callsPerSecond'),
          throughputRatio: over(name, 'rateRatio'),
          cpu: over(name, 'cpuPerCall'),
          cpuRatio: over(name, 'cpuRatio'),
        }),
      },
    ]),
  );
}

async function latencyRound<P>(
  contestants: readonly Contestant<P>[],
  samples: readonly P[],
  calls: number,
): Promise<Map<string, number>> {
  const times = table(contestants);
  for (let call = 0; call < calls; call++) {
    const params = sampleAt(samples, call);
    for (const contestant of shuffled(contestants)) {
      const started = performance.now();
      await contestant.run(params);
      figureOf(times, contestant.name).push((performance.now() - started) * 1000);
    }
  }
  return new Map([...times].map(([name, values]) => [name, medianOf(values)]));
}

interface Rate {
  readonly callsPerSecond: number;
  /** Microseconds of the process. */
  readonly cpuPerCall: number;
}

/** A round's medians over its turns. The ratios are to the first contestant's block of the same turn. */
interface Throughput extends Rate {
  readonly rateRatio: number;
  readonly cpuRatio: number;
}

/**
 * Blocks that take turns. A pause of the machine spoils one turn and not the round; and what makes it
 * faster or slower for a while does so to all blocks of a turn, and so hardly to their ratio.
 */
async function throughputRound<P>(
  contestants: readonly Contestant<P>[],
  samples: readonly P[],
  turns: number,
): Promise<Map<string, Throughput>> {
  const taken: Map<string, Rate>[] = [];
  for (let turn = 0; turn < turns; turn++) {
    const rates = new Map<string, Rate>();
    for (const contestant of shuffled(contestants)) {
      // The young generation alone: a whole collection goes on in other threads, whose time the next would be
      // charged with.
      collectGarbage({ type: 'minor' });
      rates.set(contestant.name, await throughputBlock(contestant, samples, turn * blockSamples));
    }
    taken.push(rates);
  }
  const base = contestants[0]?.name ?? '';
  const median = (of: (turn: Map<string, Rate>) => number) => medianOf(taken.map(of));
  return new Map(
    contestants.map(({ name }) => [
      name,
      {
        callsPerSecond: median((turn) => figureOf(turn, name).callsPerSecond),
        cpuPerCall: median((turn) => figureOf(turn, name).cpuPerCall),
        rateRatio: median(
          (turn) => figureOf(turn, name).callsPerSecond / figureOf(turn, base).callsPerSecond,
        ),
        cpuRatio: median(
          (turn) => figureOf(turn, name).cpuPerCall / figureOf(turn, base).cpuPerCall,
        ),
      },
    ]),
  );
}

async function throughputBlock<P>(
  contestant: Contestant<P>,
  samples: readonly P[],
  from: number,
): Promise<Rate> {
  let next = from;
  const cpuBefore = process.cpuUsage();
  const started = performance.now();
  const worker = async () => {
    while (performance.now() - started < blockMs) await contestant.run(sampleAt(samples, next++));
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  const calls = next - from;
  return { callsPerSecond: calls / seconds, cpuPerCall: (user + system) / calls };
}

const table = (contestants: readonly { name: string }[]) =>
  new Map<string, number[]>(contestants.map(({ name }) => [name, []]));

function figureOf<F>(figures: Map<string, F>, contestant: string): F {
  const figure = figures.get(contestant);
  if (figure === undefined) throw new Error(`No contestant ${contestant}.`);
  return figure;
}

function append(values: Map<string, number[]>, round: Map<string, number>) {
  for (const [name, value] of round) figureOf(values, name).push(value);
}

function sampleAt<P>(samples: readonly P[], index: number): P {
  const sample = samples[index % samples.length];
  if (sample === undefined) throw new Error('A benchmark has no samples.');
  return sample;
}

export function shuffled<T>(items: readonly T[]): T[] {
  const order = items.map((item) => ({ item, key: Math.random() }));
  return order.sort((a, b) => a.key - b.key).map(({ item }) => item);
}

export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function spread(values: readonly number[] = []): Spread {
  return { median: medianOf(values), low: Math.min(...values), high: Math.max(...values) };
}

function ratio(values: readonly number[] = [], base: readonly number[] = []): Spread {
  return spread(values.map((value, index) => value / (base[index] ?? Number.NaN)));
}
