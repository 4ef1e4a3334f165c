import { relations } from 'drizzle-orm';
import { users } from '../auth.ts';
import { connections, directConversations, directMessages, userProfiles } from '../social.ts';

export const userProfilesRelations = relations(userProfiles, ({ one }) => ({
  user: one(users, { fields: [userProfiles.userId], references: [users.id] }),
}));

export const connectionsRelations = relations(connections, ({ one }) => ({
  user1: one(users, {
    fields: [connections.user1Id],
    references: [users.id],
    relationName: 'connectionUser1',
  }),
  user2: one(users, {
    fields: [connections.user2Id],
    references: [users.id],
    relationName: 'connectionUser2',
  }),
  requester: one(users, {
    fields: [connections.requestedBy],
    references: [users.id],
    relationName: 'connectionRequester',
  }),
  blocker: one(users, {
    fields: [connections.blockedBy],
    references: [users.id],
    relationName: 'connectionBlocker',
  }),
}));

export const directConversationsRelations = relations(directConversations, ({ one, many }) => ({
  user1: one(users, {
    fields: [directConversations.user1Id],
    references: [users.id],
    relationName: 'conversationUser1',
  }),
  user2: one(users, {
    fields: [directConversations.user2Id],
    references: [users.id],
    relationName: 'conversationUser2',
  }),
  messages: many(directMessages),
}));

export const directMessagesRelations = relations(directMessages, ({ one }) => ({
  conversation: one(directConversations, {
    fields: [directMessages.conversationId],
    references: [directConversations.id],
  }),
  sender: one(users, { fields: [directMessages.senderId], references: [users.id] }),
}));
