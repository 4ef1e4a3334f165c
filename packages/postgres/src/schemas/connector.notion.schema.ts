import { instant } from '@reference/kit';
import { boolean, index, jsonb, pgTable, text, varchar } from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { short, url, vendorColumns, vendorConstraints } from './columns.ts';

/** An emoji, or a file that Notion hosts or links. */
export type NotionIconData = { type: string; emoji?: string; [field: string]: unknown };
export type NotionFileData = { type: string; [field: string]: unknown };
export type NotionUserData = { id: string; name?: string; [field: string]: unknown };
export type NotionPropertiesData = Record<string, { type: string; [field: string]: unknown }>;

/** A row is a page as one connection sees it. */
export const notionPages = pgTable(
  'notion_pages',
  {
    id: short('id').notNull(),
    title: varchar('title', { length: 2000 }).notNull(),
    url: url('url'),
    parentType: varchar('parent_type', { length: 32 }),
    parentId: short('parent_id'),
    isArchived: boolean('is_archived').notNull().default(false),
    icon: jsonb('icon').$type<NotionIconData>(),
    cover: jsonb('cover').$type<NotionFileData>(),
    content: text('content'),
    properties: jsonb('properties').$type<NotionPropertiesData>(),
    createdBy: jsonb('created_by').$type<NotionUserData>(),
    lastEditedBy: jsonb('last_edited_by').$type<NotionUserData>(),
    pageCreatedAt: instant('page_created_at').notNull(),
    pageEditedAt: instant('page_edited_at').notNull(),
    ...vendorColumns,
  },
  (t) => [
    ...vendorConstraints('notion_pages', t),
    // Serves getNotionPages under one parent.
    index('notion_pages_parent_idx').on(t.connectorConfigId, t.parentId, t.updatedAt, t.id),
    // Serves the activity feed.
    index('notion_pages_activity_idx').on(t.connectorConfigId, t.pageEditedAt, t.id),
  ],
);

export const notionPageInsertSchema = createInsertSchema(notionPages);
export const notionPageSelectSchema = createSelectSchema(notionPages);
export const notionPageUpdateSchema = createUpdateSchema(notionPages);

export type NotionPageDataTarget = typeof notionPages.$inferInsert;
export type NotionPageDataSelect = typeof notionPages.$inferSelect;
