import { instant } from '@reference/kit';
import { index, integer, jsonb, pgTable, text, varchar } from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { short, vendorColumns, vendorConstraints } from './columns.ts';

/** A MIME part as Gmail returns it: headers, body and nested parts. */
export type GmailPayloadData = {
  mimeType?: string;
  headers?: Array<{ name: string; value: string }>;
  [field: string]: unknown;
};

/** A row is a mail in one connection's mailbox. */
export const googleGmailMessages = pgTable(
  'google_gmail_messages',
  {
    id: short('id').notNull(),
    threadId: short('thread_id').notNull(),
    historyId: varchar('history_id', { length: 32 }),
    snippet: text('snippet'),
    internalDate: instant('internal_date').notNull(),
    labelIds: text('label_ids').array().notNull().default([]),
    // RFC 5322 limits a line, not a folded header: subjects and address lists have no bound.
    subject: text('subject'),
    from: text('from'),
    to: text('to'),
    sizeEstimate: integer('size_estimate'),
    payload: jsonb('payload').$type<GmailPayloadData>(),
    ...vendorColumns,
  },
  (t) => [
    ...vendorConstraints('google_gmail_messages', t),
    // Serves getGoogleGmailMessages of one thread.
    index('google_gmail_messages_thread_sync_idx').on(
      t.connectorConfigId,
      t.threadId,
      t.updatedAt,
      t.id,
    ),
    // Serves getUnansweredGmailThreads: finding a later mail in a thread.
    index('google_gmail_messages_thread_idx').on(
      t.connectorConfigId,
      t.threadId,
      t.internalDate,
      t.id,
    ),
    // Serves the activity feed, and getUnansweredGmailThreads newest first.
    index('google_gmail_messages_activity_idx').on(t.connectorConfigId, t.internalDate, t.id),
  ],
);

export const googleGmailMessageInsertSchema = createInsertSchema(googleGmailMessages);
export const googleGmailMessageSelectSchema = createSelectSchema(googleGmailMessages);
export const googleGmailMessageUpdateSchema = createUpdateSchema(googleGmailMessages);

export type GoogleGmailMessageDataTarget = typeof googleGmailMessages.$inferInsert;
export type GoogleGmailMessageDataSelect = typeof googleGmailMessages.$inferSelect;
