import { is, type SQL } from 'drizzle-orm';
import type { Database } from './database.ts';
import { UsageError } from './errors.ts';
import { KitSession } from './session.ts';

/**
 * Runs one statement that the server plans for its values and does not keep, as `prepared` does with
 * `replan: true`: for one whose text is made for each call. `SET LOCAL plan_cache_mode` would reach the
 * statements too by which PostgreSQL checks foreign keys, and plan them anew for each row: 25 µs a row.
 *
 * @returns its rows, as the driver reads them
 */
export async function runReplanned<S extends Record<string, unknown>>(
  db: Database<S>,
  query: SQL,
): Promise<readonly Record<string, unknown>[]> {
  const { session } = db._;
  if (!is(session, KitSession)) {
    throw new UsageError('runReplanned() needs a handle that createClient made.');
  }
  const { statement } = session.queryOf(db.execute(query).getQuery());
  const rows = await session.runner.run({ ...statement, replan: true }, {});
  return Array.isArray(rows) ? rows : [];
}
