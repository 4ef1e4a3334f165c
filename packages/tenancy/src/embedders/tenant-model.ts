import { InvalidInputError, NotFoundError } from '@reference/kit';
import { and, eq, isNull } from 'drizzle-orm';
import { tenants } from '../schema/index.ts';
import type { TenantTx } from '../tenant-tx.ts';
import { assertFits, type Embedder } from './embedder.ts';

/** The model of the tenant's chunks; undefined before its first document. */
export async function getEmbeddingModel(tx: TenantTx): Promise<string | undefined> {
  const [tenant] = await tx.db
    .select({ model: tenants.embeddingModel })
    .from(tenants)
    .where(eq(tenants.id, tx.tenantId));
  return tenant?.model ?? undefined;
}

/**
 * The embedder of the tenant's chunks. A tenant without chunks takes the first one.
 * @throws InvalidInputError when none of them has the tenant's model, or one does not fit the
 *   column
 */
export async function chooseEmbedder(
  tx: TenantTx,
  choice: Embedder | readonly Embedder[],
): Promise<Embedder> {
  const embedders: readonly Embedder[] = 'embed' in choice ? [choice] : choice;
  embedders.forEach(assertFits);
  const [first] = embedders;
  if (!first) throw new InvalidInputError('Give at least one embedder.');
  const model = (await getEmbeddingModel(tx)) ?? (await claimModel(tx, first.model));
  const embedder = embedders.find((candidate) => candidate.model === model);
  if (!embedder) {
    throw new InvalidInputError(
      `The tenant's chunks are made with ${model}, and none of the given embedders is it (${embedders.map((candidate) => candidate.model).join(', ')}). reembedTenant moves a tenant to another model.`,
    );
  }
  return embedder;
}

/** The first document decides; if two first documents come at once, one of them does. */
async function claimModel(tx: TenantTx, model: string): Promise<string> {
  await tx.db
    .update(tenants)
    .set({ embeddingModel: model })
    .where(and(eq(tenants.id, tx.tenantId), isNull(tenants.embeddingModel)));
  const claimed = await getEmbeddingModel(tx);
  if (!claimed) throw new NotFoundError(`There is no tenant ${tx.tenantId}.`);
  return claimed;
}
