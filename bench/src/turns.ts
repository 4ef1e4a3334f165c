import { collectGarbage } from './garbage.ts';

/** One way to do what a benchmark measures. */
export interface Contestant<P> {
  readonly name: string;
  run(params: P): Promise<unknown>;
}

export interface Rate {
  readonly callsPerSecond: number;
  /** Microseconds of the process. */
  readonly cpuPerCall: number;
}

/** A contestant's turns, in whatever process its calls run. */
export interface Turns {
  readonly name: string;
  /**
   * One call after the other.
   *
   * @param from index of the first sample
   * @returns microseconds of each call
   */
  latency(from: number, calls: number): Promise<number[]>;
  /** A block of calls at once. */
  throughput(from: number): Promise<Rate>;
}

const concurrency = 16;
/** How long a block of throughput lasts: short, because the machine's own speed drifts within a minute. */
const blockMs = 100;

export function inThisProcess<P>(contestant: Contestant<P>, samples: readonly P[]): Turns {
  const sampleAt = (index: number): P => {
    const sample = samples[index % samples.length];
    if (sample === undefined) throw new Error('A benchmark has no samples.');
    return sample;
  };
  return {
    name: contestant.name,
    async latency(from, calls) {
      const times: number[] = [];
      for (let call = from; call < from + calls; call++) {
        const params = sampleAt(call);
        const started = performance.now();
        await contestant.run(params);
        times.push((performance.now() - started) * 1000);
      }
      return times;
    },
    async throughput(from) {
      // The young generation alone: a whole collection goes on in other threads, whose time the next
      // would be charged with.
      collectGarbage({ type: 'minor' });
      let next = from;
      const cpuBefore = process.cpuUsage();
      const started = performance.now();
      const worker = async () => {
        while (performance.now() - started < blockMs) await contestant.run(sampleAt(next++));
      };
      await Promise.all(Array.from({ length: concurrency }, worker));
      const seconds = (performance.now() - started) / 1000;
      const { user, system } = process.cpuUsage(cpuBefore);
      const calls = next - from;
      return { callsPerSecond: calls / seconds, cpuPerCall: (user + system) / calls };
    },
  };
}
