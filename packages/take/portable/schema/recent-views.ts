import { camelTimestamps, instant } from '@reference/kit';
import { index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';

/** A row says when a person last viewed a subject. */
export const recentViews = pgTable(
  'recent_views',
  {
    /** Point a foreign key at your table of persons, with ON DELETE CASCADE. */
    userId: text('userId').notNull(),
    /** The id of what was viewed. The same holds for a foreign key. */
    subjectId: text('subjectId').notNull(),
    viewedAt: instant('viewedAt').notNull(),
    ...camelTimestamps,
  },
  (t) => [
    primaryKey({ name: 'recent_views_pkey', columns: [t.userId, t.subjectId] }),
    /** Serves what a person viewed last, and forgetting what they viewed before. */
    index('recent_views_userId_viewedAt_idx').on(t.userId, t.viewedAt, t.subjectId),
    /** Serves deleting a subject. */
    index('recent_views_subjectId_idx').on(t.subjectId),
  ],
);

export const insertRecentViewSchema = createInsertSchema(recentViews);
export const selectRecentViewSchema = createSelectSchema(recentViews);
export const updateRecentViewSchema = createUpdateSchema(recentViews).omit({
  userId: true,
  subjectId: true,
  createdAt: true,
  updatedAt: true,
});
export type RecentView = typeof recentViews.$inferSelect;
export type NewRecentView = typeof recentViews.$inferInsert;
