import { ConflictError, InvalidInputError, parseInput } from '@reference/kit';
import { type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { enterSearch } from '../search/enter-search.ts';
import { filterOf, searchFilter } from '../search/filter.ts';
import { hybrid, textOnly, vectorOnly } from '../search/fuse.ts';
import { type Segment, segmentsOf } from '../search/highlight.ts';
import { headline } from '../search/text-hits.ts';
import { vectorLiteral } from '../search/vector-hits.ts';
import type { TenantTx } from '../tenant-tx.ts';

/** A question, with its embedding for a search by vector. `embedQuery` makes one. */
export interface SearchQuery {
  readonly text: string;
  readonly embedding?: { readonly model: string; readonly vector: readonly number[] } | undefined;
}

const searchParams = z.object({
  mode: z.enum(['vector', 'text', 'hybrid']).default('hybrid'),
  limit: z.int().min(1).max(100).default(10),
  filter: searchFilter.default({}),
});
export type SearchParams = z.input<typeof searchParams> & { readonly query: SearchQuery };

/** A chunk that matches. */
export interface SearchHit {
  readonly chunkId: string;
  /**
   * Comparable within one result only. By vector, the cosine similarity; by text, BM25 (`ts_rank` for a query with operators); hybrid,
   * the sum of 1 / (60 + rank) over the two lists (reciprocal rank fusion, Cormack et al. 2009).
   */
  readonly score: number;
  readonly document: { id: string; title: string; sourceUrl: string | null };
  readonly chunkIndex: number;
  readonly heading: string;
  readonly content: string;
  /** The passages that match, with the matching words marked. Plain text: escape it for HTML. */
  readonly highlight: readonly Segment[];
}

/**
 * Finds the tenant's chunks for a query, best first: by vector (nearest by cosine), by text (any of
 * the words, rare ones first; `"a phrase"`, `or` and `-without` as on the web), or hybrid: both
 * lists fused by rank in one statement.
 *
 * A search by vector returns `limit` chunks whenever there are that many: if the index scan returns
 * too few, an exact search follows.
 *
 * @param params.query with an embedding for `vector` and `hybrid`
 * @throws InvalidInputError for a missing or unfit embedding; ConflictError when the query is
 *   embedded with another model than the tenant's chunks; embed it again with the tenant's
 */
export async function searchChunks(
  tx: TenantTx,
  { query, ...rest }: SearchParams,
): Promise<SearchHit[]> {
  const { mode, limit, filter } = parseInput(searchParams, rest);
  // PostgreSQL stores no NUL in text.
  const text = query.text.replaceAll('\0', ' ');
  const tenantModel = await enterSearch(tx);
  const scope = {
    rows: sql`document_chunks.tenant_id = ${tx.tenantId}`,
    filter: filterOf(tx.tenantId, filter),
  };
  if (mode === 'text') return run(tx, text, textOnly(scope, { text, limit }));

  const { embedding } = query;
  if (!embedding) {
    throw new InvalidInputError(
      `Search by ${mode} needs the query's embedding: embedQuery makes it.`,
    );
  }
  // Before the first document there is nothing to find, and no model to compare with.
  if (tenantModel === undefined) return [];
  if (embedding.model !== tenantModel) {
    throw new ConflictError(
      `The query is embedded with ${embedding.model}, the tenant's chunks with ${tenantModel}. Embed it with the tenant's model.`,
    );
  }
  const vector = vectorLiteral(embedding.vector);
  const fused = (exact: boolean) =>
    mode === 'vector'
      ? vectorOnly(scope, { vector, limit, exact })
      : hybrid(scope, { text, vector, limit, exact });
  const hits = await run(tx, text, fused(false));
  return hits.length < limit ? run(tx, text, fused(true)) : hits;
}

const hitRows = z.array(
  z.object({
    chunk_id: z.string(),
    score: z.coerce.number(),
    document_id: z.string(),
    title: z.string(),
    source_url: z.string().nullable(),
    chunk_index: z.number(),
    heading: z.string().nullable(),
    content: z.string(),
    highlight: z.string(),
  }),
);

/** @param found a WITH list that ends in `hits (id, score)` */
async function run(tx: TenantTx, text: string, found: SQL): Promise<SearchHit[]> {
  const rows = await tx.db.execute(sql`${found}
    select c.id as chunk_id, hits.score, c.document_id, d.title, d.source_url, c.chunk_index,
      c.metadata ->> 'heading' as heading, c.content, ${headline(sql`c.content`, text)} as highlight
    from hits
    join document_chunks c on c.tenant_id = ${tx.tenantId} and c.id = hits.id
    join documents d on d.tenant_id = ${tx.tenantId} and d.id = c.document_id
    order by hits.score desc, c.id`);
  return hitRows.parse([...rows]).map((row) => ({
    chunkId: row.chunk_id,
    score: row.score,
    document: { id: row.document_id, title: row.title, sourceUrl: row.source_url },
    chunkIndex: row.chunk_index,
    heading: row.heading ?? '',
    content: row.content,
    highlight: segmentsOf(row.highlight),
  }));
}
