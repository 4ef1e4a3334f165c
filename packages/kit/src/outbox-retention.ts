import { sql } from 'drizzle-orm';
import type { Database } from './database.ts';
import { NotFoundError } from './errors.ts';
import { executeRows } from './execute-rows.ts';
import { outboxChannel } from './outbox.ts';
import { sqlstateOf } from './sqlstate.ts';
import { transaction } from './transaction.ts';

type Schema = Record<string, unknown>;

/**
 * Empties the partition that tomorrow's events go to, which holds those of seven days ago. TRUNCATE
 * takes no time and leaves nothing to vacuum. If events of that day still wait, those that were
 * delivered are deleted one by one instead, in this call at most 10,000. Call it once a day or more,
 * as the table's owner.
 *
 * @returns how the partition was emptied: `truncated`, `deleted` as far as it could be, or `empty`;
 *   `busy` if somebody held it for more than 200 ms or has just written to it: call again
 */
export async function emptyOldestOutboxDay<S extends Schema>(
  db: Database<S>,
): Promise<'truncated' | 'deleted' | 'empty' | 'busy'> {
  return transaction(db, async (tx) => {
    await tx.execute(sql`set local lock_timeout = '200ms'`);
    const [row] = await executeRows<{ day: number }>(
      tx,
      sql`select ((floor(extract(epoch from now()) / 86400)::bigint + 1) % 8)::int as day`,
    );
    const day = row?.day ?? 0;
    const partition = sql.identifier(`outbox_events_day_${day}`);
    const look = async () => {
      const [found] = await executeRows<{ rows: boolean; waiting: boolean }>(
        tx,
        sql`select exists (select from ${partition}) as rows, exists (select from ${partition} where "deliveredAt" is null) as waiting`,
      );
      return found ?? { rows: false, waiting: false };
    };
    const found = await look();
    if (!found.rows) return 'empty';
    if (found.waiting) {
      await tx.execute(
        sql`delete from ${partition} where position in (select position from ${partition} where "deliveredAt" is not null order by position limit 10000)`,
      );
      return 'deleted';
    }
    // Looked at again under the lock: whoever held it may have written an event.
    await tx.execute(sql`lock table ${partition} in access exclusive mode`);
    if ((await look()).waiting) return 'busy';
    await tx.execute(sql`truncate ${partition}`);
    return 'truncated';
  }).catch((error: unknown) => {
    if (sqlstateOf(error) === '55P03') return 'busy';
    throw error;
  });
}

/**
 * Puts a dead event into the outbox again, under its old id, so that a receiver recognises a
 * repetition. It comes after all events of its key that were written since.
 *
 * @throws NotFoundError when there is no such dead event
 */
export async function redeliverEvent<S extends Schema>(
  db: Database<S>,
  { id }: { readonly id: string },
): Promise<void> {
  const moved = await executeRows(
    db,
    sql`
    with dead as (delete from dead_events where id = ${id} returning id, key, topic, payload),
    -- The lock that writers of its key take: what they have not committed yet comes first.
    locked as materialized (
      select id, key, topic, payload, pg_advisory_xact_lock(hashtextextended('outbox ' || key, 0)) from dead
    )
    insert into outbox_events (id, key, topic, payload)
    select id, key, topic, payload from locked
    returning pg_notify(${outboxChannel}, '')
  `,
  );
  if (moved.length === 0) {
    throw new NotFoundError(
      'There is no such dead event. It may have been delivered again already.',
    );
  }
}
