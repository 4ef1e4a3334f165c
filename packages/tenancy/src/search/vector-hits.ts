import { runScript } from '@reference/kit';
import { type SQL, sql } from 'drizzle-orm';
import { setLocally } from '../local-settings.ts';
import type { SearchFilter } from '../queries/search.ts';
import type { TenantTx } from '../tenant-tx.ts';
import { filterOf } from './filter.ts';

/**
 * What the searches need of the planner and of pgvector, until the transaction ends (compared in
 * docs/performance-tenancy.md). `relaxed_order` lets the index scan go on past the neighbours that the filter
 * drops. A plan made for any tenant would not know whether this one is large: custom plans only.
 */
const settings = [
  'hnsw.ef_search = 200',
  'hnsw.iterative_scan = relaxed_order',
  'plan_cache_mode = force_custom_plan',
  'enable_seqscan = off',
];

/**
 * Sets what searches need, in one message with the question for the tenant's model.
 * @returns the model; undefined when the tenant has no document yet
 */
export async function enterSearch(tx: TenantTx): Promise<string | undefined> {
  // The id has been parsed as a UUID; a message of several statements takes no parameters.
  const model = `select embedding_model from tenants where id = '${tx.tenantId}'`;
  const results = await runScript(tx.db, `${setLocally(settings)}; ${model}`);
  const found = results.at(-1)?.[0]?.embedding_model;
  return typeof found === 'string' ? found : undefined;
}

/**
 * The chunks nearest to a vector, more than asked for and in no reliable order: a relaxed index scan
 * is nearly sorted, and the caller sorts. Four times as many, because the scan ends as soon as it has
 * its number, and the more it must find, the fewer true neighbours it misses.
 *
 * @param params.exact compares every chunk of the tenant: the sum hides the order from the index
 * @returns a select of (id, distance)
 */
export const vectorHits = (
  tenantId: string,
  {
    vector,
    filter,
    limit,
    exact,
  }: { vector: string; filter: SearchFilter; limit: number; exact: boolean },
): SQL => sql`
  select id, ${exact ? sql`(embedding <=> ${vector}::vector) + 0` : sql`embedding <=> ${vector}::vector`} as distance
  from document_chunks
  where tenant_id = ${tenantId} ${filterOf(tenantId, filter)}
  order by distance
  limit ${Math.max(limit * 4, 40)}`;
