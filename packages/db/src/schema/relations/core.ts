import { relations } from 'drizzle-orm';
import { aiUsageLogs } from '../ai.ts';
import { users } from '../auth.ts';
import { channelMessages, channelReadStatus, conversations } from '../chat.ts';
import {
  chatMessages,
  drives,
  favorites,
  mentions,
  pageComments,
  pages,
  pageTags,
  pageVersions,
  pageViews,
  tags,
} from '../core.ts';
import { driveInvitations, driveMembers, driveRoles } from '../members.ts';
import { notifications } from '../notifications.ts';
import { pagePermissions, shareLinks } from '../permissions.ts';
import { filePages, storageEvents } from '../storage.ts';

export const drivesRelations = relations(drives, ({ one, many }) => ({
  owner: one(users, { fields: [drives.ownerId], references: [users.id] }),
  pages: many(pages),
  tags: many(tags),
  favorites: many(favorites),
  members: many(driveMembers),
  roles: many(driveRoles),
  invitations: many(driveInvitations),
  conversations: many(conversations),
  notifications: many(notifications),
}));

export const pageViewsRelations = relations(pageViews, ({ one }) => ({
  user: one(users, { fields: [pageViews.userId], references: [users.id] }),
  page: one(pages, { fields: [pageViews.pageId], references: [pages.id] }),
}));

export const pageVersionsRelations = relations(pageVersions, ({ one }) => ({
  page: one(pages, { fields: [pageVersions.pageId], references: [pages.id] }),
  replacer: one(users, { fields: [pageVersions.replacedBy], references: [users.id] }),
}));

export const pagesRelations = relations(pages, ({ one, many }) => ({
  drive: one(drives, { fields: [pages.driveId], references: [drives.id] }),
  parent: one(pages, {
    fields: [pages.driveId, pages.parentId],
    references: [pages.driveId, pages.id],
    relationName: 'tree',
  }),
  children: many(pages, { relationName: 'tree' }),
  originalParent: one(pages, {
    fields: [pages.originalParentId],
    references: [pages.id],
    relationName: 'trash',
  }),
  trashedChildren: many(pages, { relationName: 'trash' }),
  chatMessages: many(chatMessages),
  conversations: many(conversations),
  channelMessages: many(channelMessages),
  channelReadStatus: many(channelReadStatus),
  aiUsageLogs: many(aiUsageLogs),
  comments: many(pageComments),
  favorites: many(favorites),
  mentions: many(mentions, { relationName: 'mentions' }),
  mentionedBy: many(mentions, { relationName: 'mentionedBy' }),
  pageTags: many(pageTags),
  views: many(pageViews),
  versions: many(pageVersions),
  shareLinks: many(shareLinks),
  permissions: many(pagePermissions),
  filePages: many(filePages),
  storageEvents: many(storageEvents),
  notifications: many(notifications),
}));

export const chatMessagesRelations = relations(chatMessages, ({ one }) => ({
  page: one(pages, { fields: [chatMessages.pageId], references: [pages.id] }),
  user: one(users, { fields: [chatMessages.userId], references: [users.id] }),
}));

export const pageCommentsRelations = relations(pageComments, ({ one, many }) => ({
  page: one(pages, { fields: [pageComments.pageId], references: [pages.id] }),
  author: one(users, { fields: [pageComments.authorId], references: [users.id] }),
  parent: one(pageComments, {
    fields: [pageComments.pageId, pageComments.parentId],
    references: [pageComments.pageId, pageComments.id],
    relationName: 'thread',
  }),
  replies: many(pageComments, { relationName: 'thread' }),
}));

export const favoritesRelations = relations(favorites, ({ one }) => ({
  user: one(users, { fields: [favorites.userId], references: [users.id] }),
  page: one(pages, { fields: [favorites.pageId], references: [pages.id] }),
  drive: one(drives, { fields: [favorites.driveId], references: [drives.id] }),
}));

export const mentionsRelations = relations(mentions, ({ one }) => ({
  sourcePage: one(pages, {
    fields: [mentions.sourceDriveId, mentions.sourcePageId],
    references: [pages.driveId, pages.id],
    relationName: 'mentions',
  }),
  targetPage: one(pages, {
    fields: [mentions.targetPageId],
    references: [pages.id],
    relationName: 'mentionedBy',
  }),
  targetUser: one(users, { fields: [mentions.targetUserId], references: [users.id] }),
}));

export const tagsRelations = relations(tags, ({ one, many }) => ({
  drive: one(drives, { fields: [tags.driveId], references: [drives.id] }),
  pageTags: many(pageTags),
}));

export const pageTagsRelations = relations(pageTags, ({ one }) => ({
  page: one(pages, {
    fields: [pageTags.driveId, pageTags.pageId],
    references: [pages.driveId, pages.id],
  }),
  tag: one(tags, {
    fields: [pageTags.driveId, pageTags.tagId],
    references: [tags.driveId, tags.id],
  }),
}));
