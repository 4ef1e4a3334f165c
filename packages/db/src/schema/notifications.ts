import { camelTimestamps, instant } from '@reference/kit';
import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  foreignKey,
  index,
  jsonb,
  pgEnum,
  pgTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { z } from 'zod';
import { users } from './auth.ts';
import { cuid } from './columns.ts';
import { drives, pages } from './core.ts';
import { email, immutable, line, optional, prose } from './fields.ts';
import { boundedJson } from './json.ts';

export const notificationType = pgEnum('NotificationType', [
  'PERMISSION_GRANTED',
  'PERMISSION_UPDATED',
  'PERMISSION_REVOKED',
  'PAGE_SHARED',
  'DRIVE_INVITED',
  'DRIVE_JOINED',
  'DRIVE_ROLE_CHANGED',
  'CONNECTION_REQUEST',
  'CONNECTION_ACCEPTED',
  'CONNECTION_REJECTED',
  'NEW_DIRECT_MESSAGE',
  'MENTION',
]);
export type NotificationType = (typeof notificationType.enumValues)[number];

/** Fields that a client needs beyond the text, such as the rights before and after; at most 8 KB. */
export const notificationMetadataSchema = boundedJson(z.record(z.string(), z.json()), 8000);
export type NotificationMetadata = z.infer<typeof notificationMetadataSchema>;

/** A row notifies one person of one event. */
export const notifications = pgTable(
  'notifications',
  {
    id: cuid(),
    userId: text('userId').notNull(),
    type: notificationType('type').notNull(),
    title: text('title').notNull(),
    message: text('message').notNull(),
    metadata: jsonb('metadata').$type<NotificationMetadata>(),
    isRead: boolean('isRead').notNull().default(false),
    readAt: instant('readAt'),
    pageId: text('pageId'),
    driveId: text('driveId'),
    triggeredByUserId: text('triggeredByUserId'),
    ...camelTimestamps,
  },
  (t) => [
    foreignKey({
      name: 'notifications_userId_fkey',
      columns: [t.userId],
      foreignColumns: [users.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'notifications_pageId_fkey',
      columns: [t.pageId],
      foreignColumns: [pages.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'notifications_driveId_fkey',
      columns: [t.driveId],
      foreignColumns: [drives.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'notifications_triggeredByUserId_fkey',
      columns: [t.triggeredByUserId],
      foreignColumns: [users.id],
    }).onDelete('set null'),
    /** Serves a person's notifications, latest first. */
    index('notifications_userId_createdAt_idx').on(t.userId, t.createdAt, t.id),
    /**
     * Serves the unread list and the unread count without reading the table, because the migration
     * INCLUDEs the list's columns.
     */
    index('notifications_unread_idx').on(t.userId, t.createdAt, t.id).where(sql`not ${t.isRead}`),
    /** Serves deleting a page. */
    index('notifications_pageId_idx').on(t.pageId),
    /** Serves deleting a drive. */
    index('notifications_driveId_idx').on(t.driveId),
    /** Serves deleting a user who caused notifications. */
    index('notifications_triggeredByUserId_idx').on(t.triggeredByUserId),
    check('notifications_readAt_check', sql`${t.isRead} = (${t.readAt} is not null)`),
    // An index entry holds at most 2,704 bytes, and the unread index holds both texts.
    check(
      'notifications_text_check',
      sql`char_length(${t.title}) <= 150 and char_length(${t.message}) <= 400`,
    ),
  ],
);

const notificationFields = {
  title: line(150),
  message: line(400),
  metadata: notificationMetadataSchema.nullish(),
};
export const insertNotificationSchema = createInsertSchema(notifications, notificationFields);
export const selectNotificationSchema = createSelectSchema(notifications);
export const updateNotificationSchema = createUpdateSchema(notifications, notificationFields).omit({
  ...immutable,
  userId: true,
  triggeredByUserId: true,
});
export type Notification = typeof notifications.$inferSelect;
export type NewNotification = typeof notifications.$inferInsert;

/** A row is the channels that one person chose for one type; without a row, all. */
export const notificationPreferences = pgTable(
  'notification_preferences',
  {
    id: cuid(),
    userId: text('userId').notNull(),
    type: notificationType('type').notNull(),
    emailEnabled: boolean('emailEnabled').notNull().default(true),
    pushEnabled: boolean('pushEnabled').notNull().default(true),
    inAppEnabled: boolean('inAppEnabled').notNull().default(true),
    ...camelTimestamps,
  },
  (t) => [
    foreignKey({
      name: 'notification_preferences_userId_fkey',
      columns: [t.userId],
      foreignColumns: [users.id],
    }).onDelete('cascade'),
    /** Serves a person's choice when a notification is written. */
    uniqueIndex('notification_preferences_userId_type_key').on(t.userId, t.type),
  ],
);

export const insertNotificationPreferenceSchema = createInsertSchema(notificationPreferences);
export const selectNotificationPreferenceSchema = createSelectSchema(notificationPreferences);
export const updateNotificationPreferenceSchema = createUpdateSchema(notificationPreferences).omit({
  ...immutable,
  userId: true,
  type: true,
});
export type NotificationPreference = typeof notificationPreferences.$inferSelect;
export type NewNotificationPreference = typeof notificationPreferences.$inferInsert;

export const emailStatus = pgEnum('EmailStatus', ['QUEUED', 'SENT', 'FAILED']);
export type EmailStatus = (typeof emailStatus.enumValues)[number];

/** A row is one e-mail of a notification, and its outcome. */
export const emailNotificationLogs = pgTable(
  'email_notification_logs',
  {
    id: cuid(),
    userId: text('userId').notNull(),
    /** Null when the person wants this type by e-mail only. */
    notificationId: text('notificationId'),
    type: notificationType('type').notNull(),
    /** The address at the time. */
    recipient: text('recipient').notNull(),
    subject: text('subject').notNull(),
    status: emailStatus('status').notNull().default('QUEUED'),
    error: text('error'),
    sentAt: instant('sentAt'),
    ...camelTimestamps,
  },
  (t) => [
    foreignKey({
      name: 'email_notification_logs_userId_fkey',
      columns: [t.userId],
      foreignColumns: [users.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'email_notification_logs_notificationId_fkey',
      columns: [t.notificationId],
      foreignColumns: [notifications.id],
    }).onDelete('set null'),
    /** Serves deleting a user. */
    index('email_notification_logs_userId_idx').on(t.userId),
    /** Serves deleting a notification. */
    index('email_notification_logs_notificationId_idx').on(t.notificationId),
    /** Serves taking the e-mails that wait, oldest first. */
    index('email_notification_logs_queued_idx')
      .on(t.createdAt, t.id)
      .where(sql`${t.status} = 'QUEUED'`),
    check(
      'email_notification_logs_sentAt_check',
      sql`(${t.status} = 'SENT') = (${t.sentAt} is not null)`,
    ),
  ],
);

const emailNotificationLogFields = {
  recipient: email,
  subject: line(150),
  error: optional(prose(2000)),
};
export const insertEmailNotificationLogSchema = createInsertSchema(
  emailNotificationLogs,
  emailNotificationLogFields,
);
export const selectEmailNotificationLogSchema = createSelectSchema(emailNotificationLogs);
export const updateEmailNotificationLogSchema = createUpdateSchema(
  emailNotificationLogs,
  emailNotificationLogFields,
).omit({ ...immutable, userId: true, notificationId: true, type: true, recipient: true });
export type EmailNotificationLog = typeof emailNotificationLogs.$inferSelect;
export type NewEmailNotificationLog = typeof emailNotificationLogs.$inferInsert;
