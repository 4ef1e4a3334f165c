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
import { and, eq, sql } from 'drizzle-orm';
import type { Db, Tx } from '../../database.ts';
import {
  type File,
  filePages,
  files,
  insertFileSchema,
  pages,
  storageEvents,
} from '../../schema/index.ts';
import { requireLivePage } from '../core/page-rights.ts';
import { hasPageRight } from '../permissions/access.ts';
import { onlyRow } from '../rows.ts';
import { requirePlanLimits } from '../subscriptions/subscriptions.ts';
import { lockUsage, usedBytes } from './usage.ts';

const fileDetail = {
  id: files.id,
  contentHash: files.contentHash,
  sizeBytes: files.sizeBytes,
  mimeType: files.mimeType,
  storagePath: files.storagePath,
  createdBy: files.createdBy,
  createdAt: files.createdAt,
  updatedAt: files.updatedAt,
};

const uploadSchema = insertFileSchema
  .pick({ contentHash: true, sizeBytes: true, mimeType: true, storagePath: true })
  .strict();
/** What an upload says of the bytes it stored. */
export type Upload = Pick<File, 'contentHash' | 'sizeBytes' | 'mimeType' | 'storagePath'>;

/**
 * Records that a page uses a stored file. Content that is stored already keeps its one row and
 * place; it counts for whoever uploads it all the same. Recorded again, it changes nothing.
 *
 * @throws NotFoundError, ForbiddenError when the user does not see or may not edit the page
 * @throws ConflictError when the file would exceed what the user's plan allows to store, or content
 *   of that hash is stored with another size
 * @throws InvalidInputError when it is larger than the plan allows for one file
 */
export async function recordUpload(
  db: Db,
  { userId, pageId, upload }: { userId: string; pageId: string; upload: Upload },
): Promise<File> {
  const values = parseInput(uploadSchema, upload);
  return transaction(db, async (tx) => {
    await lockUsage(tx, userId);
    await requireLivePage(tx, { userId, pageId, right: 'canEdit' });
    const file = await storeOnce(tx, { ...values, createdBy: userId });
    const linked = await tx
      .insert(filePages)
      .values({ fileId: file.id, pageId })
      .onConflictDoNothing()
      .returning({ fileId: filePages.fileId });
    if (linked.length > 0) await count(tx, { userId, pageId, sizeBytes: file.sizeBytes });
    return file;
  });
}

async function storeOnce(tx: Tx, values: Upload & { createdBy: string }): Promise<File> {
  await tx.insert(files).values(values).onConflictDoNothing();
  const rows = await tx
    .select(fileDetail)
    .from(files)
    .where(eq(files.contentHash, values.contentHash));
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
  const totalAfter = used + sizeBytes;
  await tx
    .insert(storageEvents)
    .values({ userId, pageId, type: 'UPLOAD', sizeDelta: sizeBytes, totalAfter });
}

/**
 * Takes a file off a page; its content stays for the other pages that use it. The bytes no longer
 * count for the user who takes it off, as far as they had any stored.
 *
 * @throws NotFoundError when the page does not use the file, or the user may not see it
 * @throws ForbiddenError when the user may not edit the page
 */
export async function removeFileFromPage(
  db: Db,
  { userId, pageId, fileId }: { userId: string; pageId: string; fileId: string },
): Promise<void> {
  await transaction(db, async (tx) => {
    await lockUsage(tx, userId);
    await requireLivePage(tx, { userId, pageId, right: 'canEdit' });
    const removed = await tx
      .delete(filePages)
      .where(and(eq(filePages.fileId, fileId), eq(filePages.pageId, pageId)))
      .returning({ fileId: filePages.fileId });
    if (removed.length === 0) throw new NotFoundError('This page does not use that file.');
    const [file] = await tx
      .select({ sizeBytes: files.sizeBytes })
      .from(files)
      .where(eq(files.id, fileId));
    const used = await usedBytes(tx, userId);
    const freed = Math.min(file?.sizeBytes ?? 0, used);
    await tx
      .insert(storageEvents)
      .values({ userId, pageId, type: 'DELETE', sizeDelta: -freed, totalAfter: used - freed });
  });
}

const latestFirst = keyset([
  { column: filePages.createdAt, direction: 'desc' },
  { column: filePages.fileId, direction: 'desc' },
]);

/** The files of a page that the user may see, latest first. */
export async function listPageFiles(
  db: Db,
  params: PageRequest & { userId: string; pageId: string },
): Promise<KeysetPage<File>> {
  return listPage(latestFirst, params, (seek) =>
    db
      .select({ ...fileDetail, ...seek.select })
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
 * flight keeps its own. A file that any drive's page uses is never among them.
 * @returns where the bytes lie, for the caller to delete; at most `limit`
 */
export async function deleteUnusedFiles(
  db: Db,
  params: { limit?: number } = {},
): Promise<{ storagePath: string }[]> {
  const limit = parseLimit(params.limit);
  const unused = sql`not exists (select 1 from ${filePages} where ${filePages.fileId} = ${files.id})`;
  return db
    .delete(files)
    .where(
      sql`${unused} and ${files.id} = any (array(
        select ${files.id} from ${files}
        where ${files.createdAt} < now() - interval '1 day' and ${unused}
        order by ${files.createdAt}, ${files.id} limit ${limit} for update skip locked))`,
    )
    .returning({ storagePath: files.storagePath });
}
