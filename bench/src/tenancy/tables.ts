import type postgres from 'postgres';
import { type BenchTenant, literal, type Vectors } from './data.ts';

/** One way to store and index the chunks, and the settings that a search runs with. */
export interface Layout {
  readonly name: string;
  readonly table: string;
  readonly settings: readonly string[];
  /** The distance, when the index is on another type. */
  readonly distance?: string;
}

const tuned = (candidates: number) => [
  `hnsw.ef_search = ${candidates}`,
  'hnsw.iterative_scan = relaxed_order',
  'plan_cache_mode = force_custom_plan',
  'enable_seqscan = off',
];
const noTenantIndex = ['enable_bitmapscan = off', 'enable_sort = off'];

/** The tables compared: flat ones with one index each, and the shipped partitions. */
export const layouts: readonly Layout[] = [
  {
    name: 'exact, by the tenant index',
    table: 'flat_exact',
    settings: ['enable_seqscan = off'],
  },
  {
    name: 'IVFFlat (316 lists), 10 probes, iterative',
    table: 'flat_ivf',
    settings: ['ivfflat.probes = 10', 'ivfflat.iterative_scan = relaxed_order', ...noTenantIndex],
  },
  {
    name: 'HNSW as most people leave it (ef 40)',
    table: 'flat_hnsw',
    settings: [...noTenantIndex],
  },
  {
    name: 'HNSW, ef 100, iterative',
    table: 'flat_hnsw',
    settings: [...tuned(100), ...noTenantIndex],
  },
  {
    name: 'HNSW, ef 100, iterative, planner’s choice',
    table: 'flat_hnsw',
    settings: tuned(100),
  },
  {
    name: 'halfvec HNSW, ef 100, iterative, planner’s choice',
    table: 'flat_half',
    settings: tuned(100),
    distance: 'embedding::halfvec(1536) <=> $1::halfvec(1536)',
  },
  {
    name: '16 hash partitions, HNSW, ef 100, planner’s choice',
    table: 'document_chunks',
    settings: tuned(100),
  },
  {
    name: 'shipped: the same with ef 200',
    table: 'document_chunks',
    settings: tuned(200),
  },
];

const indexes: Readonly<Record<string, string>> = {
  flat_exact: '',
  flat_ivf: 'using ivfflat (embedding vector_cosine_ops) with (lists = 316)',
  flat_hnsw: 'using hnsw (embedding vector_cosine_ops)',
  flat_half: 'using hnsw ((embedding::halfvec(1536)) halfvec_cosine_ops)',
};

/** Fills the shipped table through COPY, without its vector index, which is built at the end. */
export async function fill(
  sql: postgres.Sql,
  tenants: readonly BenchTenant[],
  vectors: Vectors,
): Promise<void> {
  await sql`truncate tenants cascade`;
  await sql.unsafe('drop index if exists document_chunks_embedding_idx');
  for (const { id, slug, chunks } of tenants) {
    await sql`
      insert into tenants (id, name, slug, embedding_model) values (${id}, ${slug}, ${slug}, 'bench')`;
    await sql`
      insert into documents (tenant_id, id, title, source, content_hash, status, chunk_count)
      values (${id}, ${id}, ${slug}, 'upload', ${slug}, 'ready', ${chunks})`;
  }
  const copy = await sql`
    copy document_chunks (tenant_id, document_id, chunk_index, content, token_count, embedding, embedding_model)
    from stdin`.writable();
  for (const tenant of tenants) {
    for (let index = 0; index < tenant.chunks; index++) {
      const row = `${tenant.id}\t${tenant.id}\t${index}\tchunk ${index} of ${tenant.slug}\t5\t${literal(vectors.next(tenant))}\tbench\n`;
      if (!copy.write(row)) await new Promise((resolve) => copy.once('drain', resolve));
    }
  }
  await new Promise<void>((resolve, reject) => {
    copy.once('error', reject);
    copy.end(resolve);
  });
}

/** The flat copies with their indexes, each under the same row security. @returns seconds of each build */
export async function build(sql: postgres.Sql): Promise<Record<string, number>> {
  for (const table of Object.keys(indexes)) {
    await sql.unsafe(`
      drop table if exists ${table};
      create table ${table} (tenant_id uuid not null, id uuid not null, embedding vector(1536) storage plain not null);
      insert into ${table} select tenant_id, id, embedding from document_chunks order by id;
      create index on ${table} (tenant_id);
      alter table ${table} enable row level security, force row level security;
      create policy ${table}_isolation on ${table} to tenancy_app
        using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
      grant select on ${table} to tenancy_app`);
  }
  const seconds: Record<string, number> = {};
  const waiting = [
    ...Object.entries(indexes).flatMap(([table, index]) =>
      index ? [{ table, statement: `create index on ${table} ${index}` }] : [],
    ),
    {
      table: 'document_chunks',
      statement:
        'create index document_chunks_embedding_idx on document_chunks using hnsw (embedding vector_cosine_ops)',
    },
  ];
  const builder = async () => {
    const session = await sql.reserve();
    try {
      // One process each: a parallel build wants as much shared memory, which a container has little of.
      await session.unsafe(
        "set maintenance_work_mem = '2GB'; set max_parallel_maintenance_workers = 0",
      );
      for (let next = waiting.pop(); next; next = waiting.pop()) {
        const started = performance.now();
        await session.unsafe(next.statement);
        seconds[next.table] = (performance.now() - started) / 1000;
        console.log(`  ${next.table}: index built in ${seconds[next.table]?.toFixed(0)} s`);
      }
    } finally {
      session.release();
    }
  };
  await Promise.all([builder(), builder()]);
  for (const table of [...Object.keys(indexes), 'document_chunks']) {
    await sql.unsafe(`vacuum analyze ${table}`);
  }
  return seconds;
}
