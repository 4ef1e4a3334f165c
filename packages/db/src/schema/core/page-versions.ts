import { camelTimestamps } from '@reference/kit';
import { sql } from 'drizzle-orm';
import {
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
} from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { z } from 'zod';
import { users } from '../auth.ts';
import { sha256 } from '../fields.ts';
import { pages } from './pages.ts';

/**
 * Each change: its position in the later text, the number of UTF-16 units to drop there, and the
 * earlier text.
 */
export const textPatchSchema = z.array(z.tuple([z.int().min(0), z.int().min(0), z.string()]));
export type TextPatch = z.infer<typeof textPatchSchema>;

/** A row is a page's former version: a patch of the next version, or whole. */
export const pageVersions = pgTable(
  'page_versions',
  {
    pageId: text('pageId').notNull(),
    /** The page's revision of this version. */
    revision: integer('revision').notNull(),
    title: text('title').notNull(),
    /** Makes this version's content from the next one's; null if `content` holds it whole. */
    patch: jsonb('patch').$type<TextPatch>(),
    content: text('content'),
    /** SHA-256 of the content, which reveals a patch that was applied to a wrong text. */
    contentHash: text('contentHash').notNull(),
    /** The author of the next version; null for an import, or once the person is gone. */
    replacedBy: text('replacedBy'),
    ...camelTimestamps,
  },
  (t) => [
    primaryKey({ name: 'page_versions_pkey', columns: [t.pageId, t.revision] }),
    foreignKey({
      name: 'page_versions_pageId_fkey',
      columns: [t.pageId],
      foreignColumns: [pages.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'page_versions_replacedBy_fkey',
      columns: [t.replacedBy],
      foreignColumns: [users.id],
    }).onDelete('set null'),
    /** Serves retention, the oldest first. */
    index('page_versions_createdAt_idx').on(t.createdAt, t.pageId, t.revision),
    /** Serves deleting a user. */
    index('page_versions_replacedBy_idx').on(t.replacedBy),
    check('page_versions_content_check', sql`(${t.patch} is null) <> (${t.content} is null)`),
    check('page_versions_contentHash_check', sql`${t.contentHash} ~ '^[0-9a-f]{64}$'`),
  ],
);

const fields = { patch: textPatchSchema.nullish(), contentHash: sha256 };
export const insertPageVersionSchema = createInsertSchema(pageVersions, fields);
export const selectPageVersionSchema = createSelectSchema(pageVersions);
/** A version never changes. */
export const updatePageVersionSchema = createUpdateSchema(pageVersions, fields).pick({
  replacedBy: true,
});
export type PageVersion = typeof pageVersions.$inferSelect;
export type NewPageVersion = typeof pageVersions.$inferInsert;
