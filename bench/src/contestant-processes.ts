import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { Rate, Turns } from './turns.ts';

/** The first message to a contestant's process. */
export interface Start {
  readonly url: string;
  readonly benchmark: string;
  readonly contestant: string;
  readonly samples: readonly unknown[];
}

export interface Turn {
  readonly kind: 'latency' | 'throughput';
  readonly from: number;
  readonly calls: number;
}

/** The answer to each message. */
export type Answer = { readonly value?: unknown } | { readonly error: string };

export interface ContestantProcess extends Turns {
  close(): Promise<void>;
}

/**
 * Starts a process for one contestant. Its code is then the only code that the compiler knows, as in a
 * program that uses this one way; in one process with others, what they share is compiled for all of them.
 */
export async function startContestant(start: Start): Promise<ContestantProcess> {
  const child = fork(new URL('./contestant-process.ts', import.meta.url), {
    serialization: 'advanced',
  });
  const ask = async <T>(message: Start | Turn): Promise<T> => {
    const settled = new AbortController();
    const died = once(child, 'exit', { signal: settled.signal }).then(([code]) => {
      throw new Error(`The process of ${start.contestant} ended with ${code}.`);
    });
    try {
      const answered = once(child, 'message', { signal: settled.signal });
      child.send(message);
      const [answer]: [Answer] = (await Promise.race([answered, died])) as [Answer];
      if ('error' in answer) throw new Error(`${start.contestant}: ${answer.error}`);
      return answer.value as T;
    } finally {
      died.catch(() => {});
      settled.abort();
    }
  };
  await ask(start);
  return {
    name: start.contestant,
    latency: (from, calls) => ask<number[]>({ kind: 'latency', from, calls }),
    throughput: (from) => ask<Rate>({ kind: 'throughput', from, calls: 0 }),
    async close() {
      const exit = once(child, 'exit');
      child.disconnect();
      await exit;
    },
  };
}
