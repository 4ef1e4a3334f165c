import { camelTimestamps, instant } from '@reference/kit';
import { sql } from 'drizzle-orm';
import { boolean, check, foreignKey, index, pgTable, text, unique } from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { users } from '../auth.ts';
import { cuid } from '../columns.ts';
import { immutable, line } from '../fields.ts';
import { pages } from './pages.ts';

/** A row is a comment on a page, or a reply to another comment on the same page. */
export const pageComments = pgTable(
  'page_comments',
  {
    id: cuid(),
    pageId: text('pageId').notNull(),
    authorId: text('authorId').notNull(),
    /** The comment that this one answers; null for one that starts a thread. */
    parentId: text('parentId'),
    content: text('content').notNull(),
    editedAt: instant('editedAt'),
    isTrashed: boolean('isTrashed').notNull().default(false),
    trashedAt: instant('trashedAt'),
    ...camelTimestamps,
  },
  (t) => [
    foreignKey({
      name: 'page_comments_pageId_fkey',
      columns: [t.pageId],
      foreignColumns: [pages.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'page_comments_authorId_fkey',
      columns: [t.authorId],
      foreignColumns: [users.id],
    }).onDelete('cascade'),
    /** A reply lies on the same page. */
    foreignKey({
      name: 'page_comments_pageId_parentId_fkey',
      columns: [t.pageId, t.parentId],
      foreignColumns: [t.pageId, t.id],
    }).onDelete('cascade'),
    /** The target of the foreign key from a reply. */
    unique('page_comments_pageId_id_key').on(t.pageId, t.id),
    /** Serves the threads of a page and the replies to a comment, oldest first. */
    index('page_comments_pageId_parentId_createdAt_idx').on(
      t.pageId,
      t.parentId,
      t.createdAt,
      t.id,
    ),
    /** Serves deleting a user. */
    index('page_comments_authorId_idx').on(t.authorId),
    check('page_comments_parentId_check', sql`${t.parentId} <> ${t.id}`),
    check('page_comments_trashedAt_check', sql`${t.isTrashed} = (${t.trashedAt} is not null)`),
  ],
);

const pageCommentFields = { content: line(20_000) };
export const insertPageCommentSchema = createInsertSchema(pageComments, pageCommentFields);
export const selectPageCommentSchema = createSelectSchema(pageComments);
export const updatePageCommentSchema = createUpdateSchema(pageComments, pageCommentFields).omit({
  ...immutable,
  pageId: true,
  authorId: true,
  parentId: true,
});
export type PageComment = typeof pageComments.$inferSelect;
export type NewPageComment = typeof pageComments.$inferInsert;
