import postgres from 'postgres';
import { sizeOf, timed } from './scratch-database.ts';

export interface GeneratedColumnFigures {
  readonly name: string;
  readonly addMs: number;
  readonly tableBytes: number;
  /** Whether PostgreSQL makes an index on the column; else the lookups use one on its expression. */
  readonly isIndexable: boolean;
  readonly lookupsMs: number;
  readonly scanMs: number;
}

const expression = `assignee ->> 'id'`;
const ASSIGNEES = 10_000;

/**
 * Takes the connectors' assignee out of its JSON, by a column that is stored and by one that is computed
 * when it is read: what it costs to add to a filled table, and then to find rows by it.
 */
export async function measureGeneratedColumns(
  sql: postgres.Sql,
  rows: number,
): Promise<GeneratedColumnFigures[]> {
  const figures: GeneratedColumnFigures[] = [];
  for (const kind of ['stored', 'virtual']) {
    await sql.unsafe(
      'create table issues (id bigint primary key, title text not null, assignee jsonb)',
    );
    await sql.unsafe(`insert into issues
      select n, 'Issue ' || n, jsonb_build_object(
        'id', 'user-' || n % ${ASSIGNEES}, 'name', 'Person ' || n % ${ASSIGNEES}, 'active', true)
      from generate_series(1, ${rows}) n`);
    await sql.unsafe('vacuum analyze issues');
    const addMs = await timed(() =>
      sql.unsafe(
        `alter table issues add column assignee_id text generated always as (${expression}) ${kind}`,
      ),
    );
    const tableBytes = await sizeOf(sql, 'issues');
    const scan = `select count(*) from issues where assignee_id = 'user-7'`;
    await sql.unsafe(scan);
    const scanMs = await timed(() => sql.unsafe(scan));
    const isIndexable = await indexed(sql, 'assignee_id');
    if (!isIndexable) await sql.unsafe(`create index on issues ((${expression}), id)`);
    await sql.unsafe('vacuum analyze issues');
    const lookupsMs = await timed(async () => {
      for (let n = 0; n < 1000; n++)
        await sql`select id, title from issues where assignee_id = ${`user-${n}`} order by id limit 20`;
    });
    figures.push({ name: kind, addMs, tableBytes, isIndexable, lookupsMs, scanMs });
    await sql.unsafe('drop table issues');
  }
  return figures;
}

async function indexed(sql: postgres.Sql, column: string): Promise<boolean> {
  try {
    await sql.unsafe(`create index on issues (${column}, id)`);
    return true;
  } catch (error) {
    // feature_not_supported
    if (error instanceof postgres.PostgresError && error.code === '0A000') return false;
    throw error;
  }
}
