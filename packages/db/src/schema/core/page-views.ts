import { camelTimestamps, instant } from '@reference/kit';
import { foreignKey, index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { users } from '../auth.ts';
import { pages } from './pages.ts';

/** A row is a person's last view of a page. */
export const pageViews = pgTable(
  'page_views',
  {
    userId: text('userId').notNull(),
    pageId: text('pageId').notNull(),
    viewedAt: instant('viewedAt').notNull(),
    ...camelTimestamps,
  },
  (t) => [
    primaryKey({ name: 'page_views_pkey', columns: [t.userId, t.pageId] }),
    foreignKey({
      name: 'page_views_userId_fkey',
      columns: [t.userId],
      foreignColumns: [users.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'page_views_pageId_fkey',
      columns: [t.pageId],
      foreignColumns: [pages.id],
    }).onDelete('cascade'),
    /** Serves the pages that a person viewed last. */
    index('page_views_userId_viewedAt_idx').on(t.userId, t.viewedAt, t.pageId),
    /** Serves deleting a page. */
    index('page_views_pageId_idx').on(t.pageId),
  ],
);

export const insertPageViewSchema = createInsertSchema(pageViews);
export const selectPageViewSchema = createSelectSchema(pageViews);
export const updatePageViewSchema = createUpdateSchema(pageViews).omit({
  userId: true,
  pageId: true,
  createdAt: true,
  updatedAt: true,
});
export type PageView = typeof pageViews.$inferSelect;
export type NewPageView = typeof pageViews.$inferInsert;
