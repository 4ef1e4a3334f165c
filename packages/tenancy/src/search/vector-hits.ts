import { type SQL, sql } from 'drizzle-orm';
import type { Scope } from './text-hits.ts';

export interface VectorSearch {
  /** The text form of the vector, made by `vectorLiteral`. */
  readonly vector: string;
  readonly limit: number;
  readonly exact: boolean;
}

/**
 * The settings of the planner and of pgvector for a vector search, until the transaction ends
 * (compared in docs/performance-tenancy.md). `relaxed_order` lets the index scan go on past the
 * neighbours that the filter drops. Plans are custom, because a generic one would not know whether
 * the scope is large.
 */
export const searchSettings = [
  'hnsw.ef_search = 200',
  'hnsw.iterative_scan = relaxed_order',
  'plan_cache_mode = force_custom_plan',
  'enable_seqscan = off',
];

/** The text form of a `vector`, with nine digits, the most of a 32-bit float. */
export const vectorLiteral = (vector: readonly number[]): string =>
  `[${vector.map((value) => (value === 0 ? '0' : String(Number(value.toPrecision(9))))).join(',')}]`;

/**
 * The chunks nearest to a vector, four times as many as asked for and not quite in order, because a
 * relaxed index scan is only nearly sorted; the caller sorts. The scan ends as soon as it has its
 * number, and the more it must find, the fewer true neighbours it misses.
 *
 * @param params.exact compares every chunk of the scope; the sum hides the order from the index
 * @returns a select of (id, distance)
 */
export const vectorHits = (
  { rows, filter }: Scope,
  { vector, limit, exact }: VectorSearch,
): SQL => sql`
  select id, ${exact ? sql`(embedding <=> ${vector}::vector) + 0` : sql`embedding <=> ${vector}::vector`} as distance
  from document_chunks
  where ${rows} ${filter}
  order by distance
  limit ${Math.max(limit * 4, 40)}`;
