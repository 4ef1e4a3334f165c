import type postgres from 'postgres';
import type { Awaited } from './deadlines.ts';
import { DbError, type UnavailableError } from './errors.ts';
import { guardedCursor, guardedForEach } from './guarded-callbacks.ts';
import { sendable, sendableArguments } from './parameters.ts';
import { assertUsable, currentFrame, type Frame, inFrame } from './scope.ts';
import { isDriverError, toDbError } from './server-errors.ts';
import { isDriverQuery, type Pool, watch } from './watched-query.ts';

const guarded = Symbol.for('@reference/kit guarded sql');

/** True for a handle that `guardSql` made, also in another copy of this package. */
export const isGuarded = (sql: object): boolean => Reflect.get(sql, guarded) === true;

type Override = (...args: never[]) => unknown;

/**
 * postgres.js's handle with this package's promises: typed errors without values, deadlines, checked
 * parameters, and handles that know their transaction. Its API and types stay postgres.js's own.
 *
 * @param frame the transaction the handle belongs to, or undefined for the pool's
 */
export function guardSql<T extends postgres.ISql>(sql: T, pool: Pool, frame?: Frame): T {
  const overrides = overridesFor(sql, pool, frame);
  return new Proxy(sql, {
    apply(target, self, args: unknown[]) {
      const [first, ...values] = args;
      if (!isTemplate(first)) return Reflect.apply(target, self, args);
      return watched(
        Reflect.apply(target, self, [first, ...sendableArguments(values)]),
        pool,
        frame,
      );
    },
    get: (target, key) =>
      key === guarded || (overrides.get(key) ?? Reflect.get(target, key, target)),
  });
}

function overridesFor(sql: postgres.ISql, pool: Pool, frame: Frame | undefined) {
  const overrides = new Map<string | symbol, Override>();
  overrides.set('unsafe', (text: string, values: unknown[] = [], options: object = {}) =>
    watched(
      Reflect.apply(sql.unsafe, sql, [
        text,
        sendable(values),
        { prepare: pool.prepare, ...options },
      ]),
      pool,
      frame,
    ),
  );
  // As text, because the serializer for json must leave alone what Drizzle has already encoded.
  overrides.set('json', (value: unknown) => sql.typed(JSON.stringify(value), 3802));
  for (const name of ['begin', 'savepoint']) {
    const open: unknown = Reflect.get(sql, name);
    if (typeof open !== 'function') continue;
    overrides.set(name, (...args: unknown[]) => {
      const work = args.pop();
      if (typeof work !== 'function') throw new TypeError(`sql.${name} needs a function.`);
      return runTransaction(
        (callback) => Reflect.apply(open, sql, [...args, callback]),
        async (inner, innerFrame) => {
          const result: unknown = await Reflect.apply(work, undefined, [
            guardSql(inner, pool, innerFrame),
          ]);
          return Array.isArray(result) ? Promise.all(result) : result;
        },
        pool,
        frame,
      );
    });
  }
  const reserve: unknown = Reflect.get(sql, 'reserve');
  if (typeof reserve === 'function') {
    overrides.set('reserve', async () => {
      assertUsable(pool, frame);
      try {
        return await withinDeadline(pool, async (opened) => {
          const reserved: postgres.ReservedSql = await Reflect.apply(reserve, sql, []);
          try {
            opened();
          } catch (error) {
            reserved.release();
            throw error;
          }
          return guardSql(reserved, pool);
        });
      } catch (error) {
        throw toDbError(error, { text: undefined });
      }
    });
  }
  return overrides;
}

function watched(query: unknown, pool: Pool, frame: Frame | undefined): unknown {
  if (!isDriverQuery(query)) return query;
  watch(query, pool, frame);
  query.cursor = guardedCursor;
  query.forEach = guardedForEach;
  return query;
}

/**
 * Runs a callback in a transaction or savepoint that the driver opens.
 *
 * @param open the driver's begin or savepoint
 * @param work gets the driver's handle and the frame that its statements belong to
 */
async function runTransaction<T>(
  open: (callback: (sql: postgres.TransactionSql) => Promise<T>) => Promise<unknown>,
  work: (sql: postgres.TransactionSql, frame: Frame) => Promise<T>,
  pool: Pool,
  parent: Frame | undefined,
): Promise<T> {
  assertUsable(pool, parent);
  const frame: Frame = {
    pool,
    parent: parent ?? currentFrame(),
    ended: false,
    failure: undefined,
  };
  let sent = false;
  try {
    return await withinDeadline(pool, async (opened) => {
      const done: { result?: T } = {};
      await open(async (sql) => {
        sent = true;
        opened();
        const result = await inFrame(frame, () => work(sql, frame));
        done.result = result;
        return result;
      });
      return done.result as T;
    });
  } catch (error) {
    const failure = isDriverError(error) ? toDbError(error, { text: undefined, sent }) : error;
    const onAborted = failure instanceof DbError && failure.sqlstate === '25P02';
    throw (onAborted && frame.failure) || failure;
  }
}

/** Rejects if the driver has not called `opened` by the deadline, and refuses a later opening. */
function withinDeadline<T>(pool: Pool, run: (opened: () => void) => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    let expired: UnavailableError | undefined;
    const waiting: Awaited = {
      due: 0,
      earlier: undefined,
      later: undefined,
      expire(error) {
        expired = error;
        reject(error);
      },
    };
    const opened = () => {
      pool.deadlines.end(waiting);
      if (expired) throw expired;
    };
    pool.deadlines.start(waiting, performance.now());
    run(opened)
      .finally(() => pool.deadlines.end(waiting))
      .then(resolve, reject);
  });
}

const isTemplate = (value: unknown): boolean => Array.isArray(value) && 'raw' in value;
