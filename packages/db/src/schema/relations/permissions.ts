import { relations } from 'drizzle-orm';
import { users } from '../auth.ts';
import { pages } from '../core.ts';
import { pagePermissions, shareLinks } from '../permissions.ts';

export const pagePermissionsRelations = relations(pagePermissions, ({ one }) => ({
  page: one(pages, { fields: [pagePermissions.pageId], references: [pages.id] }),
  user: one(users, {
    fields: [pagePermissions.userId],
    references: [users.id],
    relationName: 'grantee',
  }),
  grantor: one(users, {
    fields: [pagePermissions.grantedBy],
    references: [users.id],
    relationName: 'grantor',
  }),
}));

export const shareLinksRelations = relations(shareLinks, ({ one }) => ({
  page: one(pages, { fields: [shareLinks.pageId], references: [pages.id] }),
  creator: one(users, { fields: [shareLinks.createdBy], references: [users.id] }),
}));
