import { ForbiddenError, mapConstraints, parseInput } from '@reference/kit';
import { and, eq, lte, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Db } from '../database.ts';
import { dailyUsage } from '../schema/settings.ts';
import { noSuchUser } from './refusals.ts';
import { getSetting } from './settings.ts';

/** The messages that a user has sent today, by the database's clock in UTC. */
export interface DailyUsageState {
  readonly used: number;
  readonly limit: number;
  readonly remaining: number;
}

/** Thrown when the user has reached their limit of messages for today. */
export class DailyLimitError extends ForbiddenError {
  readonly limit: number;

  constructor(limit: number) {
    super(
      `The limit of ${limit} messages a day is reached; it starts again at midnight UTC. An operator can raise the setting maxMessagesPerDay.`,
    );
    this.limit = limit;
  }
}

const today = sql<string>`(now() at time zone 'UTC')::date`;
const countSchema = z.strictObject({ count: z.int().min(1) });

/**
 * Counts messages against a user's `maxMessagesPerDay`. However many callers there are, it admits
 * exactly the limit. Call it in the transaction that writes the messages, so that a failed message
 * is not counted.
 *
 * @param count how many, all or none
 * @throws DailyLimitError when they would exceed the limit
 * @throws NotFoundError when there is no such user
 */
export async function takeDailyMessages(
  db: Db,
  { userId, ...input }: { readonly userId: string; readonly count: number },
): Promise<DailyUsageState> {
  const { count } = parseInput(countSchema, input);
  const limit = await getSetting(db, { userId, key: 'maxMessagesPerDay' });
  if (count > limit) throw new DailyLimitError(limit);
  // A caller that waits here for another adds to the other's count, because the condition is on the
  // stored row.
  const [counted] = await mapConstraints(
    db
      .insert(dailyUsage)
      .values({ userId, day: today, messages: count })
      .onConflictDoUpdate({
        target: [dailyUsage.userId, dailyUsage.day],
        set: { messages: sql`${dailyUsage.messages} + ${count}`, updatedAt: sql`now()` },
        setWhere: lte(sql`${dailyUsage.messages} + ${count}`, limit),
      })
      .returning({ used: dailyUsage.messages }),
    { daily_usage_user_id_fkey: noSuchUser },
  );
  if (!counted) throw new DailyLimitError(limit);
  return state(counted.used, limit);
}

/** Gives how many messages a user has sent today, and how many they may still send. */
export async function getDailyUsage(
  db: Db,
  { userId }: { readonly userId: string },
): Promise<DailyUsageState> {
  const limit = await getSetting(db, { userId, key: 'maxMessagesPerDay' });
  const [row] = await db
    .select({ used: dailyUsage.messages })
    .from(dailyUsage)
    .where(and(eq(dailyUsage.userId, userId), eq(dailyUsage.day, today)))
    .limit(1);
  return state(row?.used ?? 0, limit);
}

const state = (used: number, limit: number): DailyUsageState => ({
  used,
  limit,
  remaining: Math.max(0, limit - used),
});
