import {
  type KeysetPage,
  keyset,
  listPage,
  type PageRequest,
  parseInput,
  transaction,
} from '@reference/kit';
import { and, eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { Db, Tx } from '../../database.ts';
import { type BillingEvent, billingEvents, insertBillingEventSchema } from '../../schema/index.ts';

const eventSchema = insertBillingEventSchema.pick({ id: true, type: true, payload: true });

/**
 * Processes an event of the payment provider exactly once, however often it is delivered, also at
 * the same moment. One transaction stores the event and its effect, so a failed effect leaves the
 * event for the next delivery.
 *
 * @param work the effect, in that transaction; it must have none outside the database
 * @returns true if this call processed it; false for a repetition
 * @throws InvalidInputError for a malformed or oversized event
 */
export async function processBillingEvent(
  db: Db,
  params: z.input<typeof eventSchema>,
  work: (tx: Tx) => Promise<void>,
): Promise<{ processed: boolean }> {
  const event = parseInput(eventSchema, params);
  return transaction(db, async (tx) => {
    // A second delivery waits here for the first to commit, and then inserts nothing.
    const stored = await tx
      .insert(billingEvents)
      .values(event)
      .onConflictDoNothing({ target: billingEvents.id })
      .returning({ id: billingEvents.id });
    if (stored.length === 0) return { processed: false };
    await work(tx);
    return { processed: true };
  });
}

const summary = {
  id: billingEvents.id,
  type: billingEvents.type,
  processedAt: billingEvents.processedAt,
};

const latestFirst = keyset([
  { column: billingEvents.processedAt, direction: 'desc' },
  { column: billingEvents.id, direction: 'desc' },
]);

/** Lists the processed events of a type, latest first, without their payload. */
export async function listBillingEvents(
  db: Db,
  params: PageRequest & { type: string },
): Promise<KeysetPage<Pick<BillingEvent, keyof typeof summary>>> {
  return listPage(latestFirst, params, (seek) =>
    db
      .select({ ...summary, ...seek.select })
      .from(billingEvents)
      .where(and(eq(billingEvents.type, params.type), seek.where))
      .orderBy(...seek.orderBy)
      .limit(seek.limit),
  );
}
