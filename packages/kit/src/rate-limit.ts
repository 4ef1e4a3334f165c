import { eq, inArray, lte, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Database } from './database.ts';
import { executeRows } from './execute-rows.ts';
import { parseInput } from './input.ts';
import { type Counted, countStatement } from './rate-limit-statement.ts';
import { rateLimits } from './tables/rate-limits.ts';
import { hashToken } from './tokens.ts';

type Schema = Record<string, unknown>;

const windowSchema = z.object({
  key: z.string().min(1).max(1000),
  windowSeconds: z.int().min(1).max(86_400),
});
const limitSchema = windowSchema.extend({ most: z.int().min(1).max(1_000_000) });

/** Whether a request may go on. */
export interface Admission {
  readonly isAllowed: boolean;
  /** How many more would pass now. */
  readonly left: number;
  /** Until one more may pass; 0 when this one did. */
  readonly secondsLeft: number;
}

const hashOf = ({ key, windowSeconds }: z.output<typeof windowSchema>) =>
  hashToken(`${windowSeconds} ${key}`);

/**
 * Counts a request before it is served: in any stretch of `windowSeconds`, at most `most` pass, on
 * however many servers and connections. The window slides by its twelfths, so one that was full opens
 * up to a twelfth late. A refused request writes nothing and waits for nobody.
 *
 * One statement; it is sent again in the rare case that others filled the chosen share meanwhile.
 * Call it outside of the request's own transaction: a rollback would forget the count.
 *
 * @param params.key what is limited, `sign-in ada@example.com`; only its hash is stored. Never
 *   build it from a value that a client chooses freely, such as a header, because each new value
 *   would pass
 * @param params.most how many pass, 1 to 1,000,000
 * @param params.windowSeconds 1 second to a day
 * @throws InvalidInputError for an empty key, or a limit out of range
 */
export async function countRequest<S extends Schema>(
  db: Database<S>,
  params: z.input<typeof limitSchema>,
): Promise<Admission> {
  const limit = parseInput(limitSchema, params);
  const keyHash = hashOf(limit);
  for (;;) {
    const [row] = await executeRows<Counted>(db, countStatement(limit, keyHash));
    if (!row) throw new Error('A select without from gives one row.');
    const { counted, chosen, room, wait } = row;
    if (counted) return { isAllowed: true, left: room - 1, secondsLeft: 0 };
    if (!chosen) return { isAllowed: false, left: 0, secondsLeft: Math.max(wait, 1) };
    // Others have filled the share since this statement began; each round has less room than the last.
  }
}

/** Deletes the counts of a key and window, because one of its requests succeeded. */
export async function forgetRequests<S extends Schema>(
  db: Database<S>,
  params: z.input<typeof windowSchema>,
): Promise<void> {
  await db
    .delete(rateLimits)
    .where(eq(rateLimits.keyHash, hashOf(parseInput(windowSchema, params))));
}

/**
 * Deletes counts whose window is over, the oldest first.
 *
 * @param params.limit how many at most; default 1,000
 * @returns how many were deleted; call again while it is `limit`
 */
export async function purgeRequests<S extends Schema>(
  db: Database<S>,
  { limit = 1000 } = {},
): Promise<number> {
  const over = db
    .select({ keyHash: rateLimits.keyHash, slot: rateLimits.slot })
    .from(rateLimits)
    .where(lte(rateLimits.expiresAt, sql`now()`))
    .orderBy(rateLimits.expiresAt)
    .limit(limit)
    .for('update', { skipLocked: true })
    .as('over');
  const deleted = await db
    .delete(rateLimits)
    .where(
      inArray(
        sql`(${rateLimits.keyHash}, ${rateLimits.slot})`,
        db.select({ keyHash: over.keyHash, slot: over.slot }).from(over),
      ),
    )
    .returning({ slot: rateLimits.slot });
  return deleted.length;
}
