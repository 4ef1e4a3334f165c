import { type Tenancy, withTenant } from '@reference/tenancy';
import { sql as drizzleSql } from 'drizzle-orm';
import type postgres from 'postgres';
import { type BenchTenant, literal, type Vectors } from './data.ts';
import { quantile } from './recall.ts';

/** Milliseconds, median of calls in turn. */
export interface Cost {
  readonly what: string;
  readonly base: number;
  readonly measured: number;
}

const queries: Readonly<Record<string, string>> = {
  'vector search, ten nearest': `select id from document_chunks where tenant_id = $1 order by embedding <=> $2::vector limit 10`,
  'text search': `select id from document_chunks where tenant_id = $1 and search_vector @@ '''77'''::tsquery and $2 <> '' limit 50`,
  'a document’s chunks': `select id from document_chunks where tenant_id = $1 and document_id = $1 and $2 <> '' order by chunk_index limit 50`,
  'one chunk by id': `select id from document_chunks where tenant_id = $1 and id = $1 and $2 <> ''`,
};

/** The same statement as tenancy_app under row security, and as an owner whom it does not hold. */
export async function rowSecurityCost(
  app: postgres.Sql,
  owner: postgres.Sql,
  tenants: readonly BenchTenant[],
  vectors: Vectors,
): Promise<Cost[]> {
  const costs: Cost[] = [];
  const [largest] = tenants;
  if (!largest) throw new Error('No tenants.');
  for (const [what, query] of Object.entries(queries)) {
    const times = { app: [] as number[], owner: [] as number[] };
    for (let round = 0; round < 220; round++) {
      const tenant = round % 2 === 0 ? largest : (tenants[round % tenants.length] ?? largest);
      const vector = what.startsWith('vector') ? literal(vectors.next(tenant)) : 'x';
      const pair = [
        ['app', app],
        ['owner', owner],
      ] as const;
      // In turns: whoever asks second finds the pages of the index in the cache.
      for (const [who, client] of round % 4 < 2 ? pair : pair.toReversed()) {
        const ms = await client.begin(async (sql) => {
          await sql
            .unsafe(`set local hnsw.ef_search = 200; set local hnsw.iterative_scan = relaxed_order;
              set local plan_cache_mode = force_custom_plan; set local enable_seqscan = off;
              set local app.tenant_id = '${tenant.id}'`)
            .simple();
          const started = performance.now();
          await sql.unsafe(query, [tenant.id, vector]);
          return performance.now() - started;
        });
        if (round >= 20) times[who].push(ms);
      }
    }
    costs.push({ what, base: quantile(times.owner, 0.5), measured: quantile(times.app, 0.5) });
  }
  return costs;
}

/** The cost of withTenant around one query. */
export async function withTenantCost(tenancy: Tenancy, tenant: BenchTenant): Promise<Cost> {
  const bare: number[] = [];
  const entered: number[] = [];
  const query = drizzleSql`select 1`;
  for (let round = 0; round < 1100; round++) {
    const first = performance.now();
    await tenancy.db.transaction((tx) => tx.execute(query));
    const second = performance.now();
    await withTenant(tenancy, tenant.id, (tx) => tx.db.execute(query));
    const third = performance.now();
    if (round < 100) continue;
    bare.push(second - first);
    entered.push(third - second);
  }
  return {
    what: 'withTenant, one query',
    base: quantile(bare, 0.5),
    measured: quantile(entered, 0.5),
  };
}
