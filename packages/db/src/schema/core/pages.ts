import { camelTimestamps, instant } from '@reference/kit';
import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  customType,
  foreignKey,
  index,
  integer,
  jsonb,
  pgEnum,
  pgTable,
  real,
  text,
  unique,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { z } from 'zod';
import { cuid } from '../columns.ts';
import { atLeast, immutable, line, optional, prose, sha256 } from '../fields.ts';
import { boundedJson } from '../json.ts';
import { drives } from './drives.ts';

export const pageType = pgEnum('PageType', [
  'FOLDER',
  'DOCUMENT',
  'CHANNEL',
  'AI_CHAT',
  'CANVAS',
  'FILE',
  'SHEET',
]);
export type PageType = (typeof pageType.enumValues)[number];

export const processingStatus = pgEnum('ProcessingStatus', [
  'pending',
  'processing',
  'completed',
  'failed',
]);
export type ProcessingStatus = (typeof processingStatus.enumValues)[number];

const tsvector = customType<{ data: string }>({ dataType: () => 'tsvector' });

/** The most characters of content that one page may hold. */
export const maxPageContent = 5_000_000;

/** The AI tools that a page allows, by name. */
export const enabledToolsSchema = z.array(z.string().min(1).max(100)).max(200);
/** Facts about a page's file: dimensions, source, camera, …; at most 64 KB. */
export const fileMetadataSchema = boundedJson(z.record(z.string(), z.json()), 64_000);
/** The report of text extraction on a file: pages, language, confidence, …; at most 64 KB. */
export const extractionMetadataSchema = boundedJson(z.record(z.string(), z.json()), 64_000);

/** A row is a page: one node in the tree of one drive, of any type. */
export const pages = pgTable(
  'pages',
  {
    id: cuid(),
    driveId: text('driveId').notNull(),
    /** Null at the root of the drive, and for a page that began a trash act. */
    parentId: text('parentId'),
    /** The parent that a trashed page was taken from; null when it came from the root. */
    originalParentId: text('originalParentId'),
    title: text('title').notNull(),
    type: pageType('type').notNull(),
    content: text('content').notNull().default(''),
    /** Order among siblings, ties broken by id: midpoints, renumbered when `real` has none left. */
    position: real('position').notNull(),
    isTrashed: boolean('isTrashed').notNull().default(false),
    trashedAt: instant('trashedAt'),
    /** When anybody last viewed it; `page_views` has when each person did. */
    lastViewedAt: instant('lastViewedAt'),
    /** Raised by every change of content or settings; a writer passes the one it read. */
    revision: integer('revision').notNull().default(0),
    aiProvider: text('aiProvider'),
    aiModel: text('aiModel'),
    systemPrompt: text('systemPrompt'),
    enabledTools: jsonb('enabledTools').$type<z.infer<typeof enabledToolsSchema>>(),
    /** Bytes. */
    fileSize: bigint('fileSize', { mode: 'number' }),
    mimeType: text('mimeType'),
    originalFileName: text('originalFileName'),
    /** The file's path; for an imported page, inside the imported folder. */
    filePath: text('filePath'),
    fileMetadata: jsonb('fileMetadata').$type<z.infer<typeof fileMetadataSchema>>(),
    processingStatus: processingStatus('processingStatus').notNull().default('pending'),
    processingError: text('processingError'),
    processedAt: instant('processedAt'),
    /** How the content was extracted from its source; 'import' for pages that `db:import` keeps. */
    extractionMethod: text('extractionMethod'),
    extractionMetadata:
      jsonb('extractionMetadata').$type<z.infer<typeof extractionMetadataSchema>>(),
    /** SHA-256 of the source's bytes. */
    contentHash: text('contentHash'),
    // A tsvector holds at most 1 MB; 200,000 characters of the worst content fit.
    searchVector: tsvector('searchVector').generatedAlwaysAs(
      sql`setweight(to_tsvector('english', "title"), 'A') || setweight(to_tsvector('english', left("content", 200000)), 'B')`,
    ),
    ...camelTimestamps,
  },
  (t) => [
    foreignKey({
      name: 'pages_driveId_fkey',
      columns: [t.driveId],
      foreignColumns: [drives.id],
    }).onDelete('cascade'),
    /** A parent is in the same drive. */
    foreignKey({
      name: 'pages_driveId_parentId_fkey',
      columns: [t.driveId, t.parentId],
      foreignColumns: [t.driveId, t.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'pages_originalParentId_fkey',
      columns: [t.originalParentId],
      foreignColumns: [t.id],
    }).onDelete('set null'),
    /** The target of every foreign key that must stay inside one drive. */
    unique('pages_driveId_id_key').on(t.driveId, t.id),
    /**
     * Serves the children of a page in order, finding a drive's subtree, and a drive's whole tree
     * from the index alone, which needs columns that nothing looks up.
     */
    index('pages_tree_idx').on(
      t.driveId,
      t.parentId,
      t.position,
      t.id,
      t.isTrashed,
      t.type,
      t.title,
    ),
    // Read backwards for "latest first". drizzle's desc() adds NULLS LAST, which `order by … desc`
    // cannot use, so no index here has it.
    /** Serves the pages of a drive, not trashed, latest first. */
    index('pages_driveId_isTrashed_updatedAt_idx').on(t.driveId, t.isTrashed, t.updatedAt, t.id),
    /** Serves the restorable pages of a drive, latest first. */
    index('pages_driveId_trashedAt_idx')
      .on(t.driveId, t.trashedAt, t.id)
      .where(sql`${t.isTrashed} and ${t.parentId} is null`),
    /** Serves purging the trash. */
    index('pages_trashedAt_idx').on(t.trashedAt, t.id).where(sql`${t.isTrashed}`),
    /** Serves restoring a page whose former parent is deleted for good. */
    index('pages_originalParentId_idx').on(t.originalParentId),
    /** Serves a second import of the same folder: one page per path. */
    uniqueIndex('pages_driveId_filePath_import_key')
      .on(t.driveId, t.filePath)
      .where(sql`${t.extractionMethod} = 'import'`),
    /** Serves finding the channels of the drives that a person manages. */
    index('pages_channels_idx')
      .on(t.driveId, t.id)
      .where(sql`${t.type} = 'CHANNEL' and not ${t.isTrashed}`)
      .concurrently(),
    /**
     * Serves full-text search, also within some drives; with the words alone, it would find
     * matching pages of all drives. The extension btree_gin lets a GIN index hold a text.
     */
    index('pages_driveId_searchVector_idx').using('gin', t.driveId, t.searchVector).concurrently(),
    check('pages_trashedAt_check', sql`${t.isTrashed} = (${t.trashedAt} is not null)`),
    // An index entry is limited in size, and pages_tree_idx holds the title.
    check('pages_title_check', sql`char_length(${t.title}) <= 500`),
    check('pages_parentId_check', sql`${t.parentId} <> ${t.id}`),
    check('pages_position_check', sql`${t.position} between -1e30 and 1e30`),
    check('pages_revision_check', sql`${t.revision} >= 0`),
    check('pages_fileSize_check', sql`${t.fileSize} >= 0`),
  ],
);

const pageFields = {
  title: line(500),
  content: optional(prose(maxPageContent)),
  position: (field: z.ZodNumber) => field.min(-1e30).max(1e30),
  revision: optional(atLeast(0)),
  aiProvider: optional(line(100)),
  aiModel: optional(line(200)),
  systemPrompt: optional(prose(100_000)),
  enabledTools: enabledToolsSchema.nullish(),
  fileSize: optional(atLeast(0)),
  mimeType: optional(line(255)),
  originalFileName: optional(line(1000)),
  filePath: optional(line(4096)),
  fileMetadata: fileMetadataSchema.nullish(),
  processingError: optional(prose(10_000)),
  extractionMethod: optional(line(100)),
  extractionMetadata: extractionMetadataSchema.nullish(),
  contentHash: optional(sha256),
};
export const insertPageSchema = createInsertSchema(pages, pageFields);
export const selectPageSchema = createSelectSchema(pages).omit({ searchVector: true });
export const updatePageSchema = createUpdateSchema(pages, pageFields).omit({
  ...immutable,
  driveId: true,
});
export type Page = typeof pages.$inferSelect;
export type NewPage = typeof pages.$inferInsert;
