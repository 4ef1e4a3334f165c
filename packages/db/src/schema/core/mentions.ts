import { camelTimestamps } from '@reference/kit';
import { sql } from 'drizzle-orm';
import { check, foreignKey, index, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { users } from '../auth.ts';
import { cuid } from '../columns.ts';
import { immutable } from '../fields.ts';
import { pages } from './pages.ts';

/**
 * A row is a mention of another page or a person in a page's content; the two pages may be in two
 * drives.
 */
export const mentions = pgTable(
  'mentions',
  {
    id: cuid(),
    /** The drive of the mentioning page, which the page never leaves. */
    sourceDriveId: text('sourceDriveId').notNull(),
    sourcePageId: text('sourcePageId').notNull(),
    targetPageId: text('targetPageId'),
    targetUserId: text('targetUserId'),
    ...camelTimestamps,
  },
  (t) => [
    foreignKey({
      name: 'mentions_sourceDriveId_sourcePageId_fkey',
      columns: [t.sourceDriveId, t.sourcePageId],
      foreignColumns: [pages.driveId, pages.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'mentions_targetPageId_fkey',
      columns: [t.targetPageId],
      foreignColumns: [pages.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'mentions_targetUserId_fkey',
      columns: [t.targetUserId],
      foreignColumns: [users.id],
    }).onDelete('cascade'),
    /** Serves deleting a page. */
    index('mentions_sourceDriveId_sourcePageId_idx')
      .on(t.sourceDriveId, t.sourcePageId)
      .concurrently(),
    /** Serves the pages that a page mentions, each once. */
    uniqueIndex('mentions_sourcePageId_targetPageId_key').on(t.sourcePageId, t.targetPageId),
    /** Serves the people that a page mentions, each once. */
    uniqueIndex('mentions_sourcePageId_targetUserId_key').on(t.sourcePageId, t.targetUserId),
    /** Serves the pages of one drive that mention a page, latest first. */
    index('mentions_targetPageId_sourceDriveId_createdAt_idx')
      .on(t.targetPageId, t.sourceDriveId, t.createdAt, t.id)
      .concurrently(),
    /** Serves the pages of one drive that mention a person, latest first. */
    index('mentions_targetUserId_sourceDriveId_createdAt_idx')
      .on(t.targetUserId, t.sourceDriveId, t.createdAt, t.id)
      .concurrently(),
    check('mentions_target_check', sql`num_nonnulls(${t.targetPageId}, ${t.targetUserId}) = 1`),
  ],
);

export const insertMentionSchema = createInsertSchema(mentions);
export const selectMentionSchema = createSelectSchema(mentions);
export const updateMentionSchema = createUpdateSchema(mentions).omit({
  ...immutable,
  sourceDriveId: true,
  sourcePageId: true,
});
export type Mention = typeof mentions.$inferSelect;
export type NewMention = typeof mentions.$inferInsert;
