import { type KeysetPage, keyset, listPage, type PageRequest } from '@reference/kit';
import { and, eq } from 'drizzle-orm';
import type { Db } from '../../database.ts';
import { type StorageEvent, storageEvents } from '../../schema/index.ts';
import { requirePlanLimits } from '../subscriptions/subscriptions.ts';
import { usedBytes } from './ledger.ts';

/** A person's used and allowed storage, in bytes. */
export interface StorageUsage {
  readonly usedBytes: number;
  readonly allowedBytes: number;
}

/** @throws NotFoundError when the person has no plan, and so no limit */
export async function getStorageUsage(
  db: Db,
  { userId }: { userId: string },
): Promise<StorageUsage> {
  const { storageBytes } = await requirePlanLimits(db, { userId });
  return { usedBytes: await usedBytes(db, userId), allowedBytes: storageBytes };
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

/** Lists the events that changed a person's storage, latest first. */
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
