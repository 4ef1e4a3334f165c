import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Transaction } from './database.ts';
import { parseInput } from './input.ts';
import { outboxEvents } from './tables/outbox-events.ts';

type Schema = Record<string, unknown>;

/** The channel that a listening relay waits on. */
export const outboxChannel = 'outbox_events';

const eventSchema = z.object({
  key: z.string().min(1).max(200),
  topic: z.string().regex(/^[a-z][a-z0-9.-]{0,99}$/, 'must be lower-case words joined by dots'),
  payload: z
    .record(z.string(), z.json())
    .refine(
      (value) => JSON.stringify(value).length <= 100_000,
      'must be at most 100,000 characters',
    ),
});
/** An event as its writer gives it. */
export type EventInput = z.input<typeof eventSchema>;

/**
 * Writes events that a relay delivers once this transaction has committed, and never if it does not.
 * Events with one key are ordered by their transactions' commits: writers of the same key
 * wait for one another until they end, so write events last.
 *
 * @param params.events 1 to 1,000; a payload holds ids rather than contents, because it is kept for a
 *   week and may be delivered after its reader's rights have ended
 * @param params.wakes whether to wake relays at commit; default true. Commits that notify wait for one
 *   another, so leave it to the relay's poll above some thousand transactions a second
 * @returns the events' ids, by which a receiver recognises a repetition
 * @throws InvalidInputError for a malformed event
 */
export async function appendEvents<S extends Schema>(
  tx: Transaction<S>,
  params: { readonly events: readonly EventInput[]; readonly wakes?: boolean },
): Promise<{ readonly ids: string[] }> {
  const events = parseInput(z.array(eventSchema).min(1).max(1000), params.events);
  // In one order in every transaction, so that two with the same keys cannot deadlock.
  const keys = [...new Set(events.map(({ key }) => `outbox ${key}`))].sort();
  await tx.execute(
    sql`select pg_advisory_xact_lock(hash) from (
      select distinct hashtextextended(key, 0) as hash from unnest(${sql.param(keys)}::text[]) key order by 1
    ) locks`,
  );
  const rows = await tx.insert(outboxEvents).values(events).returning({ id: outboxEvents.id });
  if (params.wakes !== false) await tx.execute(sql`select pg_notify(${outboxChannel}, '')`);
  return { ids: rows.map(({ id }) => id) };
}
