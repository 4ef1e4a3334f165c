import { camelTimestamps } from '@reference/kit';
import { sql } from 'drizzle-orm';
import { check, foreignKey, index, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { users } from '../auth.ts';
import { cuid } from '../columns.ts';
import { immutable } from '../fields.ts';
import { pages } from './pages.ts';

/** A row says that a page's content names another page or a person. */
export const mentions = pgTable(
  'mentions',
  {
    id: cuid(),
    sourcePageId: text('sourcePageId').notNull(),
    targetPageId: text('targetPageId'),
    targetUserId: text('targetUserId'),
    ...camelTimestamps,
  },
  (t) => [
    foreignKey({
      name: 'mentions_sourcePageId_fkey',
      columns: [t.sourcePageId],
      foreignColumns: [pages.id],
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
    /** Serves what a page mentions, each page once. */
    uniqueIndex('mentions_sourcePageId_targetPageId_key').on(t.sourcePageId, t.targetPageId),
    /** Serves whom a page mentions, each person once. */
    uniqueIndex('mentions_sourcePageId_targetUserId_key').on(t.sourcePageId, t.targetUserId),
    /** Serves the pages that mention a page, latest first. */
    index('mentions_targetPageId_createdAt_idx').on(t.targetPageId, t.createdAt, t.id),
    /** Serves the pages that mention a person, latest first. */
    index('mentions_targetUserId_createdAt_idx').on(t.targetUserId, t.createdAt, t.id),
    check('mentions_target_check', sql`num_nonnulls(${t.targetPageId}, ${t.targetUserId}) = 1`),
  ],
);

export const insertMentionSchema = createInsertSchema(mentions);
export const selectMentionSchema = createSelectSchema(mentions);
export const updateMentionSchema = createUpdateSchema(mentions).omit({
  ...immutable,
  sourcePageId: true,
});
export type Mention = typeof mentions.$inferSelect;
export type NewMention = typeof mentions.$inferInsert;
