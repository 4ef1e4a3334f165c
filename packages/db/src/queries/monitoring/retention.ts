import { parseInput } from '@reference/kit';
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Db } from '../../database.ts';
import { apiMetrics, errorLogs, systemLogs } from '../../schema/index.ts';

const logs = { systemLogs, apiMetrics, errorLogs } as const;
const purgeSchema = z.object({
  log: z.enum(['systemLogs', 'apiMetrics', 'errorLogs']),
  before: z.date(),
  batch: z.int().min(1).max(50_000).default(5000),
  maxBatches: z.int().min(1).default(1_000_000),
});

/**
 * Deletes log lines from before an instant, in batches that commit one by one, so that appends go
 * on meanwhile and an interrupted run has done part of the work. Give it the pool's handle; in a
 * transaction all batches commit together.
 *
 * For the audit trail use `pruneAuditTrail`. From a table that you partitioned by time, detach
 * partitions instead, because this walks rows by their place in one table.
 *
 * @param params.batch rows per statement, default 5,000
 * @param params.maxBatches stop after so many; default: when nothing old is left
 * @returns how many lines were deleted
 */
export async function purgeLogs(
  db: Db,
  params: z.input<typeof purgeSchema>,
): Promise<{ deleted: number }> {
  const { log, before, batch, maxBatches } = parseInput(purgeSchema, params);
  const table = logs[log];
  let deleted = 0;
  // Walks the table in its physical order and goes on where the last batch ended, because from the
  // start each batch would read the dead rows of the ones before.
  let position = '(0,0)';
  for (let done = 0; done < maxBatches; done++) {
    const [gone]: Record<string, unknown>[] = await db.execute(sql`
      with old as materialized (
        select ctid from ${table}
        where ctid > ${position}::tid and ${table.createdAt} < ${before.toISOString()}::timestamptz
        limit ${batch}),
      deleted as (
        delete from ${table}
        where ctid = any(array(select ctid from old)) and ${table.createdAt} < ${before.toISOString()}::timestamptz
        returning 1)
      select (select count(*)::int from deleted) as count, (select max(ctid)::text from old) as last`);
    const { count, last } = z
      .object({ count: z.number(), last: z.string().nullable() })
      .parse(gone);
    deleted += count;
    if (last === null) break;
    position = last;
  }
  return { deleted };
}
