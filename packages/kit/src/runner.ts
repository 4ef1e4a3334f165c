import type postgres from 'postgres';
import { DbError } from './errors.ts';
import { runTransaction } from './guarded-sql.ts';
import { sendable } from './parameters.ts';
import type { Frame } from './scope.ts';
import type { Statement } from './statement.ts';
import { isDriverQuery, type Pool, watch } from './watched-query.ts';

/** Runs built statements on a pool or in one of its transactions. */
export interface Runner {
  run(statement: Statement, values: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** Several statements without parameters in one message, none of them prepared. */
  script(text: string): Promise<unknown>;
  /** A transaction, or a savepoint when the runner is a transaction's. */
  transaction<T>(work: (inner: Runner) => Promise<T>, options: string): Promise<T>;
}

export function createRunner(sql: postgres.Sql, pool: Pool): Runner {
  return runnerOf(sql, pool, undefined, (callback, options) => sql.begin(options, callback));
}

type Open = <T>(
  callback: (sql: postgres.TransactionSql) => Promise<T>,
  options: string,
) => Promise<unknown>;

function runnerOf(sql: postgres.ISql, pool: Pool, frame: Frame | undefined, open: Open): Runner {
  // `simple: false` because a statement without parameters would not be prepared otherwise.
  const options = { prepare: pool.prepare, simple: false };
  const unprepared = { prepare: false, simple: false };
  return {
    run({ text, bind, asArrays, read, replan }, values) {
      try {
        const parameters = sendable(bind(values)) as never[];
        const query: unknown = sql.unsafe(text, parameters, replan ? unprepared : options);
        if (!isDriverQuery(query)) throw new TypeError('The driver returned no query.');
        // Chained, not awaited: a driver's query is no plain promise, and awaiting it makes two more.
        if (!read) return watch(query, pool, frame).then(undefined, withCallersStack);
        return watch(asArrays ? query.values() : query, pool, frame).then(
          (rows) => (isRows(rows) ? read(rows) : rows),
          withCallersStack,
        );
      } catch (error) {
        return Promise.reject(error);
      }
    },
    async script(text) {
      const query: unknown = Reflect.apply(sql.unsafe, sql, [text, [], { simple: true }]);
      if (!isDriverQuery(query)) throw new TypeError('The driver returned no query.');
      return watch(query, pool, frame);
    },
    transaction: (work, options) =>
      runTransaction(
        (callback) => open(callback, options),
        (inner, innerFrame) =>
          work(runnerOf(inner, pool, innerFrame, (callback) => inner.savepoint(callback))),
        pool,
        frame,
      ),
  };
}

const isRows = (value: unknown): value is unknown[] => Array.isArray(value);

/** Made in the driver's callback; taken again here, the stack shows who ran the statement. */
function withCallersStack(error: unknown): never {
  if (error instanceof DbError) Error.captureStackTrace(error);
  throw error;
}
