import { ForbiddenError } from '@reference/kit';
import { sql } from 'drizzle-orm';
import type { PostgresDatabase } from '../queries/database.ts';
import { oauthTokens } from '../schemas/index.ts';

/** The rows that a cleanup would delete, and where. */
export interface CleanupPlan {
  readonly database: string;
  readonly tokens: number;
}

/** Counts the rows that `deleteAllTokens` would delete. */
export async function planCleanup(db: PostgresDatabase): Promise<CleanupPlan> {
  const [row] = await db.execute<{ database: string; tokens: number }>(
    sql`select current_database() as database, count(*)::int as tokens from ${oauthTokens}`,
  );
  return { database: row?.database ?? '', tokens: row?.tokens ?? 0 };
}

/**
 * Deletes the tokens of every connection, so that each person must authorise again.
 *
 * @param options.force also in a database whose name ends in `prod` or `production`
 * @returns how many were deleted
 * @throws ForbiddenError in such a database without `force`
 */
export async function deleteAllTokens(
  db: PostgresDatabase,
  options: { readonly force?: boolean | undefined } = {},
): Promise<number> {
  const { database, tokens } = await planCleanup(db);
  if (/prod(uction)?$/i.test(database) && !options.force) {
    throw new ForbiddenError(
      `"${database}" looks like production: deleting its tokens disconnects everyone. Add --force if that is meant.`,
    );
  }
  await db.execute(sql`truncate ${oauthTokens}`);
  return tokens;
}
