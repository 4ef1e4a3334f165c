import { ConflictError, InvalidInputError } from '@reference/kit';
import { type Embedder, embedChecked } from '../embedders/embedder.ts';
import { chooseEmbedder } from '../embedders/tenant-model.ts';
import {
  type SearchHit,
  type SearchParams,
  type SearchQuery,
  searchChunks,
} from '../queries/search.ts';
import type { Tenancy } from '../tenancy.ts';
import { withTenant } from '../with-tenant.ts';

/**
 * Embeds a question for `searchChunks`. Do it before the transaction opens.
 * @throws InvalidInputError for an empty question, EmbeddingError when the embedder fails
 */
export async function embedQuery(
  embedder: Embedder,
  text: string,
  { timeoutMs = 10_000 }: { timeoutMs?: number | undefined } = {},
): Promise<SearchQuery> {
  if (text.trim() === '') throw new InvalidInputError('The question is empty.');
  const [vector] = await embedChecked(embedder, [text], timeoutMs);
  return { text, embedding: { model: embedder.model, vector: vector ?? [] } };
}

/**
 * Chooses the tenant's embedder, embeds the question and searches; repeats that if the tenant moves
 * to another model in between.
 *
 * @param params.embedder one, or several to choose from by the tenant's model
 * @throws the errors of `embedQuery` and `searchChunks`
 */
export async function searchTenant(
  tenancy: Tenancy,
  tenantId: string,
  {
    question,
    embedder,
    ...params
  }: Omit<SearchParams, 'query'> & {
    question: string;
    embedder: Embedder | readonly Embedder[];
  },
): Promise<SearchHit[]> {
  if (params.mode === 'text') {
    return withTenant(tenancy, tenantId, (tx) =>
      searchChunks(tx, { ...params, query: { text: question } }),
    );
  }
  for (let attempt = 1; ; attempt++) {
    const chosen = await withTenant(tenancy, tenantId, (tx) => chooseEmbedder(tx, embedder));
    const query = await embedQuery(chosen, question);
    try {
      return await withTenant(tenancy, tenantId, (tx) => searchChunks(tx, { ...params, query }));
    } catch (error) {
      if (!(error instanceof ConflictError) || attempt === 3) throw error;
    }
  }
}
