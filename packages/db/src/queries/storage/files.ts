import {
  ConflictError,
  InvalidInputError,
  type KeysetPage,
  keyset,
  listPage,
  NotFoundError,
  type PageRequest,
  parseInput,
  parseLimit,
  transaction,
} from '@reference/kit';
import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Db, Tx } from '../../database.ts';
import { type File, filePages, files, insertFileSchema, pages } from '../../schema/index.ts';
import { requireLivePage } from '../core/page-rights.ts';
import { hasPageRight } from '../permissions/access.ts';
import { onlyRow } from '../rows.ts';
import { requirePlanLimits } from '../subscriptions/subscriptions.ts';
import { lockUsage, usedBytes, writeEvent } from './ledger.ts';

const fileDetail = {
  id: files.id,
  contentHash: files.contentHash,
  sizeBytes: files.sizeBytes,
  mimeType: files.mimeType,
  storagePath: files.storagePath,
  createdAt: files.createdAt,
  updatedAt: files.updatedAt,
};
/** The first uploader may be a stranger in another drive, so only they see their own id. */
const createdByCaller = (userId: string) =>
  sql<string | null>`case when ${files.createdBy} = ${userId} then ${files.createdBy} end`;

const uploadSchema = insertFileSchema
  .pick({ contentHash: true, sizeBytes: true, mimeType: true, storagePath: true })
  .strict();
/** The facts about the bytes that an upload stored. */
export type Upload = Pick<File, 'contentHash' | 'sizeBytes' | 'mimeType' | 'storagePath'>;

/**
 * Records that a page uses a stored file. Content that is stored already keeps its one row and
 * path, but also counts for this uploader, until it is removed from the page or the page is purged.
 * A second call changes nothing.
 *
 * @throws NotFoundError, ForbiddenError when the user does not see or may not edit the page
 * @throws ConflictError when the file would exceed the storage of the user's plan, or content of
 *   that hash is stored with another size
 * @throws InvalidInputError when it is larger than the plan allows for one file
 */
export async function recordUpload(
  db: Db,
  { userId, pageId, upload }: { userId: string; pageId: string; upload: Upload },
): Promise<File> {
  const values = parseInput(uploadSchema, upload);
  return transaction(db, async (tx) => {
    // Locks the page first and then the person, as a deletion of the page does when it gives the
    // bytes back.
    await requireLivePage(tx, { userId, pageId, right: 'canEdit' });
    await lockUsage(tx, userId);
    const file = await storeOnce(tx, { ...values, createdBy: userId });
    const linked = await tx
      .insert(filePages)
      .values({ fileId: file.id, pageId, uploadedBy: userId, chargedBytes: file.sizeBytes })
      .onConflictDoNothing()
      .returning({ fileId: filePages.fileId });
    if (linked.length > 0) await count(tx, { userId, pageId, sizeBytes: file.sizeBytes });
    return file;
  });
}

async function storeOnce(tx: Tx, values: Upload & { createdBy: string }): Promise<File> {
  // The update changes nothing but locks the row, so that it is not deleted as unused before it is
  // linked.
  const rows = await tx
    .insert(files)
    .values(values)
    .onConflictDoUpdate({ target: files.contentHash, set: { updatedAt: files.updatedAt } })
    .returning({ ...fileDetail, createdBy: createdByCaller(values.createdBy) });
  const file = onlyRow(rows);
  if (file.sizeBytes !== values.sizeBytes)
    throw new ConflictError('Content of this hash is stored with another size. Hash it again.');
  return file;
}

async function count(
  tx: Tx,
  { userId, pageId, sizeBytes }: { userId: string; pageId: string; sizeBytes: number },
): Promise<void> {
  const { storageBytes, maxFileBytes } = await requirePlanLimits(tx, { userId });
  if (sizeBytes > maxFileBytes) {
    throw new InvalidInputError(
      `This file has ${sizeBytes} bytes; the plan allows ${maxFileBytes} for one file.`,
    );
  }
  const used = await usedBytes(tx, userId);
  if (used + sizeBytes > storageBytes) {
    throw new ConflictError(
      `This file does not fit: ${used} of ${storageBytes} bytes are used. Delete something, or choose a larger plan.`,
    );
  }
  await writeEvent(tx, { userId, pageId, type: 'UPLOAD', sizeDelta: sizeBytes, used });
}

/**
 * Removes a file from a page; its content stays for other pages that use it. The bytes no longer
 * count for its uploader there.
 *
 * @throws NotFoundError when the page does not use the file, or the user may not see it
 * @throws ForbiddenError when the user may not edit the page
 */
export async function removeFileFromPage(
  db: Db,
  { userId, pageId, fileId }: { userId: string; pageId: string; fileId: string },
): Promise<void> {
  await transaction(db, async (tx) => {
    await requireLivePage(tx, { userId, pageId, right: 'canEdit' });
    const removed = await tx
      .delete(filePages)
      .where(and(eq(filePages.fileId, fileId), eq(filePages.pageId, pageId)))
      .returning({ fileId: filePages.fileId });
    if (removed.length === 0) throw new NotFoundError('This page does not use that file.');
  });
}

const latestFirst = keyset([
  { column: filePages.createdAt, direction: 'desc' },
  { column: filePages.fileId, direction: 'desc' },
]);

/** Lists the files of a page that the user may see, latest first. */
export async function listPageFiles(
  db: Db,
  params: PageRequest & { userId: string; pageId: string },
): Promise<KeysetPage<File>> {
  return listPage(latestFirst, params, (seek) =>
    db
      .select({ ...fileDetail, createdBy: createdByCaller(params.userId), ...seek.select })
      .from(filePages)
      .innerJoin(files, eq(files.id, filePages.fileId))
      .innerJoin(pages, eq(pages.id, filePages.pageId))
      .where(
        and(
          eq(filePages.pageId, params.pageId),
          hasPageRight(params.userId, 'canView'),
          seek.where,
        ),
      )
      .orderBy(...seek.orderBy)
      .limit(seek.limit),
  );
}

/**
 * Deletes the rows of files that no page uses and that are older than a day, so that an upload in
 * flight keeps its own.
 *
 * The same content may be uploaded again before the caller deletes the bytes, so store each upload
 * at a path of its own, never at one made from the hash.
 *
 * @returns the paths of the bytes, for the caller to delete; at most `limit`
 */
export async function deleteUnusedFiles(
  db: Db,
  params: { limit?: number } = {},
): Promise<{ storagePath: string }[]> {
  const limit = parseLimit(params.limit);
  const unused = sql`not exists (select 1 from ${filePages} where ${filePages.fileId} = ${files.id})`;
  return transaction(db, async (tx) => {
    const held = await tx
      .select({ id: files.id })
      .from(files)
      .where(and(sql`${files.createdAt} < now() - interval '1 day'`, unused))
      .orderBy(files.createdAt, files.id)
      .limit(limit)
      .for('update', { skipLocked: true });
    if (held.length === 0) return [];
    // A second statement sees the pages that were linked before the lock; after it none can be.
    const ids = held.map(({ id }) => id);
    return tx
      .delete(files)
      .where(and(inArray(files.id, ids), unused))
      .returning({ storagePath: files.storagePath });
  });
}
