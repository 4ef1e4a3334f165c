import {
  bigint,
  boolean,
  integer,
  jsonb,
  pgTable,
  real,
  text,
  timestamp,
} from 'drizzle-orm-next/pg-core';

// The tables of the queries, declared as Drizzle 1.0 documents it.

const instant = (name: string) => timestamp(name, { precision: 3, withTimezone: true });

export const pages = pgTable('pages', {
  id: text('id').primaryKey(),
  driveId: text('driveId').notNull(),
  parentId: text('parentId'),
  title: text('title').notNull(),
  type: text('type').notNull(),
  position: real('position').notNull(),
  revision: integer('revision').notNull(),
  isTrashed: boolean('isTrashed').notNull(),
  trashedAt: instant('trashedAt'),
  lastViewedAt: instant('lastViewedAt'),
  createdAt: instant('createdAt').notNull(),
  updatedAt: instant('updatedAt').notNull(),
  originalParentId: text('originalParentId'),
  content: text('content').notNull(),
  aiProvider: text('aiProvider'),
  aiModel: text('aiModel'),
  systemPrompt: text('systemPrompt'),
  enabledTools: jsonb('enabledTools'),
  fileSize: bigint('fileSize', { mode: 'number' }),
  mimeType: text('mimeType'),
  originalFileName: text('originalFileName'),
  filePath: text('filePath'),
  fileMetadata: jsonb('fileMetadata'),
  processingStatus: text('processingStatus').notNull(),
  processingError: text('processingError'),
  processedAt: instant('processedAt'),
  extractionMethod: text('extractionMethod'),
  extractionMetadata: jsonb('extractionMetadata'),
  contentHash: text('contentHash'),
});

export const chatMessages = pgTable('chat_messages', {
  id: text('id').primaryKey(),
  pageId: text('pageId').notNull(),
  userId: text('userId'),
  role: text('role').notNull(),
  content: text('content').notNull(),
  toolCalls: jsonb('toolCalls'),
  toolResults: jsonb('toolResults'),
  isActive: boolean('isActive').notNull(),
  editedAt: instant('editedAt'),
  agentRole: text('agentRole').notNull(),
  messageType: text('messageType').notNull(),
  createdAt: instant('createdAt').notNull(),
  updatedAt: instant('updatedAt').notNull(),
});

export const drives = pgTable('drives', {
  id: text('id').primaryKey(),
  ownerId: text('ownerId').notNull(),
  isTrashed: boolean('isTrashed').notNull(),
});

export const driveMembers = pgTable('drive_members', {
  id: text('id').primaryKey(),
  driveId: text('driveId').notNull(),
  userId: text('userId').notNull(),
  role: text('role').notNull(),
  customRoleId: text('customRoleId'),
});

export const driveRoles = pgTable('drive_roles', {
  id: text('id').primaryKey(),
  canView: boolean('canView').notNull(),
  canEdit: boolean('canEdit').notNull(),
  canShare: boolean('canShare').notNull(),
  canDelete: boolean('canDelete').notNull(),
});

export const pagePermissions = pgTable('page_permissions', {
  id: text('id').primaryKey(),
  pageId: text('pageId').notNull(),
  userId: text('userId').notNull(),
  canView: boolean('canView').notNull(),
  canEdit: boolean('canEdit').notNull(),
  canShare: boolean('canShare').notNull(),
  canDelete: boolean('canDelete').notNull(),
  expiresAt: instant('expiresAt'),
});
