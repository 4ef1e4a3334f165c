import { parseInput, transaction } from '@reference/kit';
import { type SQL, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { z } from 'zod';
import type { Db } from '../../database.ts';
import { drives, pages } from '../../schema/index.ts';

const purgeSchema = z.object({
  olderThanDays: z.number().min(0).max(36_500),
  batchSize: z.int().min(1).max(10_000).default(1000),
});

const child = alias(pages, 'child');

/**
 * Deletes pages (leaves first) and then drives for good that have been in the trash for longer than
 * some days. It commits each batch by itself, so that no lock is held for long, and may be stopped
 * and run again at any time. It leaves a drive whose tree is being changed for the next run, and
 * never deletes a live page with a trashed parent.
 *
 * @param params.batchSize rows per statement; default 1,000
 * @returns how many pages and drives were deleted
 */
export async function purgeTrash(
  db: Db,
  params: { olderThanDays: number; batchSize?: number },
): Promise<{ pages: number; drives: number }> {
  const { olderThanDays, batchSize } = parseInput(purgeSchema, params);
  const cutoff = sql`now() - make_interval(secs => ${olderThanDays * 86_400}::float8)`;
  const oldPage = sql`${pages.isTrashed} and ${pages.trashedAt} < ${cutoff}`;
  const oldDrive = sql`${drives.isTrashed} and ${drives.trashedAt} < ${cutoff}`;
  const inOldDrive = sql`${pages.driveId} = any (array(select ${drives.id} from ${drives} where ${oldDrive}))`;
  return {
    pages:
      (await untilNone(db, deleteLeaves(oldPage, batchSize))) +
      (await untilNone(db, deleteLeaves(inOldDrive, batchSize))),
    drives: await untilNone(db, deleteEmptyDrives(oldDrive, batchSize)),
  };
}

// It locks the drive as every change of its tree does, and so skips a page that is being restored.
// The condition stands outside the subselect too, where it is checked again on a row that changed
// (was restored) while the statement waited.
const deleteLeaves = (condition: SQL, batchSize: number) => sql`
  with gone as (
    delete from ${pages}
    where ${condition} and ${pages.id} = any (array(
      select ${pages.id} from ${pages} join ${drives} on ${drives.id} = ${pages.driveId}
      where ${condition} and not exists (
        select 1 from ${pages} ${child} where ${child.driveId} = ${pages.driveId} and ${child.parentId} = ${pages.id})
      limit ${batchSize} for update of ${sql.identifier('pages')} skip locked for no key update of ${sql.identifier('drives')} skip locked))
    returning 1)
  select count(*)::int as count from gone`;

const deleteEmptyDrives = (condition: SQL, batchSize: number) => sql`
  with gone as (
    delete from ${drives}
    where ${condition} and ${drives.id} = any (array(
      select ${drives.id} from ${drives}
      where ${condition} and not exists (select 1 from ${pages} where ${pages.driveId} = ${drives.id})
      limit ${batchSize} for update skip locked))
    returning 1)
  select count(*)::int as count from gone`;

async function untilNone(db: Db, statement: SQL): Promise<number> {
  let total = 0;
  for (;;) {
    const [batch] = await transaction(db, (tx) => tx.execute<{ count: number }>(statement));
    if (!batch || batch.count === 0) return total;
    total += batch.count;
  }
}
