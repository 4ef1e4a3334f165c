import { eq, sql } from 'drizzle-orm';
import { expect } from 'vitest';
import type { Db } from '../../src/database.ts';
import { listStorageDrift } from '../../src/queries/storage.ts';
import { filePages, storageEvents } from '../../src/schema/index.ts';

/**
 * Expects that a person's events add up: each total is the one before plus its change, and the last is
 * what their uploads on pages count for.
 */
export async function expectLedgerAddsUp(db: Db, userId: string): Promise<void> {
  const events = await db
    .select({ sizeDelta: storageEvents.sizeDelta, totalAfter: storageEvents.totalAfter })
    .from(storageEvents)
    .where(eq(storageEvents.userId, userId))
    .orderBy(storageEvents.createdAt, storageEvents.id);
  let total = 0;
  for (const event of events) {
    total += event.sizeDelta;
    expect(event.totalAfter).toBe(total);
  }
  const [charged] = await db
    .select({ bytes: sql`coalesce(sum(${filePages.chargedBytes}), 0)`.mapWith(Number) })
    .from(filePages)
    .where(eq(filePages.uploadedBy, userId));
  expect(total).toBe(charged?.bytes);
}

/** Everyone whose events do not add up to what their uploads count for, of at most 200. */
export async function drifting(db: Db): Promise<string[]> {
  const { items } = await listStorageDrift(db, { limit: 200 });
  return items.map(({ userId }) => userId);
}
