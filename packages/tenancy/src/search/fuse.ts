import { type SQL, sql } from 'drizzle-orm';
import { type Scope, type TextSearch, textHits } from './text-hits.ts';
import { type VectorSearch, vectorHits } from './vector-hits.ts';

/**
 * The number of hits fused from each list, large enough that both find a chunk that is good in
 * both.
 */
const poolOf = (limit: number) => Math.max(50, limit * 4);

/**
 * The nearest by cosine.
 * @returns a WITH list that ends in `hits (id, score)`
 */
export const vectorOnly = (scope: Scope, search: VectorSearch): SQL => sql`
  with nearest as materialized (${vectorHits(scope, search)}),
  hits as (select id, 1 - distance as score from nearest order by distance, id limit ${search.limit})`;

/**
 * The best by words.
 * @returns a WITH list that ends in `hits (id, score)`
 */
export const textOnly = (scope: Scope, search: TextSearch): SQL => sql`
  with hits as (${textHits(scope, search)})`;

/**
 * Both lists, fused by rank: the sum of 1 / (60 + rank) over the two (reciprocal rank fusion, Cormack et
 * al. 2009), because a cosine and a BM25 score cannot be compared.
 *
 * @returns a WITH list that ends in `hits (id, score)`
 */
export const hybrid = (
  scope: Scope,
  { text, vector, limit, exact }: TextSearch & VectorSearch,
): SQL => sql`
  with nearest as materialized (${vectorHits(scope, { vector, limit: poolOf(limit), exact })}),
  matching as materialized (${textHits(scope, { text, limit: poolOf(limit) })}),
  by_vector as (select id, row_number() over (order by distance, id) as rank from nearest),
  by_text as (select id, row_number() over (order by score desc, id) as rank from matching),
  hits as (
    select id, coalesce(1.0 / (60 + by_vector.rank), 0) + coalesce(1.0 / (60 + by_text.rank), 0) as score
    from by_vector full join by_text using (id)
    order by score desc, id limit ${limit}
  )`;
