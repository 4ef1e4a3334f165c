import { setTimeout as sleep } from 'node:timers/promises';
import { is } from 'drizzle-orm';
import { PgTransaction } from 'drizzle-orm/pg-core';
import { causes } from './causes.ts';
import type { Database, Transaction } from './database.ts';
import { DbError } from './errors.ts';

export interface TransactionOptions {
  /** Default: the server's, `read committed`. */
  readonly isolation?: 'read committed' | 'repeatable read' | 'serializable' | undefined;
  readonly readOnly?: boolean | undefined;
  /** How often to run the whole transaction again after a deadlock or a serialization failure; default 5. */
  readonly retries?: number | undefined;
}

/** serialization_failure and deadlock_detected: the two that PostgreSQL asks the client to retry. */
const retryable = new Set(['40001', '40P01']);

/**
 * Runs `work` in one transaction: all of its writes are kept, or none.
 *
 * A deadlock (40P01) or a serialization failure (40001) runs the whole `work` again after a short
 * random pause, and nothing else does; so `work` must have no effect outside the database. Called
 * with a transaction, it opens a savepoint and leaves retrying to the outermost call, since a
 * failed statement has already aborted that one.
 *
 * @param db the pool's handle, or an open transaction
 * @param work gets the transaction; using `db` itself inside is a `UsageError`
 * @returns what `work` returns
 */
export async function transaction<S extends Record<string, unknown>, T>(
  db: Database<S>,
  work: (tx: Transaction<S>) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  if (is(db, PgTransaction)) return db.transaction(work);

  const { isolation, readOnly, retries = 5 } = options;
  const config = {
    ...(isolation && { isolationLevel: isolation }),
    ...(readOnly && { accessMode: 'read only' as const }),
  };
  for (let attempt = 0; ; attempt++) {
    try {
      return await db.transaction(work, Object.keys(config).length > 0 ? config : undefined);
    } catch (error) {
      if (attempt >= retries || !isRetryable(error)) throw error;
      await sleep(Math.random() * Math.min(10 * 2 ** attempt, 500));
    }
  }
}

function isRetryable(error: unknown): boolean {
  for (const cause of causes(error)) {
    if (cause instanceof DbError && cause.sqlstate !== undefined && retryable.has(cause.sqlstate)) {
      return true;
    }
  }
  return false;
}
