import { Stream } from 'node:stream';
import type { Logger } from 'pino';
import type { Deadlines } from './deadlines.ts';
import type { UnavailableError } from './errors.ts';
import { assertUsable, type Frame } from './scope.ts';
import { isDriverError, toDbError } from './server-errors.ts';

/** What the handles of one client share. */
export interface Pool {
  readonly deadlines: Deadlines;
  readonly logger: Logger | undefined;
  readonly slowQueryMs: number;
  readonly prepare: boolean;
}

/** The part of postgres.js's query object that settles it. */
export interface DriverQuery extends Promise<unknown> {
  readonly strings: readonly string[];
  readonly string?: string;
  /** Set once the statement is on a connection. */
  readonly state: object | null;
  handler(query: DriverQuery): void;
  resolve(result: unknown): void;
  reject(error: unknown): void;
  cancel(): void;
  cursor(...args: unknown[]): unknown;
  values(): DriverQuery;
}

export function isDriverQuery(value: unknown): value is DriverQuery {
  return value instanceof Promise && 'handler' in value && 'reject' in value;
}

/**
 * Gives a statement its deadline, its slow-query line, and errors without values. It replaces the
 * functions by which the driver settles it, so that it costs no further promise.
 */
export function watch(query: DriverQuery, pool: Pool, frame: Frame | undefined): DriverQuery {
  const { handler, resolve, reject } = query;
  let startedAt = 0;
  const settle = () => {
    pool.deadlines.end(waiting);
    const ms = performance.now() - startedAt;
    if (startedAt > 0 && ms >= pool.slowQueryMs) logSlow(pool.logger, query, ms);
  };
  const waiting = {
    expire(error: UnavailableError) {
      reject(error);
      // Still waiting for a connection: take it out of the queue, so that it never runs.
      if (query.state === null && frame === undefined) query.cancel();
    },
  };
  query.handler = (self) => {
    startedAt = performance.now();
    try {
      assertUsable(pool, frame);
    } catch (error) {
      reject(error);
      return;
    }
    pool.deadlines.start(waiting);
    handler(self);
  };
  query.resolve = (result) => {
    settle();
    resolve(result instanceof Stream ? quietStream(result) : result);
  };
  query.reject = (error) => {
    settle();
    const failure = toDbError(error, { text: textOf(query) });
    if (frame) frame.failure ??= failure;
    reject(failure);
  };
  return query;
}

const textOf = (query: DriverQuery) => query.string ?? query.strings.join('…');

function logSlow(logger: Logger | undefined, query: DriverQuery, ms: number) {
  logger?.warn({ ms: Math.round(ms), query: textOf(query) }, 'slow query');
}

/** A COPY fails through its stream, and the server's error quotes the offending line. */
function quietStream(stream: Stream): Stream {
  if ('destroy' in stream && typeof stream.destroy === 'function') {
    const destroy = stream.destroy.bind(stream);
    Object.defineProperty(stream, 'destroy', {
      value: (error?: unknown) =>
        destroy(isDriverError(error) ? toDbError(error, { text: undefined }) : error),
    });
  }
  return stream;
}
