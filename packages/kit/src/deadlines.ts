import { UnavailableError } from './errors.ts';

/** An entry that must settle by the deadline; also a node of the linked list it waits in. */
export interface Awaited {
  expire(error: UnavailableError): void;
  due: number;
  earlier: Awaited | undefined;
  later: Awaited | undefined;
}

/**
 * Rejects each entry that has waited longer than the client's deadline. One timer serves all,
 * because entries of one duration expire in the order of arrival. A linked list is faster than a
 * Map, and every statement passes through it.
 */
export function createDeadlines(ms: number) {
  let first: Awaited | undefined;
  let last: Awaited | undefined;
  let timer: NodeJS.Timeout | undefined;

  function sweep() {
    timer = undefined;
    const now = performance.now();
    while (first && first.due <= now) {
      const expired = first;
      end(expired);
      expired.expire(
        new UnavailableError(
          `No answer within ${ms} ms; a write in flight may or may not be stored (DEADLINE).`,
          { sqlstate: 'DEADLINE' },
        ),
      );
    }
    if (first) schedule(first.due - now);
  }

  function schedule(delay: number) {
    if (timer === undefined) timer = setTimeout(sweep, delay + 1).unref();
  }

  function end(entry: Awaited) {
    if (entry.due === 0) return;
    if (entry.earlier) entry.earlier.later = entry.later;
    else first = entry.later;
    if (entry.later) entry.later.earlier = entry.earlier;
    else last = entry.earlier;
    entry.due = 0;
    entry.earlier = undefined;
    entry.later = undefined;
  }

  return {
    /** @param now the time, which the caller has just read */
    start(entry: Awaited, now: number) {
      if (ms === 0) return;
      entry.due = now + ms;
      entry.earlier = last;
      if (last) last.later = entry;
      else first = entry;
      last = entry;
      schedule(ms);
    },
    end,
  };
}

export type Deadlines = ReturnType<typeof createDeadlines>;
