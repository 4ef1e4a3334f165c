import { and, asc, eq, gt, sql } from 'drizzle-orm';
import { assertFits, type Embedder, embedChecked } from '../embedders/embedder.ts';
import { documentChunks, tenants } from '../schema/index.ts';
import { vectorLiteral } from '../search/vector-hits.ts';
import type { Tenancy } from '../tenancy.ts';
import type { TenantTx } from '../tenant-tx.ts';
import { withTenant } from '../with-tenant.ts';
import { embeddedText } from './embedded-text.ts';

/**
 * Moves a tenant to another embedding model. It writes each chunk's new vector into a second
 * column, batch by batch; when every chunk has one, one transaction replaces the old ones. Searches
 * and new documents use the old model until then and the new one afterwards.
 *
 * The vectors are in the rows, so after a crash the same call goes on where it ended.
 *
 * @param options.embedder of the new model. Searches need both models' embedders meanwhile
 * @returns how many chunks this call embedded
 * @throws EmbeddingError when the embedder fails; call again to go on
 */
export async function reembedTenant(
  tenancy: Tenancy,
  tenantId: string,
  {
    embedder,
    timeoutMs = 60_000,
    onProgress,
  }: {
    embedder: Embedder;
    timeoutMs?: number | undefined;
    onProgress?: ((progress: { embedded: number }) => void) | undefined;
  },
): Promise<{ embedded: number }> {
  assertFits(embedder);
  let embedded = 0;
  let after: string | undefined;
  for (;;) {
    const batch = await withTenant(tenancy, tenantId, (tx) => nextBatch(tx, embedder, after));
    if (batch.length > 0) {
      const texts = batch.map(({ heading, content }) => embeddedText(heading, content));
      const vectors = await embedChecked(embedder, texts, timeoutMs);
      const next = batch.map(({ id }, index) => ({
        id,
        embedding: vectorLiteral(vectors[index] ?? []),
      }));
      await withTenant(tenancy, tenantId, (tx) => storeNext(tx, embedder.model, next));
      embedded += batch.length;
      after = batch.at(-1)?.id;
      onProgress?.({ embedded });
    } else if (after === undefined) {
      if (await withTenant(tenancy, tenantId, (tx) => switchModel(tx, embedder.model))) {
        return { embedded };
      }
    } else {
      // Starts again, because chunks have been added behind the cursor meanwhile.
      after = undefined;
    }
  }
}

const isLeft = (model: string) =>
  sql`${documentChunks.embeddingModel} <> ${model} and ${documentChunks.nextEmbeddingModel} is distinct from ${model}`;

function nextBatch(tx: TenantTx, { model, batchSize }: Embedder, after: string | undefined) {
  return tx.db
    .select({
      id: documentChunks.id,
      content: documentChunks.content,
      heading: sql<string | null>`${documentChunks.metadata} ->> 'heading'`,
    })
    .from(documentChunks)
    .where(
      and(
        eq(documentChunks.tenantId, tx.tenantId),
        after === undefined ? undefined : gt(documentChunks.id, after),
        isLeft(model),
      ),
    )
    .orderBy(asc(documentChunks.id))
    .limit(batchSize);
}

async function storeNext(
  tx: TenantTx,
  model: string,
  rows: readonly { id: string; embedding: string }[],
): Promise<void> {
  await tx.db.execute(sql`
    update document_chunks c
    set next_embedding = next.embedding::vector, next_embedding_model = ${model}
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as next (id uuid, embedding text)
    where c.tenant_id = ${tx.tenantId} and c.id = next.id`);
}

/**
 * Puts the new vectors in place, under a lock that `addDocument` respects.
 * @returns false when a chunk without a new vector has appeared
 */
async function switchModel(tx: TenantTx, model: string): Promise<boolean> {
  const [tenant] = await tx.db
    .select({ model: tenants.embeddingModel })
    .from(tenants)
    .where(eq(tenants.id, tx.tenantId))
    .for('update');
  if (tenant?.model === model) return true;
  const ofTenant = eq(documentChunks.tenantId, tx.tenantId);
  const [left] = await tx.db
    .select({ id: documentChunks.id })
    .from(documentChunks)
    .where(and(ofTenant, isLeft(model)))
    .limit(1);
  if (left) return false;
  await tx.db
    .update(documentChunks)
    .set({
      embedding: sql`${documentChunks.nextEmbedding}`,
      embeddingModel: model,
      nextEmbedding: null,
      nextEmbeddingModel: null,
    })
    .where(and(ofTenant, eq(documentChunks.nextEmbeddingModel, model)));
  await tx.db.update(tenants).set({ embeddingModel: model }).where(eq(tenants.id, tx.tenantId));
  return true;
}
