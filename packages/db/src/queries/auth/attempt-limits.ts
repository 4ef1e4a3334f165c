import { hashToken, parseInput } from '@reference/kit';
import { eq, inArray, lte, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Db } from '../../database.ts';
import { attemptLimits } from '../../schema/attempt-limits.ts';
import { onlyRow } from '../rows.ts';

const attemptSchema = z.object({
  key: z.string().min(1).max(1000),
  most: z.int().min(1).max(1_000_000),
  windowSeconds: z.int().min(1).max(86_400),
});

/** Whether an attempt may go on, and if not, how long to wait. */
export interface Attempt {
  readonly isAllowed: boolean;
  /** Until the window is over. */
  readonly secondsLeft: number;
}

/**
 * Counts an attempt before it is made: of any number at once, exactly `most` are allowed in a
 * window, on however many servers. The window begins with its first attempt; one that is refused
 * does not prolong it.
 *
 * @param key what is limited, `sign-in ada@example.com`; only its hash is stored. Never make it of
 *   what a client may write freely, a header for one: whoever made up a new value would pass
 * @throws InvalidInputError for an empty key, or a limit that is none
 */
export async function countAttempt(
  db: Db,
  params: z.input<typeof attemptSchema>,
): Promise<Attempt> {
  const { key, most, windowSeconds } = parseInput(attemptSchema, params);
  const { attempts, windowEndsAt } = attemptLimits;
  const isOver = sql`${windowEndsAt} <= now()`;
  const end = sql`now() + make_interval(secs => ${windowSeconds})`;
  const rows = await db
    .insert(attemptLimits)
    .values({ keyHash: hashToken(key), attempts: 1, windowEndsAt: end })
    .onConflictDoUpdate({
      target: attemptLimits.keyHash,
      set: {
        attempts: sql`case when ${isOver} then 1 else least(${attempts}, ${most}) + 1 end`,
        windowEndsAt: sql`case when ${isOver} then ${end} else ${windowEndsAt} end`,
        updatedAt: sql`now()`,
      },
    })
    .returning({
      attempts,
      secondsLeft: sql<number>`ceil(extract(epoch from ${windowEndsAt} - now()))::int`,
    });
  const counted = onlyRow(rows);
  return { isAllowed: counted.attempts <= most, secondsLeft: counted.secondsLeft };
}

/** Forgets what was counted under a key: one of its attempts succeeded. */
export async function forgetAttempts(db: Db, { key }: { key: string }): Promise<void> {
  await db.delete(attemptLimits).where(eq(attemptLimits.keyHash, hashToken(key)));
}

/**
 * Deletes windows that are over, the oldest first.
 *
 * @param params.limit how many at most; default 1,000
 * @returns how many were deleted; call again while it is `limit`
 */
export async function purgeAttempts(db: Db, { limit = 1000 } = {}): Promise<number> {
  const over = db
    .select({ keyHash: attemptLimits.keyHash })
    .from(attemptLimits)
    .where(lte(attemptLimits.windowEndsAt, sql`now()`))
    .orderBy(attemptLimits.windowEndsAt)
    .limit(limit)
    .for('update', { skipLocked: true });
  const deleted = await db
    .delete(attemptLimits)
    .where(inArray(attemptLimits.keyHash, over))
    .returning({ keyHash: attemptLimits.keyHash });
  return deleted.length;
}
