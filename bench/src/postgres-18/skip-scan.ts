import type postgres from 'postgres';

export interface SkipScanFigures {
  readonly version: string;
  readonly reads: readonly {
    /** Distinct values of the index's first column. */
    readonly groups: number;
    readonly node: string;
    readonly pages: number;
    readonly ms: number;
  }[];
}

interface Plan {
  readonly 'Node Type': string;
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
  readonly Plans?: readonly Plan[];
}

/**
 * Asks for the rows of one instant in all connections, with an index that starts with the connection:
 * once with few connections and once with very many.
 */
export async function measureSkipScan(sql: postgres.Sql, rows: number): Promise<SkipScanFigures> {
  const [server] = await sql<{ version: string }[]>`
    select current_setting('server_version_num')::int / 10000 || '.'
      || current_setting('server_version_num')::int % 10000 as version`;
  const reads: SkipScanFigures['reads'][number][] = [];
  for (const groups of [10, 1000, Math.floor(rows / 10)]) {
    await sql.unsafe(`create table activity (
      id bigint primary key, connection int not null, "at" int not null, title text not null)`);
    await sql.unsafe(`insert into activity
      select n, n % ${groups}, n / ${groups}, 'An event' from generate_series(1, ${rows}) n`);
    await sql.unsafe('create index on activity (connection, "at")');
    await sql.unsafe('vacuum analyze activity');
    const query = 'select id, title from activity where "at" = 5';
    await sql.unsafe(query);
    const [explained] = await sql.unsafe<
      { 'QUERY PLAN': readonly { readonly Plan: Plan; readonly 'Execution Time': number }[] }[]
    >(`explain (analyze, buffers, format json) ${query}`);
    const [{ Plan: plan, 'Execution Time': ms } = { Plan: undefined, 'Execution Time': 0 }] =
      explained?.['QUERY PLAN'] ?? [];
    if (!plan) throw new Error('EXPLAIN gave no plan.');
    reads.push({
      groups,
      node: leaf(plan)['Node Type'],
      pages: plan['Shared Hit Blocks'] + plan['Shared Read Blocks'],
      ms,
    });
    await sql.unsafe('drop table activity');
  }
  return { version: server?.version ?? '', reads };
}

const leaf = (plan: Plan): Plan => (plan.Plans?.[0] ? leaf(plan.Plans[0]) : plan);
