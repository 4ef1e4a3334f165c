import { NotFoundError, parseInput } from '@reference/kit';
import { and, asc, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Db, Tx } from '../../database.ts';
import { type EmailNotificationLog, emailNotificationLogs } from '../../schema/index.ts';

const queued = {
  id: emailNotificationLogs.id,
  userId: emailNotificationLogs.userId,
  notificationId: emailNotificationLogs.notificationId,
  type: emailNotificationLogs.type,
  recipient: emailNotificationLogs.recipient,
  subject: emailNotificationLogs.subject,
};
export type QueuedEmail = Pick<EmailNotificationLog, keyof typeof queued>;

/**
 * Takes the e-mails that have waited longest, for one worker; others skip them until this
 * transaction ends. Send them and call `recordEmailOutcome` in the transaction.
 *
 * @param params.limit 1 to 100, default 20
 */
export async function takeQueuedEmails(
  tx: Tx,
  params: { limit?: number } = {},
): Promise<QueuedEmail[]> {
  const { limit } = parseInput(z.object({ limit: z.int().min(1).max(100).default(20) }), params);
  return tx
    .select(queued)
    .from(emailNotificationLogs)
    .where(eq(emailNotificationLogs.status, sql.raw(`'QUEUED'`)))
    .orderBy(asc(emailNotificationLogs.createdAt), asc(emailNotificationLogs.id))
    .limit(limit)
    .for('update', { skipLocked: true });
}

/**
 * Records the outcome of an e-mail.
 *
 * @param params.error the failure; without it the e-mail was sent
 * @throws NotFoundError when no such e-mail waits
 */
export async function recordEmailOutcome(
  db: Db,
  params: { emailId: string; error?: string },
): Promise<void> {
  const { error } = parseInput(z.object({ error: z.string().max(2000).optional() }), params);
  const recorded = await db
    .update(emailNotificationLogs)
    .set(error === undefined ? { status: 'SENT', sentAt: sql`now()` } : { status: 'FAILED', error })
    .where(
      and(eq(emailNotificationLogs.id, params.emailId), eq(emailNotificationLogs.status, 'QUEUED')),
    )
    .returning({ id: emailNotificationLogs.id });
  if (recorded.length === 0) {
    throw new NotFoundError('No such e-mail is queued: it was sent, has failed, or never existed.');
  }
}
