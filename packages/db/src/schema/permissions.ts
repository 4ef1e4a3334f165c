import { camelTimestamps, instant } from '@reference/kit';
import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  foreignKey,
  index,
  integer,
  pgTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { users } from './auth.ts';
import { checkTokenHash, cuid } from './columns.ts';
import { pages } from './core.ts';
import { atLeast, immutable, line, optional, prose, sha256 } from './fields.ts';

/** A row is one person's grant on one page, beside their membership of its drive. */
export const pagePermissions = pgTable(
  'page_permissions',
  {
    id: cuid(),
    pageId: text('pageId').notNull(),
    userId: text('userId').notNull(),
    canView: boolean('canView').notNull(),
    canEdit: boolean('canEdit').notNull(),
    canShare: boolean('canShare').notNull(),
    canDelete: boolean('canDelete').notNull(),
    grantedBy: text('grantedBy'),
    grantedAt: instant('grantedAt').notNull().defaultNow(),
    expiresAt: instant('expiresAt'),
    note: text('note'),
    ...camelTimestamps,
  },
  (t) => [
    foreignKey({
      name: 'page_permissions_pageId_fkey',
      columns: [t.pageId],
      foreignColumns: [pages.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'page_permissions_userId_fkey',
      columns: [t.userId],
      foreignColumns: [users.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'page_permissions_grantedBy_fkey',
      columns: [t.grantedBy],
      foreignColumns: [users.id],
    }).onDelete('set null'),
    /** Serves the access check, and granting again to the same person. */
    uniqueIndex('page_permissions_pageId_userId_key').on(t.pageId, t.userId),
    /** Serves the grants on a page, latest first. */
    index('page_permissions_pageId_grantedAt_idx').on(t.pageId, t.grantedAt, t.id),
    /** Serves a person's accessible pages, without reading the table. */
    index('page_permissions_userId_pageId_idx').on(t.userId, t.pageId, t.canView, t.expiresAt),
    /** Serves deleting a user who granted. */
    index('page_permissions_grantedBy_idx').on(t.grantedBy),
    check(
      'page_permissions_view_check',
      sql`${t.canView} or not (${t.canEdit} or ${t.canShare} or ${t.canDelete})`,
    ),
  ],
);

const pagePermissionFields = { note: optional(prose(1000)) };
export const insertPagePermissionSchema = createInsertSchema(pagePermissions, pagePermissionFields);
export const selectPagePermissionSchema = createSelectSchema(pagePermissions);
export const updatePagePermissionSchema = createUpdateSchema(
  pagePermissions,
  pagePermissionFields,
).omit({ ...immutable, pageId: true, userId: true, grantedBy: true, grantedAt: true });
export type PagePermission = typeof pagePermissions.$inferSelect;
export type NewPagePermission = typeof pagePermissions.$inferInsert;

/** A row is a link that lets its holder read one page, without an account. */
export const shareLinks = pgTable(
  'share_links',
  {
    id: cuid(),
    pageId: text('pageId').notNull(),
    /** The link is valid only while this person may share the page. */
    createdBy: text('createdBy').notNull(),
    tokenHash: text('tokenHash').notNull(),
    tokenPrefix: text('tokenPrefix').notNull(),
    /** The maker's note on its recipient or purpose. */
    name: text('name'),
    expiresAt: instant('expiresAt').notNull(),
    /** Null for any number. */
    maxUses: integer('maxUses'),
    uses: integer('uses').notNull().default(0),
    lastUsedAt: instant('lastUsedAt'),
    revokedAt: instant('revokedAt'),
    ...camelTimestamps,
  },
  (t) => [
    foreignKey({
      name: 'share_links_pageId_fkey',
      columns: [t.pageId],
      foreignColumns: [pages.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'share_links_createdBy_fkey',
      columns: [t.createdBy],
      foreignColumns: [users.id],
    }).onDelete('cascade'),
    /** Serves opening a link. */
    uniqueIndex('share_links_tokenHash_key').on(t.tokenHash),
    /** Serves the links of a page, latest first. */
    index('share_links_pageId_createdAt_idx').on(t.pageId, t.createdAt, t.id),
    /** Serves deleting a user. */
    index('share_links_createdBy_idx').on(t.createdBy),
    check(
      'share_links_uses_check',
      sql`${t.uses} >= 0 and ${t.uses} <= coalesce(${t.maxUses}, ${t.uses})`,
    ),
    check('share_links_maxUses_check', sql`${t.maxUses} >= 1`),
    checkTokenHash('share_links_tokenHash_check', t.tokenHash),
  ],
);

const shareLinkFields = {
  name: optional(line(200)),
  tokenHash: sha256,
  maxUses: optional(atLeast(1)),
};
export const insertShareLinkSchema = createInsertSchema(shareLinks, shareLinkFields);
export const selectShareLinkSchema = createSelectSchema(shareLinks);
export const updateShareLinkSchema = createUpdateSchema(shareLinks, shareLinkFields).pick({
  name: true,
  revokedAt: true,
});
export type ShareLink = typeof shareLinks.$inferSelect;
export type NewShareLink = typeof shareLinks.$inferInsert;
