import { camelTimestamps, instant } from '@reference/kit';
import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  foreignKey,
  index,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { z } from 'zod';
import { users } from '../auth.ts';
import { cuid } from '../columns.ts';
import { pages } from '../core.ts';
import { immutable, line } from '../fields.ts';

/** A row is a message in a channel, a reply in a thread there, or a former text of either. */
export const channelMessages = pgTable(
  'channel_messages',
  {
    id: cuid(),
    pageId: text('pageId').notNull(),
    userId: text('userId').notNull(),
    /** The message that began the thread; null for one of the channel itself. */
    parentId: text('parentId'),
    content: text('content').notNull(),
    editedAt: instant('editedAt'),
    /** False for a deleted message, and for the former text that an edit leaves behind. */
    isActive: boolean('isActive').notNull().default(true),
    ...camelTimestamps,
  },
  (t) => [
    foreignKey({
      name: 'channel_messages_pageId_fkey',
      columns: [t.pageId],
      foreignColumns: [pages.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'channel_messages_userId_fkey',
      columns: [t.userId],
      foreignColumns: [users.id],
    }).onDelete('cascade'),
    /** A reply lies in the same channel. */
    foreignKey({
      name: 'channel_messages_pageId_parentId_fkey',
      columns: [t.pageId, t.parentId],
      foreignColumns: [t.pageId, t.id],
    }).onDelete('cascade'),
    /** The target of the foreign key from a reply. */
    unique('channel_messages_pageId_id_key').on(t.pageId, t.id),
    /** Serves a channel's messages and a thread's replies, both ways. */
    index('channel_messages_pageId_parentId_isActive_createdAt_idx').on(
      t.pageId,
      t.parentId,
      t.isActive,
      t.createdAt,
      t.id,
    ),
    /**
     * Serves counting other people's messages since a moment, and the latest message, from the
     * index alone.
     */
    index('channel_messages_unread_idx')
      .on(t.pageId, t.createdAt, t.userId)
      .where(sql`${t.isActive}`),
    /** Serves deleting a user. */
    index('channel_messages_userId_idx').on(t.userId),
    check('channel_messages_parentId_check', sql`${t.parentId} <> ${t.id}`),
  ],
);

const channelMessageFields = { content: line(20_000) };
export const insertChannelMessageSchema = createInsertSchema(channelMessages, channelMessageFields);
export const selectChannelMessageSchema = createSelectSchema(channelMessages);
export const updateChannelMessageSchema = createUpdateSchema(
  channelMessages,
  channelMessageFields,
).omit({ ...immutable, pageId: true, userId: true, parentId: true });
export type ChannelMessage = typeof channelMessages.$inferSelect;
export type NewChannelMessage = typeof channelMessages.$inferInsert;

/** A row is one emoji that one person put on one channel message. */
export const channelMessageReactions = pgTable(
  'channel_message_reactions',
  {
    id: cuid(),
    messageId: text('messageId').notNull(),
    userId: text('userId').notNull(),
    emoji: text('emoji').notNull(),
    ...camelTimestamps,
  },
  (t) => [
    foreignKey({
      name: 'channel_message_reactions_messageId_fkey',
      columns: [t.messageId],
      foreignColumns: [channelMessages.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'channel_message_reactions_userId_fkey',
      columns: [t.userId],
      foreignColumns: [users.id],
    }).onDelete('cascade'),
    /** Serves the reactions to a message, and one of each kind a person. */
    uniqueIndex('channel_message_reactions_messageId_userId_emoji_key').on(
      t.messageId,
      t.userId,
      t.emoji,
    ),
    /** Serves deleting a user. */
    index('channel_message_reactions_userId_idx').on(t.userId),
    check('channel_message_reactions_emoji_check', sql`char_length(${t.emoji}) between 1 and 64`),
  ],
);

const channelMessageReactionFields = {
  emoji: (field: z.ZodString) => field.max(64).check(z.emoji()),
};
export const insertChannelMessageReactionSchema = createInsertSchema(
  channelMessageReactions,
  channelMessageReactionFields,
);
export const selectChannelMessageReactionSchema = createSelectSchema(channelMessageReactions);
export const updateChannelMessageReactionSchema = createUpdateSchema(
  channelMessageReactions,
  channelMessageReactionFields,
).omit({ ...immutable, messageId: true, userId: true });
export type ChannelMessageReaction = typeof channelMessageReactions.$inferSelect;
export type NewChannelMessageReaction = typeof channelMessageReactions.$inferInsert;

/** A row is the time up to which a person has read a channel. */
export const channelReadStatus = pgTable(
  'channel_read_status',
  {
    userId: text('userId').notNull(),
    pageId: text('pageId').notNull(),
    /** The time of the last message that they have read. */
    lastReadAt: instant('lastReadAt').notNull(),
    ...camelTimestamps,
  },
  (t) => [
    /** Serves a person's unread messages, in all channels. */
    primaryKey({ name: 'channel_read_status_pkey', columns: [t.userId, t.pageId] }),
    foreignKey({
      name: 'channel_read_status_userId_fkey',
      columns: [t.userId],
      foreignColumns: [users.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'channel_read_status_pageId_fkey',
      columns: [t.pageId],
      foreignColumns: [pages.id],
    }).onDelete('cascade'),
    /** Serves deleting a page. */
    index('channel_read_status_pageId_idx').on(t.pageId),
  ],
);

export const insertChannelReadStatusSchema = createInsertSchema(channelReadStatus);
export const selectChannelReadStatusSchema = createSelectSchema(channelReadStatus);
export const updateChannelReadStatusSchema = createUpdateSchema(channelReadStatus).omit({
  userId: true,
  pageId: true,
  createdAt: true,
  updatedAt: true,
});
export type ChannelReadStatus = typeof channelReadStatus.$inferSelect;
export type NewChannelReadStatus = typeof channelReadStatus.$inferInsert;
