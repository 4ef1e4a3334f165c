import { camelTimestamps } from '@reference/kit';
import { sql } from 'drizzle-orm';
import { check, index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { z } from 'zod';

/** Where to cut a later text, how many UTF-16 units to drop there, and what stood there before. */
export const textPatchSchema = z.array(z.tuple([z.int().min(0), z.int().min(0), z.string()]));
export type TextPatch = z.infer<typeof textPatchSchema>;

/** A row is what a text was until it was changed: as a patch of the next version, or whole. */
export const textVersions = pgTable(
  'text_versions',
  {
    /** The id of the row that has the text. Point a foreign key at its table, with ON DELETE CASCADE. */
    textId: text('textId').notNull(),
    /** Which revision of the text this is. */
    revision: integer('revision').notNull(),
    /** Makes this version's content of the next one's; null where `content` holds it whole. */
    patch: jsonb('patch').$type<TextPatch>(),
    content: text('content'),
    /** SHA-256 of the content, so that a patch of a wrong text is never taken for it. */
    contentHash: text('contentHash').notNull(),
    /** The author of the next version. Point a foreign key at your persons, with ON DELETE SET NULL. */
    replacedBy: text('replacedBy'),
    ...camelTimestamps,
  },
  (t) => [
    /** Serves the history of a text, and reading one version. */
    primaryKey({ name: 'text_versions_pkey', columns: [t.textId, t.revision] }),
    /** Serves retention, the oldest first. */
    index('text_versions_createdAt_idx').on(t.createdAt, t.textId, t.revision),
    /** Serves deleting a person. */
    index('text_versions_replacedBy_idx').on(t.replacedBy),
    check('text_versions_content_check', sql`(${t.patch} is null) <> (${t.content} is null)`),
    check('text_versions_contentHash_check', sql`${t.contentHash} ~ '^[0-9a-f]{64}$'`),
  ],
);

const fields = { patch: textPatchSchema.nullish() };
export const insertTextVersionSchema = createInsertSchema(textVersions, fields);
export const selectTextVersionSchema = createSelectSchema(textVersions);
/** A version never changes. */
export const updateTextVersionSchema = createUpdateSchema(textVersions, fields).pick({
  replacedBy: true,
});
export type TextVersion = typeof textVersions.$inferSelect;
export type NewTextVersion = typeof textVersions.$inferInsert;
