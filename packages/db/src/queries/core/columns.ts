import { sql } from 'drizzle-orm';
import { drives, pages } from '../../schema/index.ts';
import { seesParent, type UserIdValue } from '../permissions/access.ts';

/** The columns of a page in a list: everything but its content, settings and file details. */
export const pageSummary = {
  id: pages.id,
  driveId: pages.driveId,
  parentId: pages.parentId,
  title: pages.title,
  type: pages.type,
  position: pages.position,
  revision: pages.revision,
  isTrashed: pages.isTrashed,
  trashedAt: pages.trashedAt,
  lastViewedAt: pages.lastViewedAt,
  createdAt: pages.createdAt,
  updatedAt: pages.updatedAt,
};

/** A whole page, except the search vector, which no reader needs. */
export const pageDetail = {
  ...pageSummary,
  originalParentId: pages.originalParentId,
  content: pages.content,
  aiProvider: pages.aiProvider,
  aiModel: pages.aiModel,
  systemPrompt: pages.systemPrompt,
  enabledTools: pages.enabledTools,
  fileSize: pages.fileSize,
  mimeType: pages.mimeType,
  originalFileName: pages.originalFileName,
  filePath: pages.filePath,
  fileMetadata: pages.fileMetadata,
  processingStatus: pages.processingStatus,
  processingError: pages.processingError,
  processedAt: pages.processedAt,
  extractionMethod: pages.extractionMethod,
  extractionMetadata: pages.extractionMetadata,
  contentHash: pages.contentHash,
};

const parentFor = (userId: UserIdValue) =>
  sql<
    string | null
  >`${sql`case when ${pages.parentId} is not null and ${seesParent(userId)} then ${pages.parentId} end`}`;

/** The same for a user who may see the page but not its parent: then `parentId` is null. */
export const pageSummaryFor = (userId: UserIdValue) => ({
  ...pageSummary,
  parentId: parentFor(userId),
});

/** A whole page, for such a user. */
export const pageDetailFor = (userId: UserIdValue) => ({
  ...pageDetail,
  parentId: parentFor(userId),
});

export const driveDetail = {
  id: drives.id,
  name: drives.name,
  slug: drives.slug,
  ownerId: drives.ownerId,
  isTrashed: drives.isTrashed,
  trashedAt: drives.trashedAt,
  createdAt: drives.createdAt,
  updatedAt: drives.updatedAt,
};
