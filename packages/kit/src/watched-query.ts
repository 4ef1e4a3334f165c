import { Stream } from 'node:stream';
import type { Logger } from 'pino';
import type { Awaited, Deadlines } from './deadlines.ts';
import type { UnavailableError } from './errors.ts';
import { assertUsable, type Frame } from './scope.ts';
import { isDriverError, toDbError } from './server-errors.ts';

/** What the handles of one client share. */
export interface Pool {
  readonly deadlines: Deadlines;
  readonly logger: Logger | undefined;
  readonly slowQueryMs: number;
  readonly onStatement: ((text: string) => void) | undefined;
  readonly prepare: boolean;
}

/** The part of postgres.js's query object that settles it. */
export interface DriverQuery extends Promise<unknown> {
  readonly strings: readonly string[];
  readonly string?: string;
  /** Set once the statement is on a connection. */
  readonly state: object | null;
  /** The error for which the driver prepared the statement again, which a transaction then refuses. */
  readonly retried?: unknown;
  handler(query: DriverQuery): void;
  resolve(result: unknown): void;
  reject(error: unknown): void;
  cancel(): void;
  cursor(...args: unknown[]): unknown;
  values(): DriverQuery;
  watch?: Watch;
}

export function isDriverQuery(value: unknown): value is DriverQuery {
  return value instanceof Promise && 'handler' in value && 'reject' in value;
}

/**
 * Gives a statement its deadline, its slow-query line, and errors without values. It replaces the
 * functions by which the driver settles it, so that it costs no further promise; they are shared and
 * find what they need on the query, so that it costs no closures either.
 */
export function watch(query: DriverQuery, pool: Pool, frame: Frame | undefined): DriverQuery {
  query.watch = new Watch(query, pool, frame);
  query.handler = start;
  query.resolve = succeed;
  query.reject = fail;
  return query;
}

class Watch implements Awaited {
  readonly query: DriverQuery;
  readonly pool: Pool;
  readonly frame: Frame | undefined;
  readonly handler: DriverQuery['handler'];
  readonly resolve: DriverQuery['resolve'];
  readonly reject: DriverQuery['reject'];
  startedAt = 0;
  due = 0;
  earlier: Awaited | undefined;
  later: Awaited | undefined;

  constructor(query: DriverQuery, pool: Pool, frame: Frame | undefined) {
    this.query = query;
    this.pool = pool;
    this.frame = frame;
    this.handler = query.handler;
    this.resolve = query.resolve;
    this.reject = query.reject;
  }

  expire(error: UnavailableError) {
    this.reject.call(this.query, error);
    // Still waiting for a connection: take it out of the queue, so that it never runs.
    if (this.query.state === null && this.frame === undefined) this.query.cancel();
  }

  settle() {
    this.pool.deadlines.end(this);
    if (this.startedAt === 0) return;
    const ms = performance.now() - this.startedAt;
    if (ms >= this.pool.slowQueryMs) logSlow(this.pool.logger, this.query, ms);
  }
}

function start(this: DriverQuery, query: DriverQuery) {
  const { watch } = query;
  if (!watch) return;
  try {
    assertUsable(watch.pool, watch.frame);
    watch.pool.onStatement?.(textOf(query));
  } catch (error) {
    watch.reject.call(query, error);
    return;
  }
  watch.startedAt = performance.now();
  watch.pool.deadlines.start(watch, watch.startedAt);
  watch.handler(query);
}

function succeed(this: DriverQuery, result: unknown) {
  const { watch } = this;
  if (!watch) return;
  watch.settle();
  watch.resolve.call(this, result instanceof Stream ? quietStream(result) : result);
}

function fail(this: DriverQuery, error: unknown) {
  const { watch } = this;
  if (!watch) return;
  watch.settle();
  const failure = toDbError(error, {
    text: textOf(this),
    sent: this.state !== null,
    stale: this.retried !== undefined,
  });
  if (watch.frame) watch.frame.failure ??= failure;
  watch.reject.call(this, failure);
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
