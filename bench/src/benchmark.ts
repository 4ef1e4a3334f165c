import type { Clients } from './clients.ts';
import type { Contestant } from './turns.ts';

/** One comparison: the first contestant is what the others are measured against. */
export interface Benchmark<P = unknown> {
  readonly name: string;
  readonly title: string;
  /** The figure wanted, and its base. */
  readonly about: string;
  readonly throughput: boolean;
  /** Needs nothing of the seeded server, and runs when that is gone. */
  readonly ownServer?: boolean;
  /** Makes what only this benchmark needs, before any pool is open; returns how to remove it. */
  prepare?(url: string): Promise<() => Promise<void>>;
  /** The input of each call, drawn from the seeded data. */
  samples(clients: Clients): Promise<P[]>;
  contestants(clients: Clients): Contestant<P>[];
  /** Makes results comparable; they must be equal before anything is timed. */
  comparable(result: unknown): unknown;
  /** The goals of this project, by contestant. */
  readonly targets?: readonly Target[];
}

export interface Target {
  readonly contestant: string;
  /** `latency` in microseconds, the others as ratios to the base. */
  readonly figure: 'latency' | 'latencyRatio' | 'throughputRatio' | 'cpuRatio';
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** Targets of a hot query against the same SQL in raw postgres.js. */
export const hotTargets = (latency = 1.15): readonly Target[] => [
  { contestant: 'this project', figure: 'latencyRatio', atMost: latency },
  { contestant: 'this project', figure: 'throughputRatio', atLeast: 0.95 },
  { contestant: 'this project', figure: 'cpuRatio', atMost: 1.1 },
];

/** Rows of a list, without what only some contestants add, dates as text. */
export function rowsOf(result: unknown): unknown {
  const rows = isPage(result) ? result.items : result;
  return JSON.parse(
    JSON.stringify(rows, (key, value) => (key === 'cursorKey' ? undefined : value)),
  );
}

function isPage(value: unknown): value is { items: unknown[] } {
  return typeof value === 'object' && value !== null && 'items' in value;
}
