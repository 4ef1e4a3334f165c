import { type Contestant, inThisProcess, type Rate, type Turns } from './turns.ts';

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

/** Calls of one turn of latency: each of a pool of ten connections gets some, and is warm from the second on. */
const turnCalls = 50;
/** How far apart the first samples of two turns are. All blocks of a turn begin with the same. */
const blockSamples = 500;

/** Measures contestants that share this process, as `measureTurns` does. */
export const measure = <P>(
  contestants: readonly Contestant<P>[],
  samples: readonly P[],
  effort: Effort,
): Promise<Map<string, Figures>> =>
  measureTurns(
    contestants.map((contestant) => inThisProcess(contestant, samples)),
    effort,
  );

/**
 * Measures contestants against the first, interleaved: they take turns in shuffled order with the same
 * parameters, a few calls each for latency and short blocks for throughput. On a busy machine only the
 * ratios mean anything: of latency taken within a round, of throughput within a turn.
 */
export async function measureTurns(
  contestants: readonly Turns[],
  { rounds, calls, turns }: Effort,
): Promise<Map<string, Figures>> {
  const latencies = table(contestants);
  const throughputs: Map<string, Throughput>[] = [];
  // Both once for nothing: caches fill and the compiler gets to know the code.
  await latencyRound(contestants, calls);
  await throughputRound(contestants, turns);
  for (let round = 0; round < rounds; round++) {
    append(latencies, await latencyRound(contestants, calls));
    if (turns === 0) continue;
    throughputs.push(await throughputRound(contestants, turns));
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

async function latencyRound(
  contestants: readonly Turns[],
  calls: number,
): Promise<Map<string, number>> {
  const times = table(contestants);
  for (let from = 0; from < calls; from += turnCalls) {
    for (const contestant of shuffled(contestants)) {
      const taken = await contestant.latency(from, Math.min(turnCalls, calls - from));
      figureOf(times, contestant.name).push(...taken);
    }
  }
  return new Map([...times].map(([name, values]) => [name, medianOf(values)]));
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
async function throughputRound(
  contestants: readonly Turns[],
  turns: number,
): Promise<Map<string, Throughput>> {
  const taken: Map<string, Rate>[] = [];
  for (let turn = 0; turn < turns; turn++) {
    const rates = new Map<string, Rate>();
    for (const contestant of shuffled(contestants)) {
      rates.set(contestant.name, await contestant.throughput(turn * blockSamples));
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
