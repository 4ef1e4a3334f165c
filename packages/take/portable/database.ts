import { is, type SQL } from 'drizzle-orm';
import { type PgDatabase, type PgQueryResultHKT, PgTransaction } from 'drizzle-orm/pg-core';

type Handle = PgDatabase<PgQueryResultHKT, Record<string, unknown>>;

/** An open transaction, for functions whose statements must commit together with the caller's. */
export type Transaction<_Schema = unknown> = Pick<
  Handle,
  | '$count'
  | '$with'
  | 'delete'
  | 'execute'
  | 'insert'
  | 'select'
  | 'selectDistinct'
  | 'update'
  | 'with'
> & {
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
};

/** The first argument of query functions: Drizzle over any PostgreSQL driver, or an open transaction. */
export type Database<_Schema = unknown> = Omit<Transaction, 'transaction'> & {
  transaction<T>(
    work: (tx: Transaction) => Promise<T>,
    config?: Parameters<Handle['transaction']>[1],
  ): Promise<T>;
};

export type Db = Database;
export type Tx = Transaction;

export interface TransactionOptions {
  /** Default: the server's, `read committed`. */
  readonly isolation?: 'read committed' | 'repeatable read' | 'serializable' | undefined;
  readonly readOnly?: boolean | undefined;
  /** How often to run the whole transaction again after a deadlock or a serialization failure; default 5. */
  readonly retries?: number | undefined;
}

/** A deadlock, a serialization failure: the same transaction may well succeed when it is run again. */
const retried = new Set(['40P01', '40001']);

/**
 * Runs `work` in one transaction: all of its writes are kept, or none.
 *
 * A deadlock (40P01) or a serialization failure (40001) runs the whole `work` again after a short
 * random pause, and nothing else does; so `work` must have no effect outside the database. Called with
 * a transaction, it opens a savepoint and leaves retrying to the outermost call, since a failed
 * statement has already aborted that one.
 *
 * @param db the pool's handle, or an open transaction
 * @param work gets the transaction; it must not use `db` itself
 * @returns what `work` returns
 */
export async function transaction<T>(
  db: Database,
  work: (tx: Transaction) => Promise<T>,
  { isolation, readOnly, retries = 5 }: TransactionOptions = {},
): Promise<T> {
  if (is(db, PgTransaction)) return db.transaction(work);
  const config = {
    ...(isolation && { isolationLevel: isolation }),
    ...(readOnly && { accessMode: 'read only' as const }),
  };
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await db.transaction(work, Object.keys(config).length > 0 ? config : undefined);
    } catch (error) {
      const failed = [...causes(error)].some((cause) => retried.has(textOf(cause, 'code') ?? ''));
      if (!failed || attempt >= retries) throw error;
      const pause = Math.random() * Math.min(10 * 2 ** attempt, 500);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

/**
 * Runs a statement that Drizzle's builder cannot express.
 *
 * @returns its rows, which postgres.js gives as an array and other drivers in `rows`; their type is the
 *   caller's word, as with `db.execute`
 */
export async function executeRows<R extends Record<string, unknown>, _Schema = unknown>(
  db: Pick<Database, 'execute'>,
  query: SQL,
): Promise<R[]> {
  const result: unknown = await db.execute(query);
  return Array.isArray(result) ? result : Reflect.get(Object(result), 'rows');
}

/** The server's error code behind an error, such as `55P03`; undefined when no server gave one. */
export function sqlstateOf(error: unknown): string | undefined {
  for (const cause of causes(error)) {
    const code = textOf(cause, 'code');
    if (code !== undefined && /^[0-9A-Z]{5}$/.test(code)) return code;
  }
  return undefined;
}

/** The server's details about a violated constraint. */
export interface Violation {
  readonly constraint: string;
  readonly sqlstate: string | undefined;
}

/**
 * Runs a write and gives its constraint violations the domain's own names. Matches by constraint
 * *name*: any other violation passes through.
 *
 * @param work the write, as a promise or as a function that starts it
 * @param errors for each constraint name, the error to throw instead
 */
export async function mapConstraints<T>(
  work: PromiseLike<T> | (() => PromiseLike<T>),
  errors: Readonly<Record<string, (violation: Violation) => Error>>,
): Promise<T> {
  try {
    return await (typeof work === 'function' ? work() : work);
  } catch (error) {
    for (const cause of causes(error)) {
      // postgres.js calls it constraint_name, node-postgres and PGlite call it constraint.
      const constraint = textOf(cause, 'constraint_name') ?? textOf(cause, 'constraint');
      if (constraint === undefined || !Object.hasOwn(errors, constraint)) continue;
      const replaced = errors[constraint]?.({ constraint, sqlstate: textOf(cause, 'code') });
      if (replaced) throw replaced;
    }
    throw error;
  }
}

/** The row that a statement gives in every case, such as an insert without a condition. */
export function onlyRow<T>(rows: readonly T[]): T {
  const [row] = rows;
  if (row === undefined || rows.length > 1)
    throw new Error(`Expected one row, got ${rows.length}.`);
  return row;
}

/** An error and everything down its `cause` chain, each once: Drizzle wraps the driver's own. */
function* causes(error: unknown): Generator<unknown> {
  const seen = new Set<unknown>();
  for (
    let current = error;
    current instanceof Error && !seen.has(current);
    current = current.cause
  ) {
    seen.add(current);
    yield current;
  }
}

function textOf(error: unknown, field: string): string | undefined {
  const value: unknown = Reflect.get(Object(error), field);
  return typeof value === 'string' ? value : undefined;
}
