import { Stream } from 'node:stream';
import type { Logger } from 'pino';
import type { Awaited, Deadlines } from './deadlines.ts';
import type { UnavailableError } from './errors.ts';
import { assertUsable, type Frame } from './scope.ts';
import { isDriverError, toDbError } from './server-errors.ts';
import {
  captureCaller,
  type StatementCaller,
  type StatementEnd,
  type TraceStatement,
} from './trace.ts';

/** The state that the handles of one client share. */
export interface Pool {
  readonly deadlines: Deadlines;
  readonly logger: Logger | undefined;
  readonly slowQueryMs: number;
  readonly onStatement: ((text: string) => void) | undefined;
  readonly trace: TraceStatement | undefined;
  readonly prepare: boolean;
}

/** The part of postgres.js's query object that settles it. */
export interface DriverQuery extends Promise<unknown> {
  readonly strings: readonly string[];
  readonly string?: string;
  /** Set once the statement is on a connection. */
  readonly state: object | null;
  /** The prepared statement, once the server has described it. */
  readonly statement?: { readonly types?: readonly number[] } | null;
  /** The error for which the driver prepared the statement again, which a transaction then refuses. */
  readonly retried?: unknown;
  handler(query: DriverQuery): void;
  resolve(result: unknown): void;
  reject(error: unknown): void;
  cancel(): void;
  cursor(...args: unknown[]): unknown;
  forEach(take: (...args: unknown[]) => unknown): unknown;
  values(): DriverQuery;
  watch?: Watch;
}

export function isDriverQuery(value: unknown): value is DriverQuery {
  return value instanceof Promise && 'handler' in value && 'reject' in value;
}

/**
 * Gives a statement its deadline, its slow-query line, and errors without values. It replaces the
 * driver's settling functions, which costs no further promise. The replacements are shared and read
 * their state from the query, which costs no closures.
 */
export function watch(query: DriverQuery, pool: Pool, frame: Frame | undefined): DriverQuery {
  query.watch = new Watch(query, pool, frame);
  if (pool.trace) query.watch.caller = captureCaller(watch);
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
  caller: StatementCaller | undefined;
  ended: ((end: StatementEnd) => void) | undefined;
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
    this.refuse(error);
    // Still waiting for a connection: take it out of the queue, so that it never runs.
    if (this.query.state === null && this.frame === undefined) this.query.cancel();
  }

  /** Rejects what the caller waits for, which in a cursor is the batch. */
  refuse(error: unknown) {
    const { query } = this;
    if (query.reject === fail) this.reject.call(query, error);
    else query.reject(error);
  }

  /** Stops the deadline while the caller is busy with a batch. */
  pause() {
    this.pool.deadlines.end(this);
  }

  /** Gives the next batch a deadline of its own. */
  resume() {
    if (this.startedAt === 0) return;
    this.pool.deadlines.end(this);
    this.pool.deadlines.start(this, performance.now());
  }

  /** The error for the caller, which is also the cause of every 25P02 that follows in its transaction. */
  failed(error: unknown): unknown {
    const failure = toDbError(error, {
      text: textOf(this.query),
      sent: this.query.state !== null,
      stale: this.query.retried !== undefined,
    });
    if (this.frame) this.frame.failure ??= failure;
    return failure;
  }

  /** @param result of the driver; undefined when the statement failed */
  settle(result?: unknown) {
    this.pool.deadlines.end(this);
    if (this.startedAt === 0) return;
    const ms = performance.now() - this.startedAt;
    this.startedAt = 0;
    if (this.ended) tellEnd(this.ended, this.query, { ms, result });
    if (ms >= this.pool.slowQueryMs) logSlow(this.pool.logger, this.query, ms);
  }
}

function start(this: DriverQuery, query: DriverQuery) {
  const { watch } = query;
  if (!watch) return;
  try {
    assertUsable(watch.pool, watch.frame);
    watch.pool.onStatement?.(textOf(query));
    if (watch.caller) watch.ended = watch.pool.trace?.(textOf(query), watch.caller);
  } catch (error) {
    watch.refuse(error);
    return;
  }
  watch.startedAt = performance.now();
  watch.pool.deadlines.start(watch, watch.startedAt);
  watch.handler(query);
}

function succeed(this: DriverQuery, result: unknown) {
  const { watch } = this;
  if (!watch) return;
  watch.settle(result ?? null);
  watch.resolve.call(this, result instanceof Stream ? quietStream(result) : result);
}

function fail(this: DriverQuery, error: unknown) {
  const { watch } = this;
  if (!watch) return;
  watch.settle();
  watch.reject.call(this, watch.failed(error));
}

function tellEnd(
  ended: (end: StatementEnd) => void,
  query: DriverQuery,
  { ms, result }: { ms: number; result: unknown },
) {
  const count: unknown = Array.isArray(result) ? Reflect.get(result, 'count') : undefined;
  ended({
    text: textOf(query),
    ms,
    rows: typeof count === 'number' ? count : undefined,
    parameterTypes: [...(query.statement?.types ?? [])],
    failed: result === undefined,
  });
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
