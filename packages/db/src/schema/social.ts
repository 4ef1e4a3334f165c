import { camelTimestamps, instant } from '@reference/kit';
import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  foreignKey,
  index,
  pgEnum,
  pgTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import type { z } from 'zod';
import { users } from './auth.ts';
import { cuid } from './columns.ts';
import { immutable, line, optional, prose, url } from './fields.ts';

/** A row is a person's profile. */
export const userProfiles = pgTable(
  'user_profiles',
  {
    id: cuid(),
    userId: text('userId').notNull(),
    username: text('username').notNull(),
    displayName: text('displayName').notNull(),
    bio: text('bio'),
    avatarUrl: text('avatarUrl'),
    isPublic: boolean('isPublic').notNull().default(false),
    ...camelTimestamps,
  },
  (t) => [
    foreignKey({
      name: 'user_profiles_userId_fkey',
      columns: [t.userId],
      foreignColumns: [users.id],
    }).onDelete('cascade'),
    /** Serves a person's own profile: one each. */
    uniqueIndex('user_profiles_userId_key').on(t.userId),
    /** Serves a profile by its address, whatever its case. */
    uniqueIndex('user_profiles_username_key').on(sql`lower(${t.username})`),
  ],
);

const userProfileFields = {
  username: (field: z.ZodString) =>
    field.regex(/^[A-Za-z0-9_]{3,30}$/, 'must be 3 to 30 letters, digits or underscores'),
  displayName: line(200),
  bio: optional(prose(2000)),
  avatarUrl: optional(url),
};
export const insertUserProfileSchema = createInsertSchema(userProfiles, userProfileFields);
export const selectUserProfileSchema = createSelectSchema(userProfiles);
export const updateUserProfileSchema = createUpdateSchema(userProfiles, userProfileFields).omit({
  ...immutable,
  userId: true,
});
export type UserProfile = typeof userProfiles.$inferSelect;
export type NewUserProfile = typeof userProfiles.$inferInsert;

export const connectionStatus = pgEnum('ConnectionStatus', ['PENDING', 'ACCEPTED', 'BLOCKED']);
export type ConnectionStatus = (typeof connectionStatus.enumValues)[number];

/** A row is the relation of two people; a rejected request leaves none. */
export const connections = pgTable(
  'connections',
  {
    id: cuid(),
    /** The lesser of the two ids, so that a pair has one row whoever began. */
    user1Id: text('user1Id').notNull(),
    user2Id: text('user2Id').notNull(),
    status: connectionStatus('status').notNull(),
    requestedBy: text('requestedBy').notNull(),
    requestMessage: text('requestMessage'),
    acceptedAt: instant('acceptedAt'),
    /** The first to block, among the blocks that stand. */
    blockedBy: text('blockedBy'),
    blockedAt: instant('blockedAt'),
    /** When user 1 blocked user 2, while that block stands, whatever user 2's block. */
    user1BlockedAt: instant('user1BlockedAt'),
    user2BlockedAt: instant('user2BlockedAt'),
    ...camelTimestamps,
  },
  (t) => [
    foreignKey({
      name: 'connections_user1Id_fkey',
      columns: [t.user1Id],
      foreignColumns: [users.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'connections_user2Id_fkey',
      columns: [t.user2Id],
      foreignColumns: [users.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'connections_requestedBy_fkey',
      columns: [t.requestedBy],
      foreignColumns: [users.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'connections_blockedBy_fkey',
      columns: [t.blockedBy],
      foreignColumns: [users.id],
    }).onDelete('set null'),
    /** Serves a pair, and crossing requests: there is one row for both. */
    uniqueIndex('connections_pair_key').on(t.user1Id, t.user2Id),
    /** Serves a person's connections of one status, latest first, as the lesser id. */
    index('connections_user1Id_status_idx').on(t.user1Id, t.status, t.updatedAt, t.id),
    /** Serves the same as the greater id. */
    index('connections_user2Id_status_idx').on(t.user2Id, t.status, t.updatedAt, t.id),
    /** Serves deleting a user who asked. */
    index('connections_requestedBy_idx').on(t.requestedBy),
    /** Serves deleting a user who blocked. */
    index('connections_blockedBy_idx').on(t.blockedBy),
    check('connections_order_check', sql`${t.user1Id} < ${t.user2Id}`),
    check('connections_requestedBy_check', sql`${t.requestedBy} in (${t.user1Id}, ${t.user2Id})`),
    check('connections_blockedBy_check', sql`${t.blockedBy} in (${t.user1Id}, ${t.user2Id})`),
    check(
      'connections_blockedAt_check',
      sql`(${t.status} = 'BLOCKED') = (${t.blockedAt} is not null)`,
    ),
    check(
      'connections_sideBlockedAt_check',
      sql`(${t.status} = 'BLOCKED') = (num_nonnulls(${t.user1BlockedAt}, ${t.user2BlockedAt}) > 0)`,
    ),
    check(
      'connections_acceptedAt_check',
      sql`(${t.status} = 'ACCEPTED') = (${t.acceptedAt} is not null)`,
    ),
  ],
);

const connectionFields = { requestMessage: optional(prose(1000)) };
export const insertConnectionSchema = createInsertSchema(connections, connectionFields);
export const selectConnectionSchema = createSelectSchema(connections);
export const updateConnectionSchema = createUpdateSchema(connections, connectionFields).omit({
  ...immutable,
  user1Id: true,
  user2Id: true,
  requestedBy: true,
});
export type Connection = typeof connections.$inferSelect;
export type NewConnection = typeof connections.$inferInsert;

/** A row is the conversation of two people, and the time up to which each has read it. */
export const directConversations = pgTable(
  'direct_conversations',
  {
    id: cuid(),
    /** The lesser of the two ids, so that a pair has one row whoever began. */
    user1Id: text('user1Id').notNull(),
    user2Id: text('user2Id').notNull(),
    lastMessageAt: instant('lastMessageAt'),
    user1LastReadAt: instant('user1LastReadAt'),
    user2LastReadAt: instant('user2LastReadAt'),
    ...camelTimestamps,
  },
  (t) => [
    foreignKey({
      name: 'direct_conversations_user1Id_fkey',
      columns: [t.user1Id],
      foreignColumns: [users.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'direct_conversations_user2Id_fkey',
      columns: [t.user2Id],
      foreignColumns: [users.id],
    }).onDelete('cascade'),
    /** Serves the conversation of a pair. */
    uniqueIndex('direct_conversations_pair_key').on(t.user1Id, t.user2Id),
    /** Serves a person's conversations, latest message first, as the lesser id. */
    index('direct_conversations_user1Id_lastMessageAt_idx').on(t.user1Id, t.lastMessageAt, t.id),
    /** Serves the same as the greater id. */
    index('direct_conversations_user2Id_lastMessageAt_idx').on(t.user2Id, t.lastMessageAt, t.id),
    check('direct_conversations_order_check', sql`${t.user1Id} < ${t.user2Id}`),
  ],
);

export const insertDirectConversationSchema = createInsertSchema(directConversations);
export const selectDirectConversationSchema = createSelectSchema(directConversations);
export const updateDirectConversationSchema = createUpdateSchema(directConversations).omit({
  ...immutable,
  user1Id: true,
  user2Id: true,
});
export type DirectConversation = typeof directConversations.$inferSelect;
export type NewDirectConversation = typeof directConversations.$inferInsert;

/** A row is one message from one of the two people of a conversation. */
export const directMessages = pgTable(
  'direct_messages',
  {
    id: cuid(),
    conversationId: text('conversationId').notNull(),
    senderId: text('senderId').notNull(),
    content: text('content').notNull(),
    editedAt: instant('editedAt'),
    isTrashed: boolean('isTrashed').notNull().default(false),
    trashedAt: instant('trashedAt'),
    ...camelTimestamps,
  },
  (t) => [
    foreignKey({
      name: 'direct_messages_conversationId_fkey',
      columns: [t.conversationId],
      foreignColumns: [directConversations.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'direct_messages_senderId_fkey',
      columns: [t.senderId],
      foreignColumns: [users.id],
    }).onDelete('cascade'),
    /** Serves the history of a conversation, both ways, and its last message. */
    index('direct_messages_conversationId_isTrashed_createdAt_idx').on(
      t.conversationId,
      t.isTrashed,
      t.createdAt,
      t.id,
    ),
    /** Serves deleting a user. */
    index('direct_messages_senderId_idx').on(t.senderId),
    check('direct_messages_trashedAt_check', sql`${t.isTrashed} = (${t.trashedAt} is not null)`),
  ],
);

const directMessageFields = { content: line(20_000) };
export const insertDirectMessageSchema = createInsertSchema(directMessages, directMessageFields);
export const selectDirectMessageSchema = createSelectSchema(directMessages);
export const updateDirectMessageSchema = createUpdateSchema(
  directMessages,
  directMessageFields,
).omit({ ...immutable, conversationId: true, senderId: true });
export type DirectMessage = typeof directMessages.$inferSelect;
export type NewDirectMessage = typeof directMessages.$inferInsert;
