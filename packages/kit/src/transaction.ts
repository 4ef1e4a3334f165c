import { setTimeout as sleep } from 'node:timers/promises';
import { causes } from './causes.ts';
import type { Database, Transaction } from './database.ts';
import { isTransaction, sessionOf } from './drizzle-internals/handle.ts';
import { DbError } from './errors.ts';

export interface TransactionOptions {
  /** Default: the server's, `read committed`. */
  readonly isolation?: 'read committed' | 'repeatable read' | 'serializable' | undefined;
  readonly readOnly?: boolean | undefined;
  /** How often to run the whole transaction again after a deadlock or a serialization failure; default 5. */
  readonly retries?: number | undefined;
}

/** Every connection of the largest pool may hold a statement that is out of date. */
const mostStale = 500;

/**
 * Runs `work` in one transaction: all of its writes are kept, or none.
 *
 * It runs the whole `work` again after a deadlock (40P01) or a serialization failure (40001),
 * following a short random pause, and at once after a prepared statement whose table has changed.
 * So `work` must have no effect outside the database. Called with a transaction, it opens a
 * savepoint: retries, isolation and access are those of the outermost call.
 *
 * @param db the pool's handle, or an open transaction
 * @param work gets the transaction; using `db` itself inside is a `UsageError`
 * @returns what `work` returns
 * @throws UsageError for a handle that `createClient` did not make, because only its clients keep
 *   these promises
 */
export async function transaction<S extends Record<string, unknown>, T>(
  db: Database<S>,
  work: (tx: Transaction<S>) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  sessionOf(db, 'transaction()');
  if (isTransaction(db)) return db.transaction(work);

  const { isolation, readOnly, retries = 5 } = options;
  const config = {
    ...(isolation && { isolationLevel: isolation }),
    ...(readOnly && { accessMode: 'read only' as const }),
  };
  for (let attempt = 0, stale = 0; ; ) {
    try {
      return await db.transaction(work, Object.keys(config).length > 0 ? config : undefined);
    } catch (error) {
      const retry = retryOf(error);
      if (retry === 'at once' && stale++ < mostStale) continue;
      if (retry !== 'later' || attempt >= retries) throw error;
      await sleep(Math.random() * Math.min(10 * 2 ** attempt++, 500));
    }
  }
}

function retryOf(error: unknown): DbError['retry'] {
  for (const cause of causes(error)) {
    if (cause instanceof DbError && cause.retry) return cause.retry;
  }
  return undefined;
}
