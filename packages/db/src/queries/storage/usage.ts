import { type KeysetPage, keyset, listPage, NotFoundError, type PageRequest } from '@reference/kit';
import { and, eq, sql } from 'drizzle-orm';
import type { Db, Tx } from '../../database.ts';
import { type StorageEvent, storageEvents, users } from '../../schema/index.ts';
import { requirePlanLimits } from '../subscriptions/subscriptions.ts';

/** What a person has stored, and what their plan allows; bytes. */
export interface StorageUsage {
  readonly usedBytes: number;
  readonly allowedBytes: number;
}

/** @throws NotFoundError when nothing says what the person may store: they have no plan */
export async function getStorageUsage(
  db: Db,
  { userId }: { userId: string },
): Promise<StorageUsage> {
  const { storageBytes } = await requirePlanLimits(db, { userId });
  return { usedBytes: await usedBytes(db, userId), allowedBytes: storageBytes };
}

/** The sum of all of a person's events, from an index alone. */
export async function usedBytes(db: Db, userId: string): Promise<number> {
  const [sum] = await db
    .select({ bytes: sql<string>`coalesce(sum(${sql`${storageEvents.sizeDelta}`}), 0)` })
    .from(storageEvents)
    .where(eq(storageEvents.userId, userId));
  return Number(sum?.bytes ?? 0);
}

/**
 * Lets one change of what a person has stored happen at a time, until the transaction ends: of two
 * uploads that fit alone but not together, the second sees the first.
 */
export async function lockUsage(tx: Tx, userId: string): Promise<void> {
  const [user] = await tx
    .select({ id: users.id })
    .from(users)
    .where(eq(users.id, userId))
    .for('no key update');
  if (!user) throw new NotFoundError('There is no such user.');
}

const eventDetail = {
  id: storageEvents.id,
  userId: storageEvents.userId,
  pageId: storageEvents.pageId,
  type: storageEvents.type,
  sizeDelta: storageEvents.sizeDelta,
  totalAfter: storageEvents.totalAfter,
  createdAt: storageEvents.createdAt,
  updatedAt: storageEvents.updatedAt,
};

const latestFirst = keyset([
  { column: storageEvents.createdAt, direction: 'desc' },
  { column: storageEvents.id, direction: 'desc' },
]);

/** What changed a person's storage, latest first. */
export async function listStorageEvents(
  db: Db,
  params: PageRequest & { userId: string },
): Promise<KeysetPage<StorageEvent>> {
  return listPage(latestFirst, params, (seek) =>
    db
      .select({ ...eventDetail, ...seek.select })
      .from(storageEvents)
      .where(and(eq(storageEvents.userId, params.userId), seek.where))
      .orderBy(...seek.orderBy)
      .limit(seek.limit),
  );
}
