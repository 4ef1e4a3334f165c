import { camelTimestamps } from '@reference/kit';
import { sql } from 'drizzle-orm';
import { check, foreignKey, index, pgTable, real, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { users } from '../auth.ts';
import { cuid } from '../columns.ts';
import { immutable } from '../fields.ts';
import { drives } from './drives.ts';
import { pages } from './pages.ts';

/** A row is a page or a drive that a user marked as a favourite. */
export const favorites = pgTable(
  'favorites',
  {
    id: cuid(),
    userId: text('userId').notNull(),
    pageId: text('pageId'),
    driveId: text('driveId'),
    /** Order in the user's list, ties broken by id. */
    position: real('position').notNull(),
    ...camelTimestamps,
  },
  (t) => [
    foreignKey({
      name: 'favorites_userId_fkey',
      columns: [t.userId],
      foreignColumns: [users.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'favorites_pageId_fkey',
      columns: [t.pageId],
      foreignColumns: [pages.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'favorites_driveId_fkey',
      columns: [t.driveId],
      foreignColumns: [drives.id],
    }).onDelete('cascade'),
    /** Serves a user's favorites in order. */
    index('favorites_userId_position_idx').on(t.userId, t.position, t.id),
    /** Serves marking a page once, and deleting a page. */
    uniqueIndex('favorites_pageId_userId_key').on(t.pageId, t.userId),
    /** Serves marking a drive once, and deleting a drive. */
    uniqueIndex('favorites_driveId_userId_key').on(t.driveId, t.userId),
    check('favorites_target_check', sql`num_nonnulls(${t.pageId}, ${t.driveId}) = 1`),
  ],
);

export const insertFavoriteSchema = createInsertSchema(favorites);
export const selectFavoriteSchema = createSelectSchema(favorites);
export const updateFavoriteSchema = createUpdateSchema(favorites).omit({
  ...immutable,
  userId: true,
  pageId: true,
  driveId: true,
});
export type Favorite = typeof favorites.$inferSelect;
export type NewFavorite = typeof favorites.$inferInsert;
