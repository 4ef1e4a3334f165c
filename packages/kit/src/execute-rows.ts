import type { SQL } from 'drizzle-orm';
import type { Database } from './database.ts';

type Schema = Record<string, unknown>;

/**
 * Runs a statement that Drizzle's builder cannot express.
 *
 * A function that a project may run on another driver calls this and not `db.execute`, whose result is
 * an array with postgres.js and an object with `rows` elsewhere.
 *
 * @returns its rows; their type is the caller's word, as with `db.execute`
 */
export async function executeRows<R extends Record<string, unknown>, S extends Schema = Schema>(
  db: Pick<Database<S>, 'execute'>,
  query: SQL,
): Promise<R[]> {
  const rows: readonly unknown[] = await db.execute(query);
  return rows as R[];
}
