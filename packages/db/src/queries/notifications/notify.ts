import { parseInput } from '@reference/kit';
import { and, eq, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { z } from 'zod';
import type { Tx } from '../../database.ts';
import {
  emailNotificationLogs,
  insertNotificationSchema,
  notificationPreferences,
  notifications,
  users,
} from '../../schema/index.ts';

const eventSchema = insertNotificationSchema
  .pick({ type: true, metadata: true, pageId: true, driveId: true })
  .extend({ recipientIds: z.array(z.string()).max(1000) });

/** Something that happened, for the people it concerns. */
export type NotificationEvent = z.input<typeof eventSchema> & {
  /** The actor, who gets no notification. Null for the system. */
  readonly actorId: string | null;
  /** The words, given the actor's name; cut to what a notification holds. */
  readonly words: (actor: string) => { title: string; message: string };
};

/** By which ways one person is told. */
export interface Delivery {
  readonly userId: string;
  readonly inApp: boolean;
  readonly email: boolean;
  readonly push: boolean;
}

const actor = alias(users, 'actor');

/**
 * Tells people of something, each by the ways that they want for its type: writes the notification
 * that the application shows, and queues the e-mail. Call it in the transaction of what happened.
 *
 * @returns the ways chosen, for whoever sends pushes
 * @throws InvalidInputError for malformed metadata or more than 1,000 recipients
 */
export async function notify(tx: Tx, event: NotificationEvent): Promise<Delivery[]> {
  const { actorId, words, ...given } = event;
  const { recipientIds, ...fields } = parseInput(eventSchema, given);
  const others = recipientIds.filter((id) => id !== actorId);
  if (others.length === 0) return [];
  const recipients = await recipientsOf(tx, others, fields.type, actorId);
  const { title, message } = words(recipients[0]?.actorName ?? 'Someone');
  const text = { title: cut(title, 150), message: cut(message, 400) };
  const shown = recipients
    .filter(({ inApp }) => inApp)
    .map(({ userId }) => ({
      ...fields,
      ...text,
      userId,
      triggeredByUserId: actorId,
      createdAt: nextMoment(userId),
    }));
  const written =
    shown.length === 0
      ? []
      : await tx
          .insert(notifications)
          .values(shown)
          .returning({ id: notifications.id, userId: notifications.userId });
  const idOf = new Map(written.map(({ id, userId }) => [userId, id]));
  const emails = recipients
    .filter(({ email }) => email)
    .map(({ userId, address }) => ({
      userId,
      notificationId: idOf.get(userId) ?? null,
      type: fields.type,
      recipient: address,
      subject: text.title,
    }));
  if (emails.length > 0) await tx.insert(emailNotificationLogs).values(emails);
  return recipients.map(({ userId, inApp, email, push }) => ({ userId, inApp, email, push }));
}

/**
 * Later than every notification that the person has, under their lock: so their notifications are in
 * the order in which they were committed, and none that was not shown yet is marked as read up to a
 * later one.
 */
const nextMoment = (userId: string) =>
  sql`(select greatest(clock_timestamp()::timestamptz(3), max(n."createdAt") + interval '1 ms')
    from ${notifications} n where n."userId" = ${userId})`;

/** Lets one transaction after the other notify a person. */
const lockedInbox = sql`pg_advisory_xact_lock(hashtextextended('notifications ' || ${users.id}, 0))`;

/** The recipients, locked in the order of their ids, so that two events of several people cannot deadlock. */
function recipientsOf(
  tx: Tx,
  recipientIds: readonly string[],
  type: (typeof notifications.type.enumValues)[number],
  actorId: string | null,
) {
  return tx
    .select({
      // PostgreSQL calls what changes something after it has sorted.
      lock: lockedInbox,
      userId: users.id,
      address: users.email,
      inApp: sql<boolean>`coalesce(${notificationPreferences.inAppEnabled}, true)`,
      email: sql<boolean>`coalesce(${notificationPreferences.emailEnabled}, true)`,
      push: sql<boolean>`coalesce(${notificationPreferences.pushEnabled}, true)`,
      actorName: sql<string | null>`coalesce(${actor.displayName}, ${actor.email})`,
    })
    .from(users)
    .leftJoin(
      notificationPreferences,
      and(eq(notificationPreferences.userId, users.id), eq(notificationPreferences.type, type)),
    )
    .leftJoin(actor, eq(actor.id, actorId ?? ''))
    .where(sql`${users.id} = any(${sql.param(recipientIds)})`)
    .orderBy(users.id)
    .limit(recipientIds.length);
}

/** Cuts by characters and not code units, so that no emoji is halved. */
function cut(text: string, max: number): string {
  const characters = [...text];
  return characters.length <= max ? text : `${characters.slice(0, max - 1).join('')}…`;
}
