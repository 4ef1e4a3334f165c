import { UnavailableError } from './errors.ts';

/** Something that must settle by the deadline. */
export interface Awaited {
  expire(error: UnavailableError): void;
}

/**
 * Rejects what has waited longer than the client's deadline. One timer for all: with one duration
 * for every entry, insertion order is expiry order.
 */
export function createDeadlines(ms: number) {
  const waiting = new Map<Awaited, number>();
  let timer: NodeJS.Timeout | undefined;

  function sweep() {
    timer = undefined;
    const now = performance.now();
    for (const [entry, due] of waiting) {
      if (due > now) {
        timer = setTimeout(sweep, due - now + 1).unref();
        return;
      }
      waiting.delete(entry);
      entry.expire(
        new UnavailableError(
          `No answer within ${ms} ms; a write in flight may or may not be stored (DEADLINE).`,
          { sqlstate: 'DEADLINE' },
        ),
      );
    }
  }

  return {
    start(entry: Awaited) {
      if (ms === 0) return;
      waiting.set(entry, performance.now() + ms);
      if (timer === undefined) timer = setTimeout(sweep, ms + 1).unref();
    },
    end(entry: Awaited) {
      waiting.delete(entry);
    },
  };
}

export type Deadlines = ReturnType<typeof createDeadlines>;
