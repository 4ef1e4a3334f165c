import { index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { camelTimestamps } from '../timestamps.ts';

/** A row is a message that was applied: a repetition of it will not be. */
export const inboxMessages = pgTable(
  'inbox_messages',
  {
    /** The sender, because two senders may choose the same id. */
    source: text('source').notNull(),
    messageId: text('messageId').notNull(),
    ...camelTimestamps,
  },
  (t) => [
    primaryKey({ name: 'inbox_messages_pkey', columns: [t.source, t.messageId] }),
    /** Serves purging what no sender repeats any more. */
    index('inbox_messages_createdAt_idx').on(t.createdAt),
  ],
);

export const insertInboxMessageSchema = createInsertSchema(inboxMessages);
export const selectInboxMessageSchema = createSelectSchema(inboxMessages);
export const updateInboxMessageSchema = createUpdateSchema(inboxMessages).omit({
  source: true,
  messageId: true,
  createdAt: true,
  updatedAt: true,
});
export type InboxMessage = typeof inboxMessages.$inferSelect;
export type NewInboxMessage = typeof inboxMessages.$inferInsert;
