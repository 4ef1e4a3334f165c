import type { Sql } from './fill-tables.ts';

/**
 * Searches a whole database for texts: every column of every table as text, with arrays, JSON,
 * vectors and search vectors, bytes also as hexadecimal; large objects, sequences, the planner's
 * samples.
 *
 * @returns a line for each place: `notifications: 2 rows`; empty if there is none
 */
export async function findText(sql: Sql, texts: readonly string[]): Promise<string[]> {
  const patterns = texts.flatMap((text) => [text, Buffer.from(text).toString('hex')]);
  const any = patterns.map((text) => `'%${text.replaceAll("'", "''")}%'`).join(', ');
  const found: string[] = [];
  const count = async (place: string, from: string, text: string) => {
    const [row] = await sql.unsafe(
      `select count(*)::int as rows from ${from} where ${text} ilike any (array[${any}])`,
    );
    if (Number(row?.rows) > 0) found.push(`${place}: ${String(row?.rows)} rows`);
  };
  const tables = await sql.unsafe(
    `select format('%I.%I', n.nspname, c.relname) as name, c.relname as short
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'm') and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') order by 1`,
  );
  for (const { name, short } of tables)
    await count(String(short), `${String(name)} as t`, 't::text');
  await count('sequences', 'pg_sequences as t', 't::text');
  await count('large objects', 'pg_largeobject as t', `encode(t.data, 'hex')`);
  await sql.unsafe('analyze');
  // ANALYZE keeps the samples of a table that has become empty.
  const sampled = `(select s.* from pg_stats s join pg_class c on c.oid = format('%I.%I', s.schemaname, s.tablename)::regclass and c.reltuples > 0) as t`;
  await count('pg_stats', sampled, 't::text');
  return found;
}
