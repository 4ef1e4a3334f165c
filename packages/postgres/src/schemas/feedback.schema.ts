import { randomUUID } from 'node:crypto';
import { snakeTimestamps } from '@reference/kit';
import { relations } from 'drizzle-orm';
import { foreignKey, index, pgEnum, pgTable, text, varchar } from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { conversations, messages } from './chat.schema.ts';

export const feedbackRating = pgEnum('feedback_rating', ['thumbs_up', 'thumbs_down', 'neutral']);

/** A row is a person's feedback on one message. */
export const feedback = pgTable(
  'feedback',
  {
    id: text('id').primaryKey().$defaultFn(randomUUID),
    messageId: text('message_id').notNull(),
    rating: feedbackRating('rating').notNull(),
    comment: text('comment'),
    traceId: varchar('trace_id', { length: 255 }),
    sessionId: varchar('session_id', { length: 255 }),
    ...snakeTimestamps,
  },
  (t) => [
    foreignKey({
      name: 'feedback_message_id_fkey',
      columns: [t.messageId],
      foreignColumns: [messages.id],
    }).onDelete('cascade'),
    // Serves getFeedback of a message and the cascade of a deleted message.
    index('feedback_message_id_created_at_idx').on(t.messageId, t.createdAt, t.id),
  ],
);

export const feedbackRelations = relations(feedback, ({ one }) => ({
  message: one(messages, { fields: [feedback.messageId], references: [messages.id] }),
}));

export const messagesRelations = relations(messages, ({ one, many }) => ({
  conversation: one(conversations, {
    fields: [messages.conversationId],
    references: [conversations.id],
  }),
  feedback: many(feedback),
}));

export const feedbackInsertSchema = createInsertSchema(feedback);
export const feedbackSelectSchema = createSelectSchema(feedback);
export const feedbackUpdateSchema = createUpdateSchema(feedback);

export type FeedbackDataTarget = typeof feedback.$inferInsert;
export type FeedbackDataSelect = typeof feedback.$inferSelect;
