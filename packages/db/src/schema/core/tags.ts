import { camelTimestamps } from '@reference/kit';
import { sql } from 'drizzle-orm';
import {
  check,
  foreignKey,
  index,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import type { z } from 'zod';
import { cuid } from '../columns.ts';
import { immutable, line, optional } from '../fields.ts';
import { drives } from './drives.ts';
import { pages } from './pages.ts';

/** A row is a label that the pages of one drive may carry. */
export const tags = pgTable(
  'tags',
  {
    id: cuid(),
    driveId: text('driveId').notNull(),
    name: text('name').notNull(),
    /** `#rrggbb`. */
    color: text('color'),
    ...camelTimestamps,
  },
  (t) => [
    foreignKey({
      name: 'tags_driveId_fkey',
      columns: [t.driveId],
      foreignColumns: [drives.id],
    }).onDelete('cascade'),
    /** Serves the tags of a drive by name, each name once whatever its case. */
    uniqueIndex('tags_driveId_name_key').on(t.driveId, sql`lower(${t.name})`),
    /** The target of the foreign key that keeps a page's tags inside its drive. */
    unique('tags_driveId_id_key').on(t.driveId, t.id),
    check('tags_color_check', sql`${t.color} ~ '^#[0-9a-f]{6}$'`),
  ],
);

const tagFields = {
  name: line(100),
  color: optional((field: z.ZodString) => field.regex(/^#[0-9a-f]{6}$/, 'must look like #1f9d55')),
};
export const insertTagSchema = createInsertSchema(tags, tagFields);
export const selectTagSchema = createSelectSchema(tags);
export const updateTagSchema = createUpdateSchema(tags, tagFields).omit({
  ...immutable,
  driveId: true,
});
export type Tag = typeof tags.$inferSelect;
export type NewTag = typeof tags.$inferInsert;

/** A row is a tag on a page of its drive. */
export const pageTags = pgTable(
  'page_tags',
  {
    /** Both the page's and the tag's drive, because the two foreign keys share it. */
    driveId: text('driveId').notNull(),
    pageId: text('pageId').notNull(),
    tagId: text('tagId').notNull(),
    ...camelTimestamps,
  },
  (t) => [
    primaryKey({ name: 'page_tags_pkey', columns: [t.pageId, t.tagId] }),
    foreignKey({
      name: 'page_tags_driveId_pageId_fkey',
      columns: [t.driveId, t.pageId],
      foreignColumns: [pages.driveId, pages.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'page_tags_driveId_tagId_fkey',
      columns: [t.driveId, t.tagId],
      foreignColumns: [tags.driveId, tags.id],
    }).onDelete('cascade'),
    /** Serves deleting a page. */
    index('page_tags_driveId_pageId_idx').on(t.driveId, t.pageId),
    /** Serves the pages that carry a tag, latest first. */
    index('page_tags_driveId_tagId_createdAt_idx').on(t.driveId, t.tagId, t.createdAt, t.pageId),
  ],
);

export const insertPageTagSchema = createInsertSchema(pageTags);
export const selectPageTagSchema = createSelectSchema(pageTags);
export const updatePageTagSchema = createUpdateSchema(pageTags).omit({
  driveId: true,
  pageId: true,
  tagId: true,
  createdAt: true,
  updatedAt: true,
});
export type PageTag = typeof pageTags.$inferSelect;
export type NewPageTag = typeof pageTags.$inferInsert;
