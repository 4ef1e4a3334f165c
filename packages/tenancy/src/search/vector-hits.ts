import { type SQL, sql } from 'drizzle-orm';
import type { Scope } from './text-hits.ts';

export interface VectorSearch {
  /** The text form of the vector: `vectorLiteral` makes it. */
  readonly vector: string;
  readonly limit: number;
  readonly exact: boolean;
}

/**
 * The settings of the planner and of pgvector for a vector search, until the transaction ends (compared in
 * docs/performance-tenancy.md). `relaxed_order` lets the index scan go on past the neighbours that the
 * filter drops. A plan made for any scope would not know whether this one is large: custom plans only.
 */
export const searchSettings = [
  'hnsw.ef_search = 200',
  'hnsw.iterative_scan = relaxed_order',
  'plan_cache_mode = force_custom_plan',
  'enable_seqscan = off',
];

/** The text form of a `vector`, with the nine digits that a 32-bit float has at most. */
export const vectorLiteral = (vector: readonly number[]): string =>
  `[${vector.map((value) => (value === 0 ? '0' : String(Number(value.toPrecision(9))))).join(',')}]`;

/**
 * The chunks nearest to a vector, more than asked for and in no reliable order: a relaxed index scan
 * is nearly sorted, and the caller sorts. Four times as many, because the scan ends as soon as it has
 * its number, and the more it must find, the fewer true neighbours it misses.
 *
 * @param params.exact compares every chunk of the scope: the sum hides the order from the index
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
