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

/** An event, with the people it concerns. */
export type NotificationEvent = z.input<typeof eventSchema> & {
  /** The actor, who gets no notification. Null for the system. */
  readonly actorId: string | null;
  /** Gives the words from the actor's name; they are cut to a notification's length. */
  readonly words: (actor: string) => { title: string; message: string };
};

/** The channels that one person chose. */
export interface Delivery {
  readonly userId: string;
  readonly inApp: boolean;
  readonly email: boolean;
  readonly push: boolean;
}

const actor = alias(users, 'actor');

/**
 * Notifies people of an event over the channels that each chose for its type: writes the
 * notification that the application shows, and queues the e-mail. Call it in the transaction of the
 * event.
 *
 * @returns each person's channels, for the sender of pushes
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
 * Later than every notification of the person, under their lock. So their notifications are in the
 * order in which they were committed, and marking up to the latest one shown marks none that was
 * not shown.
 */
const nextMoment = (userId: string) =>
  sql`(select greatest(clock_timestamp()::timestamptz(3), max(n."createdAt") + interval '1 ms')
    from ${notifications} n where n."userId" = ${userId})`;

/** Locks a person's inbox, so that transactions notify them one after the other. */
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
      // PostgreSQL calls a volatile function after it has sorted.
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

/** Cuts by characters and not code units, so that it halves no emoji. */
function cut(text: string, max: number): string {
  const characters = [...text];
  return characters.length <= max ? text : `${characters.slice(0, max - 1).join('')}…`;
}
