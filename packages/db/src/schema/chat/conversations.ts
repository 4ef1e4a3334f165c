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
} from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { users } from '../auth.ts';
import { cuid } from '../columns.ts';
import {
  chatMessageType,
  chatRole,
  drives,
  pages,
  type ToolCalls,
  type ToolResults,
  toolCallsSchema,
  toolResultsSchema,
} from '../core.ts';
import { immutable, line, optional, prose } from '../fields.ts';

export const conversationType = pgEnum('ConversationType', ['GLOBAL', 'PAGE', 'DRIVE']);
export type ConversationType = (typeof conversationType.enumValues)[number];

/** A row is one person's own conversation with AI: about anything, a page or a drive. */
export const conversations = pgTable(
  'conversations',
  {
    id: cuid(),
    userId: text('userId').notNull(),
    title: text('title'),
    type: conversationType('type').notNull(),
    pageId: text('pageId'),
    driveId: text('driveId'),
    /** When its last message was written; null before the first. */
    lastMessageAt: instant('lastMessageAt'),
    /** False once the person has archived it. */
    isActive: boolean('isActive').notNull().default(true),
    ...camelTimestamps,
  },
  (t) => [
    foreignKey({
      name: 'conversations_userId_fkey',
      columns: [t.userId],
      foreignColumns: [users.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'conversations_pageId_fkey',
      columns: [t.pageId],
      foreignColumns: [pages.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'conversations_driveId_fkey',
      columns: [t.driveId],
      foreignColumns: [drives.id],
    }).onDelete('cascade'),
    /** Serves a person's conversations, the one last written in first. */
    index('conversations_userId_isActive_latest_idx').on(
      t.userId,
      t.isActive,
      sql`coalesce(${t.lastMessageAt}, ${t.createdAt})`,
      t.id,
    ),
    /** Serves deleting a page. */
    index('conversations_pageId_idx').on(t.pageId),
    /** Serves deleting a drive. */
    index('conversations_driveId_idx').on(t.driveId),
    check(
      'conversations_target_check',
      sql`(${t.pageId} is not null) = (${t.type} = 'PAGE') and (${t.driveId} is not null) = (${t.type} = 'DRIVE')`,
    ),
  ],
);

const conversationFields = { title: optional(line(500)) };
export const insertConversationSchema = createInsertSchema(conversations, conversationFields);
export const selectConversationSchema = createSelectSchema(conversations);
export const updateConversationSchema = createUpdateSchema(conversations, conversationFields).omit({
  ...immutable,
  userId: true,
  type: true,
  pageId: true,
  driveId: true,
});
export type Conversation = typeof conversations.$inferSelect;
export type NewConversation = typeof conversations.$inferInsert;

export const messageStatus = pgEnum('MessageStatus', ['STREAMING', 'COMPLETE', 'INTERRUPTED']);
export type MessageStatus = (typeof messageStatus.enumValues)[number];

/** A row is one version of one message of a conversation. */
export const messages = pgTable(
  'messages',
  {
    id: cuid(),
    conversationId: text('conversationId').notNull(),
    /** The author; null for the assistant and the system, and once that person is deleted. */
    userId: text('userId'),
    role: chatRole('role').notNull(),
    content: text('content').notNull(),
    toolCalls: jsonb('toolCalls').$type<ToolCalls>(),
    toolResults: jsonb('toolResults').$type<ToolResults>(),
    messageType: chatMessageType('messageType').notNull().default('standard'),
    /** STREAMING while the model still writes; INTERRUPTED if it did not finish. */
    status: messageStatus('status').notNull().default('COMPLETE'),
    /** False for a version that an edit replaced, and for a deleted message. */
    isActive: boolean('isActive').notNull().default(true),
    editedAt: instant('editedAt'),
    ...camelTimestamps,
  },
  (t) => [
    foreignKey({
      name: 'messages_conversationId_fkey',
      columns: [t.conversationId],
      foreignColumns: [conversations.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'messages_userId_fkey',
      columns: [t.userId],
      foreignColumns: [users.id],
    }).onDelete('set null'),
    /** Serves the history of a conversation, both ways, and its last message. */
    index('messages_conversationId_isActive_createdAt_idx').on(
      t.conversationId,
      t.isActive,
      t.createdAt,
      t.id,
    ),
    /**
     * Serves finding messages that a dead process left open. By creation, so that streaming updates
     * no index.
     */
    index('messages_streaming_idx').on(t.createdAt).where(sql`${t.status} = 'STREAMING'`),
    /** Serves deleting a user. */
    index('messages_userId_idx').on(t.userId),
  ],
);

const messageFields = {
  content: prose(1_000_000),
  toolCalls: toolCallsSchema.nullish(),
  toolResults: toolResultsSchema.nullish(),
};
export const insertMessageSchema = createInsertSchema(messages, messageFields);
export const selectMessageSchema = createSelectSchema(messages);
export const updateMessageSchema = createUpdateSchema(messages, messageFields).omit({
  ...immutable,
  conversationId: true,
  userId: true,
});
export type Message = typeof messages.$inferSelect;
export type NewMessage = typeof messages.$inferInsert;
