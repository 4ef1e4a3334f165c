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
/** The channels that a person chose for one type. */
export type NotificationWish = Pick<NotificationPreference, keyof typeof wish>;

/**
 * Gives a user's channels for every type, in the order of the types; all channels if nothing is
 * set.
 */
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
 * Sets a user's channels for one type; omitted channels stay unchanged.
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
        // updatedAt is always set, so that a call without a channel is a valid statement.
        set: { ...ways, updatedAt: new Date() },
      })
      .returning(wish),
    { notification_preferences_userId_fkey: noSuchUser },
  );
  return onlyRow(rows);
}
