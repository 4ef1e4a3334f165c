import { mapConstraints, parseInput } from '@reference/kit';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Db } from '../../database.ts';
import {
  insertNotificationPreferenceSchema,
  type NotificationPreference,
  type NotificationType,
  notificationPreferences,
  notificationType,
} from '../../schema/index.ts';
import { noSuchUser } from '../auth/issued.ts';
import { onlyRow } from '../rows.ts';

const wish = {
  type: notificationPreferences.type,
  emailEnabled: notificationPreferences.emailEnabled,
  pushEnabled: notificationPreferences.pushEnabled,
  inAppEnabled: notificationPreferences.inAppEnabled,
};
/** By which ways a person wants to hear of one type. */
export type NotificationWish = Pick<NotificationPreference, keyof typeof wish>;

/** A user's wish for every type there is, in the order of the types; all ways where nothing is set. */
export async function getNotificationPreferences(
  db: Db,
  params: { userId: string },
): Promise<NotificationWish[]> {
  const set = await db
    .select(wish)
    .from(notificationPreferences)
    .where(eq(notificationPreferences.userId, params.userId))
    .limit(notificationType.enumValues.length);
  const byType = new Map<NotificationType, NotificationWish>(set.map((row) => [row.type, row]));
  return notificationType.enumValues.map(
    (type) =>
      byType.get(type) ?? { type, emailEnabled: true, pushEnabled: true, inAppEnabled: true },
  );
}

const waysSchema = insertNotificationPreferenceSchema.pick({ type: true }).extend({
  emailEnabled: z.boolean().optional(),
  pushEnabled: z.boolean().optional(),
  inAppEnabled: z.boolean().optional(),
});

/**
 * Sets by which ways a user wants to hear of one type; a way that is left out stays as it is.
 *
 * @throws InvalidInputError for an unknown type
 * @throws NotFoundError when there is no such user
 */
export async function setNotificationPreference(
  db: Db,
  params: { userId: string } & z.input<typeof waysSchema>,
): Promise<NotificationWish> {
  const { type, ...ways } = parseInput(waysSchema, params);
  const rows = await mapConstraints(
    db
      .insert(notificationPreferences)
      .values({ userId: params.userId, type, ...ways })
      .onConflictDoUpdate({
        target: [notificationPreferences.userId, notificationPreferences.type],
        // updatedAt is always set, so that a call without any way is a valid statement.
        set: { ...ways, updatedAt: new Date() },
      })
      .returning(wish),
    { notification_preferences_userId_fkey: noSuchUser },
  );
  return onlyRow(rows);
}
