import type { SQL } from 'drizzle-orm';
import type { Database } from './database.ts';
import { sessionOf } from './drizzle-internals/handle.ts';

/**
 * Runs one statement that the server plans for its values and does not keep, as `prepared` does
 * with `replan: true`: for one whose text is made for each call. `SET LOCAL plan_cache_mode` would
 * also make PostgreSQL plan its foreign-key checks again for each row, which costs 25 µs a row.
 *
 * @returns its rows, as the driver reads them
 */
export async function runReplanned<S extends Record<string, unknown>>(
  db: Database<S>,
  query: SQL,
): Promise<readonly Record<string, unknown>[]> {
  const session = sessionOf(db, 'runReplanned()');
  const { statement } = session.queryOf(db.execute(query).getQuery());
  const rows = await session.run({ ...statement, replan: true }, {});
  return Array.isArray(rows) ? rows : [];
}
