import { camelTimestamps, instant } from '@reference/kit';
import { boolean, foreignKey, index, jsonb, pgEnum, pgTable, text } from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { z } from 'zod';
import { users } from '../auth.ts';
import { cuid } from '../columns.ts';
import { immutable, prose } from '../fields.ts';
import { boundedJson } from '../json.ts';
import { pages } from './pages.ts';

export const chatRole = pgEnum('ChatRole', ['user', 'assistant', 'system']);
export type ChatRole = (typeof chatRole.enumValues)[number];

export const agentRole = pgEnum('AgentRole', ['PARTNER', 'PLANNER', 'WRITER']);
export type AgentRole = (typeof agentRole.enumValues)[number];

export const chatMessageType = pgEnum('ChatMessageType', ['standard', 'todo_list']);
export type ChatMessageType = (typeof chatMessageType.enumValues)[number];

/** The model's calls of its tools, in order; at most 256 KB. */
export const toolCallsSchema = boundedJson(
  z
    .array(
      z.object({
        id: z.string().min(1).max(200),
        name: z.string().min(1).max(200),
        arguments: z.record(z.string(), z.json()),
      }),
    )
    .max(100),
  256_000,
);
export type ToolCalls = z.infer<typeof toolCallsSchema>;

/** The tools' answers, each naming the call it answers; at most 1 MB. */
export const toolResultsSchema = boundedJson(
  z
    .array(
      z.object({
        callId: z.string().min(1).max(200),
        result: z.json(),
        isError: z.boolean().optional(),
      }),
    )
    .max(100),
  1_000_000,
);
export type ToolResults = z.infer<typeof toolResultsSchema>;

/** A row is one version of one message in the AI chat of a page. */
export const chatMessages = pgTable(
  'chat_messages',
  {
    id: cuid(),
    pageId: text('pageId').notNull(),
    /** The author; null for the assistant and the system. */
    userId: text('userId'),
    role: chatRole('role').notNull(),
    content: text('content').notNull(),
    toolCalls: jsonb('toolCalls').$type<ToolCalls>(),
    toolResults: jsonb('toolResults').$type<ToolResults>(),
    /** False for a version that an edit replaced, and for a deleted message. */
    isActive: boolean('isActive').notNull().default(true),
    editedAt: instant('editedAt'),
    agentRole: agentRole('agentRole').notNull().default('PARTNER'),
    messageType: chatMessageType('messageType').notNull().default('standard'),
    ...camelTimestamps,
  },
  (t) => [
    foreignKey({
      name: 'chat_messages_pageId_fkey',
      columns: [t.pageId],
      foreignColumns: [pages.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'chat_messages_userId_fkey',
      columns: [t.userId],
      foreignColumns: [users.id],
    }).onDelete('cascade'),
    /** Serves the history of a page, both ways. */
    index('chat_messages_pageId_isActive_createdAt_idx').on(
      t.pageId,
      t.isActive,
      t.createdAt,
      t.id,
    ),
    /** Serves deleting a user. */
    index('chat_messages_userId_idx').on(t.userId),
  ],
);

const chatMessageFields = {
  content: prose(1_000_000),
  toolCalls: toolCallsSchema.nullish(),
  toolResults: toolResultsSchema.nullish(),
};
export const insertChatMessageSchema = createInsertSchema(chatMessages, chatMessageFields);
export const selectChatMessageSchema = createSelectSchema(chatMessages);
export const updateChatMessageSchema = createUpdateSchema(chatMessages, chatMessageFields).omit({
  ...immutable,
  pageId: true,
  userId: true,
});
export type ChatMessage = typeof chatMessages.$inferSelect;
export type NewChatMessage = typeof chatMessages.$inferInsert;
