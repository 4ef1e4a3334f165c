import { relations } from 'drizzle-orm';
import { users } from '../auth.ts';
import { drives, pages } from '../core.ts';
import { emailNotificationLogs, notificationPreferences, notifications } from '../notifications.ts';

export const notificationsRelations = relations(notifications, ({ one, many }) => ({
  user: one(users, {
    fields: [notifications.userId],
    references: [users.id],
    relationName: 'notified',
  }),
  triggeredByUser: one(users, {
    fields: [notifications.triggeredByUserId],
    references: [users.id],
    relationName: 'notifier',
  }),
  page: one(pages, { fields: [notifications.pageId], references: [pages.id] }),
  drive: one(drives, { fields: [notifications.driveId], references: [drives.id] }),
  emails: many(emailNotificationLogs),
}));

export const notificationPreferencesRelations = relations(notificationPreferences, ({ one }) => ({
  user: one(users, { fields: [notificationPreferences.userId], references: [users.id] }),
}));

export const emailNotificationLogsRelations = relations(emailNotificationLogs, ({ one }) => ({
  user: one(users, { fields: [emailNotificationLogs.userId], references: [users.id] }),
  notification: one(notifications, {
    fields: [emailNotificationLogs.notificationId],
    references: [notifications.id],
  }),
}));
