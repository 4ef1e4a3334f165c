import { counted } from './counted.ts';
import type { Migration } from './folder/migration.ts';
import { loadParser, readStatements } from './review/statements.ts';
import type { Session } from './run/session.ts';
import type { Tables } from './run/tables.ts';

/** More rows than this in one table are no seed, and are not compared. */
const MOST = 10_000;

interface SeededTable {
  /** Qualified and quoted. */
  readonly table: string;
  /** Columns with the same values in every run: no clock, no random number. */
  readonly columns: readonly string[];
  readonly rows: readonly string[];
  /** True if there were more rows than are compared. */
  readonly cut: boolean;
}

interface TableRow {
  readonly name: string;
  readonly key: string[] | null;
  readonly stable: string[];
}

/**
 * For each table its primary key, if none of its columns is computed on insert, and the columns
 * without a varying default.
 */
const TABLES = `
  with volatile as (
    select a.attrelid, a.attnum from pg_attribute a
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attidentity <> '' or a.attgenerated <> ''
      or pg_get_expr(d.adbin, d.adrelid) ~* '(now\\(|current_|random|uuid|nextval|clock|localtime|gen_)'
      or a.atttypid in ('timestamptz'::regtype, 'timestamp'::regtype, 'date'::regtype))
  select c.oid::regclass::text as name,
         (select array_agg(quote_ident(a.attname) order by a.attnum)
          from pg_index i join pg_attribute a on a.attrelid = c.oid and a.attnum = any (i.indkey::int2[])
          where i.indrelid = c.oid and i.indisprimary
            and not exists (select 1 from volatile v where v.attrelid = c.oid and v.attnum = any (i.indkey::int2[]))) as key,
         coalesce((select array_agg(quote_ident(a.attname) order by a.attnum) from pg_attribute a
                   where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                     and not exists (select 1 from volatile v where v.attrelid = c.oid and v.attnum = a.attnum)), '{}') as stable
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p') and not c.relispartition and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    and n.nspname <> 'drizzle' and not (n.nspname = $1 and c.relname = any ($2)) order by 1`;

const rowText = (columns: readonly string[]): string => `row(${columns.join(', ')})::text`;

/** Rows that the migrations insert into an empty database. */
export const seededTables = async (session: Session, tables: Tables): Promise<SeededTable[]> => {
  await session.run("set search_path = ''");
  const found: SeededTable[] = [];
  const { schema, relations } = tables.names;
  for (const { name, key, stable } of await session.rows<TableRow>(TABLES, [schema, relations])) {
    const columns = key ?? stable;
    if (columns.length === 0) continue;
    const rows = await session.rows<{ row: string }>(
      `select ${rowText(columns)} as row from ${name} limit ${MOST + 1}`,
    );
    if (rows.length > 0)
      found.push({
        table: name,
        columns,
        rows: rows.slice(0, MOST).map(({ row }) => row),
        cut: rows.length > MOST,
      });
  }
  await session.run('reset search_path');
  return found;
};

/**
 * The number of seeded rows that the database lacks, by table. Values are not shown, because they
 * may be secret.
 */
export const missingRows = async (
  session: Session,
  seeded: readonly SeededTable[],
): Promise<string[]> => {
  const problems: string[] = [];
  for (const { table, columns, rows, cut } of seeded) {
    const [result] = await session.rows<{ missing: string }>(
      `select count(*) as missing from unnest($1::text[]) as seed (row)
       where not exists (select 1 from ${table} where ${rowText(columns)} = seed.row)`,
      [rows],
    );
    const missing = Number(result?.missing ?? 0);
    if (missing > 0)
      problems.push(
        `  ${table}: ${missing} of ${counted(rows.length, 'row')} that the migrations insert ${missing === 1 ? 'is' : 'are'} not there (compared by ${columns.join(', ')}${cut ? `; only the first ${MOST} were compared` : ''})`,
      );
  }
  return problems;
};

/** Migrations that change rows of tables without seeded rows, where nothing can be compared. */
export const uncheckedChanges = async (migrations: readonly Migration[]): Promise<string[]> => {
  await loadParser();
  return migrations
    .filter(({ sql }) =>
      readStatements(sql).actions.some(
        ({ node, within }) =>
          within !== 'stored' &&
          ('UpdateStmt' in node || 'DeleteStmt' in node || 'MergeStmt' in node),
      ),
    )
    .map(({ name }) => name);
};
