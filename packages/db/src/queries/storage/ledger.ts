import { NotFoundError } from '@reference/kit';
import { eq, sql } from 'drizzle-orm';
import type { Db, Tx } from '../../database.ts';
import { type StorageEvent, storageEvents, users } from '../../schema/index.ts';

/** Sums all of a person's events, from an index alone. */
export async function usedBytes(db: Db, userId: string): Promise<number> {
  const [sum] = await db
    .select({ bytes: sql<string>`coalesce(sum(${sql`${storageEvents.sizeDelta}`}), 0)` })
    .from(storageEvents)
    .where(eq(storageEvents.userId, userId));
  return Number(sum?.bytes ?? 0);
}

/**
 * Locks a person's usage until the transaction ends, so that changes follow one another: if two
 * uploads fit only alone, the second sees the first.
 */
export async function lockUsage(tx: Tx, userId: string): Promise<void> {
  const [user] = await tx
    .select({ id: users.id })
    .from(users)
    .where(eq(users.id, userId))
    .for('no key update');
  if (!user) throw new NotFoundError('There is no such user.');
}

/**
 * Writes an event of a person's storage, later than all others. The transaction must hold
 * `lockUsage`.
 *
 * @param event.used the bytes that they had stored before
 */
export async function writeEvent(
  tx: Tx,
  event: {
    userId: string;
    pageId: string | null;
    type: StorageEvent['type'];
    sizeDelta: number;
    used: number;
  },
): Promise<void> {
  const { used, ...values } = event;
  const createdAt = sql`(select greatest(clock_timestamp()::timestamptz(3), max(e."createdAt") + interval '1 ms')
    from ${storageEvents} e where e."userId" = ${event.userId})`;
  await tx
    .insert(storageEvents)
    .values({ ...values, totalAfter: used + event.sizeDelta, createdAt });
}
