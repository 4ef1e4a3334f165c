import { ConflictError, NotFoundError } from '@reference/kit';
import { and, eq } from 'drizzle-orm';
import { documentChunks, documents, tenants } from '../schema/index.ts';
import type { TenantTx } from '../tenant-tx.ts';
import type { Passage } from './split-markdown.ts';

/**
 * A row is some 20 kB of text and an insert into a vector index, so more rows would make a
 * statement too long.
 */
const rowsPerInsert = 50;

export interface NewChunk extends Passage {
  readonly embedding: readonly number[];
}

/** Thrown when the tenant has moved to another embedding model since the passages were embedded. */
export class ModelChanged extends ConflictError {}

/**
 * Replaces a document's chunks, all in the caller's transaction, and marks it ready.
 *
 * @param params.hash the hash of the chunks' text
 * @throws ModelChanged, or ConflictError when the document has been given another text since
 */
export async function replaceChunks(
  tx: TenantTx,
  params: {
    readonly documentId: string;
    readonly hash: string;
    readonly model: string;
    readonly chunks: readonly NewChunk[];
  },
): Promise<void> {
  const { documentId, hash, model, chunks } = params;
  await requireModel(tx, model);
  const [document] = await tx.db
    .select({ contentHash: documents.contentHash })
    .from(documents)
    .where(and(eq(documents.tenantId, tx.tenantId), eq(documents.id, documentId)))
    .for('update');
  if (!document) throw new NotFoundError(`Document ${documentId} was deleted meanwhile.`);
  if (document.contentHash !== hash) {
    throw new ConflictError(`Document ${documentId} was given another text meanwhile.`);
  }
  await tx.db
    .delete(documentChunks)
    .where(
      and(eq(documentChunks.tenantId, tx.tenantId), eq(documentChunks.documentId, documentId)),
    );
  for (let start = 0; start < chunks.length; start += rowsPerInsert) {
    const rows = chunks.slice(start, start + rowsPerInsert);
    await tx.db.insert(documentChunks).values(
      rows.map(({ content, tokenCount, heading, embedding }, index) => ({
        tenantId: tx.tenantId,
        documentId,
        chunkIndex: start + index,
        content,
        tokenCount,
        embedding: [...embedding],
        embeddingModel: model,
        metadata: { heading },
      })),
    );
  }
  await tx.db
    .update(documents)
    .set({ status: 'ready', error: null, chunkCount: chunks.length })
    .where(and(eq(documents.tenantId, tx.tenantId), eq(documents.id, documentId)));
}

/** Locks the tenant's row against the switch to another model, until the chunks are committed. */
async function requireModel(tx: TenantTx, model: string): Promise<void> {
  const [tenant] = await tx.db
    .select({ model: tenants.embeddingModel })
    .from(tenants)
    .where(eq(tenants.id, tx.tenantId))
    .for('share');
  if (tenant?.model !== model) {
    throw new ModelChanged(`The tenant's embedding model is ${tenant?.model} now, not ${model}.`);
  }
}

/** Stores the reason with the document, unless another text has replaced this one meanwhile. */
export async function markFailed(
  tx: TenantTx,
  { documentId, hash, reason }: { documentId: string; hash: string; reason: string },
): Promise<void> {
  await tx.db
    .update(documents)
    .set({ status: 'failed', error: reason })
    .where(
      and(
        eq(documents.tenantId, tx.tenantId),
        eq(documents.id, documentId),
        eq(documents.contentHash, hash),
      ),
    );
}
