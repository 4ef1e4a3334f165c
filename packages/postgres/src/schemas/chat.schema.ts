import { randomUUID } from 'node:crypto';
import { snakeTimestamps } from '@reference/kit';
import { relations } from 'drizzle-orm';
import { foreignKey, index, jsonb, pgEnum, pgTable, text, varchar } from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';

export const messageRole = pgEnum('message_role', ['system', 'user', 'assistant', 'tool']);

/** The model, its cost, and the rows that it cited. */
export type MessageMetadata = Record<string, unknown>;

/** A row is one thread between a person and the assistant. */
export const conversations = pgTable(
  'conversations',
  {
    id: text('id').primaryKey().$defaultFn(randomUUID),
    userId: varchar('user_id', { length: 255 }).notNull(),
    title: varchar('title', { length: 255 }),
    ...snakeTimestamps,
  },
  // Serves getConversations: a person's threads, the latest used first.
  (t) => [index('conversations_user_id_updated_at_idx').on(t.userId, t.updatedAt, t.id)],
);

/** A row is one turn of a conversation. */
export const messages = pgTable(
  'messages',
  {
    id: text('id').primaryKey().$defaultFn(randomUUID),
    conversationId: text('conversation_id').notNull(),
    role: messageRole('role').notNull(),
    content: text('content').notNull(),
    metadata: jsonb('metadata').$type<MessageMetadata>(),
    traceId: varchar('trace_id', { length: 255 }),
    ...snakeTimestamps,
  },
  (t) => [
    foreignKey({
      name: 'messages_conversation_id_fkey',
      columns: [t.conversationId],
      foreignColumns: [conversations.id],
    }).onDelete('cascade'),
    // Serves getMessages (newest first) and the cascade of a deleted conversation.
    index('messages_conversation_id_created_at_idx').on(t.conversationId, t.createdAt, t.id),
  ],
);

export const conversationsRelations = relations(conversations, ({ many }) => ({
  messages: many(messages),
}));

export const conversationInsertSchema = createInsertSchema(conversations);
export const conversationSelectSchema = createSelectSchema(conversations);
export const conversationUpdateSchema = createUpdateSchema(conversations);
export const messageInsertSchema = createInsertSchema(messages);
export const messageSelectSchema = createSelectSchema(messages);
export const messageUpdateSchema = createUpdateSchema(messages);

export type ConversationDataTarget = typeof conversations.$inferInsert;
export type ConversationDataSelect = typeof conversations.$inferSelect;
export type MessageDataTarget = typeof messages.$inferInsert;
export type MessageDataSelect = typeof messages.$inferSelect;
