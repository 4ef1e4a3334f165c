import { inArray, lte, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Database, Transaction } from './database.ts';
import { parseInput } from './input.ts';
import { inboxMessages } from './tables/inbox-messages.ts';
import { transaction } from './transaction.ts';

type Schema = Record<string, unknown>;

const messageSchema = z.object({
  source: z.string().min(1).max(100),
  messageId: z.string().min(1).max(200),
});

/**
 * Applies a message once, however often it arrives, also at the same moment: the message's id and its
 * effect commit together. If `work` throws, or the process dies, the message is as if it never came.
 *
 * @param params.source the sender; the same id from two senders is two messages
 * @param work the effect, in the transaction; it must have none outside the database
 * @returns whether this call applied it; false for a repetition
 * @throws InvalidInputError for an empty or oversized id
 */
export async function applyOnce<S extends Schema>(
  db: Database<S>,
  params: z.input<typeof messageSchema>,
  work: (tx: Transaction<S>) => Promise<void>,
): Promise<{ readonly isApplied: boolean }> {
  const message = parseInput(messageSchema, params);
  return transaction(db, async (tx) => {
    // A second arrival waits here for the first to commit, and then inserts nothing.
    const stored = await tx
      .insert(inboxMessages)
      .values(message)
      .onConflictDoNothing({ target: [inboxMessages.source, inboxMessages.messageId] })
      .returning({ messageId: inboxMessages.messageId });
    if (stored.length === 0) return { isApplied: false };
    await work(tx);
    return { isApplied: true };
  });
}

/**
 * Deletes messages that no sender repeats any more, the oldest first.
 *
 * @param params.olderThanDays longer than any sender repeats a message; default 30
 * @param params.limit how many at most; default 1,000
 * @returns how many were deleted; call again while it is `limit`
 */
export async function purgeInbox<S extends Schema>(
  db: Database<S>,
  { olderThanDays = 30, limit = 1000 } = {},
): Promise<number> {
  const old = db
    .select({ source: inboxMessages.source, messageId: inboxMessages.messageId })
    .from(inboxMessages)
    .where(lte(inboxMessages.createdAt, sql`now() - make_interval(days => ${olderThanDays})`))
    .orderBy(inboxMessages.createdAt)
    .limit(limit)
    .for('update', { skipLocked: true })
    .as('old');
  const deleted = await db
    .delete(inboxMessages)
    .where(
      inArray(
        sql`(${inboxMessages.source}, ${inboxMessages.messageId})`,
        db.select({ source: old.source, messageId: old.messageId }).from(old),
      ),
    )
    .returning({ messageId: inboxMessages.messageId });
  return deleted.length;
}
