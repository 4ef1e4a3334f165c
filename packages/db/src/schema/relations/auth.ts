import { relations } from 'drizzle-orm';
import { aiUsageLogs, userAiSettings, userProviderSettings } from '../ai.ts';
import {
  deviceTokens,
  mcpTokens,
  refreshTokens,
  sessions,
  users,
  verificationTokens,
} from '../auth.ts';
import {
  channelMessageReactions,
  channelMessages,
  channelReadStatus,
  conversations,
  messages,
} from '../chat.ts';
import {
  chatMessages,
  drives,
  favorites,
  mentions,
  pageComments,
  pageVersions,
  pageViews,
} from '../core.ts';
import { driveInvitations, driveMembers } from '../members.ts';
import { emailNotificationLogs, notificationPreferences, notifications } from '../notifications.ts';
import { pagePermissions, shareLinks } from '../permissions.ts';
import { connections, directConversations, directMessages, userProfiles } from '../social.ts';
import { filePages, files, storageEvents } from '../storage.ts';
import { subscriptions } from '../subscriptions.ts';

// Apart from the tables, because relations point both ways and table files must not import each
// other.

export const usersRelations = relations(users, ({ one, many }) => ({
  profile: one(userProfiles),
  aiSettings: one(userAiSettings),
  providerSettings: many(userProviderSettings),
  aiUsageLogs: many(aiUsageLogs),
  sessions: many(sessions),
  refreshTokens: many(refreshTokens),
  deviceTokens: many(deviceTokens),
  verificationTokens: many(verificationTokens),
  mcpTokens: many(mcpTokens),
  drives: many(drives),
  chatMessages: many(chatMessages),
  conversations: many(conversations),
  messages: many(messages),
  channelMessages: many(channelMessages),
  channelMessageReactions: many(channelMessageReactions),
  channelReadStatus: many(channelReadStatus),
  pageComments: many(pageComments),
  favorites: many(favorites),
  mentions: many(mentions),
  driveMemberships: many(driveMembers, { relationName: 'member' }),
  invitedMembers: many(driveMembers, { relationName: 'inviter' }),
  sentInvitations: many(driveInvitations),
  pagePermissions: many(pagePermissions, { relationName: 'grantee' }),
  grantedPermissions: many(pagePermissions, { relationName: 'grantor' }),
  notifications: many(notifications, { relationName: 'notified' }),
  causedNotifications: many(notifications, { relationName: 'notifier' }),
  notificationPreferences: many(notificationPreferences),
  emailNotificationLogs: many(emailNotificationLogs),
  connectionsAsUser1: many(connections, { relationName: 'connectionUser1' }),
  connectionsAsUser2: many(connections, { relationName: 'connectionUser2' }),
  requestedConnections: many(connections, { relationName: 'connectionRequester' }),
  blockedConnections: many(connections, { relationName: 'connectionBlocker' }),
  directConversationsAsUser1: many(directConversations, { relationName: 'conversationUser1' }),
  directConversationsAsUser2: many(directConversations, { relationName: 'conversationUser2' }),
  directMessages: many(directMessages),
  subscriptions: many(subscriptions),
  files: many(files),
  filePages: many(filePages),
  pageViews: many(pageViews),
  replacedVersions: many(pageVersions),
  shareLinks: many(shareLinks),
  storageEvents: many(storageEvents),
}));

export const sessionsRelations = relations(sessions, ({ one }) => ({
  user: one(users, { fields: [sessions.userId], references: [users.id] }),
}));

export const refreshTokensRelations = relations(refreshTokens, ({ one, many }) => ({
  user: one(users, { fields: [refreshTokens.userId], references: [users.id] }),
  replacedBy: one(refreshTokens, {
    fields: [refreshTokens.replacedById],
    references: [refreshTokens.id],
    relationName: 'replacement',
  }),
  replaces: many(refreshTokens, { relationName: 'replacement' }),
}));

export const deviceTokensRelations = relations(deviceTokens, ({ one }) => ({
  user: one(users, { fields: [deviceTokens.userId], references: [users.id] }),
}));

export const verificationTokensRelations = relations(verificationTokens, ({ one }) => ({
  user: one(users, { fields: [verificationTokens.userId], references: [users.id] }),
}));

export const mcpTokensRelations = relations(mcpTokens, ({ one }) => ({
  user: one(users, { fields: [mcpTokens.userId], references: [users.id] }),
}));
