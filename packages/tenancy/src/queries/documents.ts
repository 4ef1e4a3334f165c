import {
  type KeysetPage,
  keyset,
  listPage,
  NotFoundError,
  type PageRequest,
  parseInput,
} from '@reference/kit';
import { and, eq, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { emptyPage, isUuid } from '../ids.ts';
import {
  type Document,
  type DocumentChunk,
  documentChunks,
  documentStatus,
  documents,
  documentUpdateSchema,
} from '../schema/index.ts';
import type { TenantTx } from '../tenant-tx.ts';

const documentColumns = {
  tenantId: documents.tenantId,
  id: documents.id,
  title: documents.title,
  source: documents.source,
  sourceUrl: documents.sourceUrl,
  mimeType: documents.mimeType,
  contentHash: documents.contentHash,
  status: documents.status,
  error: documents.error,
  chunkCount: documents.chunkCount,
  metadata: documents.metadata,
  createdAt: documents.createdAt,
  updatedAt: documents.updatedAt,
};

const newestFirst = keyset([
  { column: documents.createdAt, direction: 'desc' },
  { column: documents.id, direction: 'desc' },
]);
const inOrder = keyset([{ column: documentChunks.chunkIndex }]);

const notFound = (id: string) => new NotFoundError(`There is no document ${id} in this tenant.`);

export async function getDocument(
  tx: TenantTx,
  { documentId }: { documentId: string },
): Promise<Document | undefined> {
  if (!isUuid(documentId)) return undefined;
  const [document] = await tx.db
    .select(documentColumns)
    .from(documents)
    .where(and(eq(documents.tenantId, tx.tenantId), eq(documents.id, documentId)));
  return document;
}

const statusFilter = z.object({ status: z.enum(documentStatus.enumValues).optional() });

/** Lists the tenant's documents, newest first; optionally of one status. */
export async function listDocuments(
  tx: TenantTx,
  params: PageRequest & { status?: Document['status'] | undefined } = {},
): Promise<KeysetPage<Document>> {
  const { status } = parseInput(statusFilter, { status: params.status });
  return listPage(newestFirst, params, (seek) =>
    tx.db
      .select({ ...documentColumns, ...seek.select })
      .from(documents)
      .where(and(eq(documents.tenantId, tx.tenantId), hasStatus(status), seek.where))
      .orderBy(...seek.orderBy)
      .limit(seek.limit),
  );
}

/**
 * As a literal, because only then the planner sees that the partial index of unfinished documents
 * fits.
 */
const hasStatus = (status: Document['status'] | undefined): SQL | undefined =>
  status && sql`${documents.status} = ${sql.raw(`'${status}'`)}`;

/**
 * Changes the title or the metadata.
 * @throws NotFoundError, InvalidInputError
 */
export async function updateDocument(
  tx: TenantTx,
  { documentId, ...changes }: z.input<typeof documentUpdateSchema> & { documentId: string },
): Promise<Document> {
  const values = parseInput(documentUpdateSchema, changes);
  const [document] = isUuid(documentId)
    ? await tx.db
        .update(documents)
        .set({ ...values, updatedAt: new Date() })
        .where(and(eq(documents.tenantId, tx.tenantId), eq(documents.id, documentId)))
        .returning(documentColumns)
    : [];
  if (!document) throw notFound(documentId);
  return document;
}

/**
 * Deletes a document with its chunks.
 * @throws NotFoundError
 */
export async function deleteDocument(
  tx: TenantTx,
  { documentId }: { documentId: string },
): Promise<void> {
  const deleted = isUuid(documentId)
    ? await tx.db
        .delete(documents)
        .where(and(eq(documents.tenantId, tx.tenantId), eq(documents.id, documentId)))
        .returning({ id: documents.id })
    : [];
  if (deleted.length === 0) throw notFound(documentId);
}

/** A chunk without its vectors, which no reader needs. */
export type ChunkSummary = Pick<
  DocumentChunk,
  'id' | 'documentId' | 'chunkIndex' | 'content' | 'tokenCount' | 'metadata'
>;

/** Lists a document's chunks in their order. */
export async function listChunks(
  tx: TenantTx,
  params: PageRequest & { documentId: string },
): Promise<KeysetPage<ChunkSummary>> {
  if (!isUuid(params.documentId)) return emptyPage;
  return listPage(inOrder, params, (seek) =>
    tx.db
      .select({
        id: documentChunks.id,
        documentId: documentChunks.documentId,
        chunkIndex: documentChunks.chunkIndex,
        content: documentChunks.content,
        tokenCount: documentChunks.tokenCount,
        metadata: documentChunks.metadata,
        ...seek.select,
      })
      .from(documentChunks)
      .where(
        and(
          eq(documentChunks.tenantId, tx.tenantId),
          eq(documentChunks.documentId, params.documentId),
          seek.where,
        ),
      )
      .orderBy(...seek.orderBy)
      .limit(seek.limit),
  );
}
