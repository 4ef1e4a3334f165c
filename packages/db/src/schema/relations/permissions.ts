import { relations } from 'drizzle-orm';
import { users } from '../auth.ts';
import { pages } from '../core.ts';
import { pagePermissions } from '../permissions.ts';

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
