import { camelTimestamps } from '@reference/kit';
import { sql } from 'drizzle-orm';
import {
  bigint,
  check,
  foreignKey,
  index,
  pgEnum,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { users } from './auth.ts';
import { checkTokenHash, cuid } from './columns.ts';
import { pages } from './core.ts';
import { atLeast, immutable, line, sha256 } from './fields.ts';

export const storageEventType = pgEnum('StorageEventType', [
  'UPLOAD',
  'DELETE',
  'UPDATE',
  'RECONCILE',
]);
export type StorageEventType = (typeof storageEventType.enumValues)[number];

/** A row is one stored content, for all of its uploaders and pages. No drive owns it. */
export const files = pgTable(
  'files',
  {
    id: cuid(),
    /** SHA-256 of the bytes. */
    contentHash: text('contentHash').notNull(),
    sizeBytes: bigint('sizeBytes', { mode: 'number' }).notNull(),
    mimeType: text('mimeType').notNull(),
    storagePath: text('storagePath').notNull(),
    createdBy: text('createdBy'),
    ...camelTimestamps,
  },
  (t) => [
    foreignKey({
      name: 'files_createdBy_fkey',
      columns: [t.createdBy],
      foreignColumns: [users.id],
    }).onDelete('set null'),
    /** Serves finding content that is stored already. */
    uniqueIndex('files_contentHash_key').on(t.contentHash),
    /** Serves deleting a user who uploaded. */
    index('files_createdBy_idx').on(t.createdBy),
    /** Serves finding files that no page uses, oldest first. */
    index('files_createdAt_idx').on(t.createdAt, t.id),
    check('files_sizeBytes_check', sql`${t.sizeBytes} >= 0`),
    checkTokenHash('files_contentHash_check', t.contentHash),
  ],
);

const fileFields = {
  contentHash: sha256,
  sizeBytes: atLeast(0),
  mimeType: line(255),
  storagePath: line(4096),
};
export const insertFileSchema = createInsertSchema(files, fileFields);
export const selectFileSchema = createSelectSchema(files);
export const updateFileSchema = createUpdateSchema(files, fileFields).omit({
  ...immutable,
  createdBy: true,
  contentHash: true,
});
export type File = typeof files.$inferSelect;
export type NewFile = typeof files.$inferInsert;

/**
 * A row is a page's use of a file, and the person whose storage it uses. When the row is deleted,
 * also with its page, the trigger `file_pages_release_storage` gives the bytes back.
 */
export const filePages = pgTable(
  'file_pages',
  {
    fileId: text('fileId').notNull(),
    pageId: text('pageId').notNull(),
    /** The person whose storage it uses; null once that person is gone. */
    uploadedBy: text('uploadedBy'),
    /** The bytes that it counts: the file's size at the upload. */
    chargedBytes: bigint('chargedBytes', { mode: 'number' }).notNull().default(0),
    ...camelTimestamps,
  },
  (t) => [
    primaryKey({ name: 'file_pages_pkey', columns: [t.fileId, t.pageId] }),
    foreignKey({
      name: 'file_pages_fileId_fkey',
      columns: [t.fileId],
      foreignColumns: [files.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'file_pages_pageId_fkey',
      columns: [t.pageId],
      foreignColumns: [pages.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'file_pages_uploadedBy_fkey',
      columns: [t.uploadedBy],
      foreignColumns: [users.id],
    }).onDelete('set null'),
    /** Serves the files of a page, latest first, and deleting a page. */
    index('file_pages_pageId_createdAt_idx').on(t.pageId, t.createdAt, t.fileId),
    /** Serves the sum of a person's uploads, and deleting a user. */
    index('file_pages_uploadedBy_chargedBytes_idx').on(t.uploadedBy, t.chargedBytes),
    check('file_pages_chargedBytes_check', sql`${t.chargedBytes} >= 0`),
  ],
);

const filePageFields = { chargedBytes: atLeast(0) };
export const insertFilePageSchema = createInsertSchema(filePages, filePageFields);
export const selectFilePageSchema = createSelectSchema(filePages);
export const updateFilePageSchema = createUpdateSchema(filePages, filePageFields).omit({
  fileId: true,
  pageId: true,
  uploadedBy: true,
  createdAt: true,
  updatedAt: true,
});
export type FilePage = typeof filePages.$inferSelect;
export type NewFilePage = typeof filePages.$inferInsert;

/**
 * A row is one change of a person's storage. Each `totalAfter` is the one before plus `sizeDelta`.
 */
export const storageEvents = pgTable(
  'storage_events',
  {
    id: cuid(),
    userId: text('userId').notNull(),
    pageId: text('pageId'),
    type: storageEventType('type').notNull(),
    /** Bytes; negative for a deletion. */
    sizeDelta: bigint('sizeDelta', { mode: 'number' }).notNull(),
    /** The person's stored bytes after it. */
    totalAfter: bigint('totalAfter', { mode: 'number' }).notNull(),
    ...camelTimestamps,
  },
  (t) => [
    foreignKey({
      name: 'storage_events_userId_fkey',
      columns: [t.userId],
      foreignColumns: [users.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'storage_events_pageId_fkey',
      columns: [t.pageId],
      foreignColumns: [pages.id],
    }).onDelete('set null'),
    /** Serves a person's events, latest first. */
    index('storage_events_userId_createdAt_idx').on(t.userId, t.createdAt, t.id),
    /** Serves the sum of a person's storage, without reading the table. */
    index('storage_events_userId_sizeDelta_idx').on(t.userId, t.sizeDelta),
    /** Serves deleting a page. */
    index('storage_events_pageId_idx').on(t.pageId),
    check('storage_events_totalAfter_check', sql`${t.totalAfter} >= 0`),
  ],
);

const storageEventFields = { totalAfter: atLeast(0) };
export const insertStorageEventSchema = createInsertSchema(storageEvents, storageEventFields);
export const selectStorageEventSchema = createSelectSchema(storageEvents);
export const updateStorageEventSchema = createUpdateSchema(storageEvents, storageEventFields).omit({
  ...immutable,
  userId: true,
  pageId: true,
});
export type StorageEvent = typeof storageEvents.$inferSelect;
export type NewStorageEvent = typeof storageEvents.$inferInsert;
