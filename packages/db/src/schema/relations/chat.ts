import { relations } from 'drizzle-orm';
import { aiUsageLogs } from '../ai.ts';
import { users } from '../auth.ts';
import {
  channelMessageReactions,
  channelMessages,
  channelReadStatus,
  conversations,
  messages,
} from '../chat.ts';
import { drives, pages } from '../core.ts';

export const conversationsRelations = relations(conversations, ({ one, many }) => ({
  user: one(users, { fields: [conversations.userId], references: [users.id] }),
  page: one(pages, { fields: [conversations.pageId], references: [pages.id] }),
  drive: one(drives, { fields: [conversations.driveId], references: [drives.id] }),
  messages: many(messages),
  aiUsageLogs: many(aiUsageLogs),
}));

export const messagesRelations = relations(messages, ({ one }) => ({
  conversation: one(conversations, {
    fields: [messages.conversationId],
    references: [conversations.id],
  }),
  user: one(users, { fields: [messages.userId], references: [users.id] }),
}));

export const channelMessagesRelations = relations(channelMessages, ({ one, many }) => ({
  page: one(pages, { fields: [channelMessages.pageId], references: [pages.id] }),
  user: one(users, { fields: [channelMessages.userId], references: [users.id] }),
  parent: one(channelMessages, {
    fields: [channelMessages.pageId, channelMessages.parentId],
    references: [channelMessages.pageId, channelMessages.id],
    relationName: 'channelThread',
  }),
  replies: many(channelMessages, { relationName: 'channelThread' }),
  reactions: many(channelMessageReactions),
}));

export const channelMessageReactionsRelations = relations(channelMessageReactions, ({ one }) => ({
  message: one(channelMessages, {
    fields: [channelMessageReactions.messageId],
    references: [channelMessages.id],
  }),
  user: one(users, { fields: [channelMessageReactions.userId], references: [users.id] }),
}));

export const channelReadStatusRelations = relations(channelReadStatus, ({ one }) => ({
  user: one(users, { fields: [channelReadStatus.userId], references: [users.id] }),
  page: one(pages, { fields: [channelReadStatus.pageId], references: [pages.id] }),
}));
