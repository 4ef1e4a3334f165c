import { type KeysetPage, keyset, listPage, type PageRequest, transaction } from '@reference/kit';
import { eq, sql } from 'drizzle-orm';
import type { Db } from '../../database.ts';
import { filePages, storageEvents, users } from '../../schema/index.ts';
import { lockUsage, usedBytes, writeEvent } from './ledger.ts';

// For an operator, not for a request: these functions act for no user and check no right.

/** A person's storage by their events, and by their uploads. */
export interface StorageDrift {
  readonly userId: string;
  /** Bytes, by the events. */
  readonly recordedBytes: number;
  /** Bytes, by the files on pages. */
  readonly chargedBytes: number;
}

// Wrapped, because in a select of one table Drizzle drops the table's name from a direct column.
const recorded = sql<number>`${sql`(select coalesce(sum(e."sizeDelta"), 0) from ${storageEvents} e where e."userId" = ${users.id})`}`;
const charged = sql<number>`${sql`(select coalesce(sum(f."chargedBytes"), 0) from ${filePages} f where f."uploadedBy" = ${users.id})`}`;

const byId = keyset([{ column: users.id }]);

/**
 * Lists the people whose events do not add up to their uploads. It reads everyone's events, so run
 * it seldom; it changes nothing.
 */
export async function listStorageDrift(
  db: Db,
  params: PageRequest = {},
): Promise<KeysetPage<StorageDrift>> {
  return listPage(byId, params, (seek) =>
    db
      .select({
        userId: users.id,
        recordedBytes: recorded.mapWith(Number),
        chargedBytes: charged.mapWith(Number),
        ...seek.select,
      })
      .from(users)
      .where(sql`${recorded} <> ${charged} and ${seek.where ?? sql`true`}`)
      .orderBy(...seek.orderBy)
      .limit(seek.limit),
  );
}

/**
 * Makes a person's events add up to their uploads, by one RECONCILE event. The event stays in their
 * list and so documents the repair; without a difference nothing is written.
 *
 * @returns the sums before the repair; `recordedBytes` equals `chargedBytes` if nothing differed
 * @throws NotFoundError when there is no such user
 */
export async function reconcileStorage(
  db: Db,
  { userId }: { userId: string },
): Promise<StorageDrift> {
  return transaction(db, async (tx) => {
    await lockUsage(tx, userId);
    const recordedBytes = await usedBytes(tx, userId);
    const [sum] = await tx
      .select({ bytes: sql`coalesce(sum(${filePages.chargedBytes}), 0)`.mapWith(Number) })
      .from(filePages)
      .where(eq(filePages.uploadedBy, userId));
    const chargedBytes = sum?.bytes ?? 0;
    const sizeDelta = chargedBytes - recordedBytes;
    if (sizeDelta !== 0) {
      const type = 'RECONCILE';
      await writeEvent(tx, { userId, pageId: null, type, sizeDelta, used: recordedBytes });
    }
    return { userId, recordedBytes, chargedBytes };
  });
}
