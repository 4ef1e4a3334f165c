import { refused } from '../errors.ts';
import type { Session } from '../run/session.ts';
import type { Tables } from '../run/tables.ts';

/** More rows than this in a table are data and no seed, and do not belong in a migration. */
const MOST = 10_000;

interface FilledTable {
  readonly name: string;
  /** Every column that can be written, quoted. */
  readonly columns: readonly string[];
  readonly alwaysIdentity: boolean;
  /** Tables that its foreign keys name, other than itself. */
  readonly parents: readonly string[];
}

const TABLES = `
  select c.oid::regclass::text as name,
         array(select quote_ident(a.attname) from pg_attribute a where a.attrelid = c.oid and a.attnum > 0
               and not a.attisdropped and a.attgenerated = '' order by a.attnum) as columns,
         exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attidentity = 'a') as "alwaysIdentity",
         array(select distinct k.confrelid::regclass::text from pg_constraint k
               where k.conrelid = c.oid and k.contype = 'f' and k.confrelid <> c.oid) as parents
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p') and not c.relispartition and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    and n.nspname <> 'drizzle' and not (n.nspname = $1 and c.relname = any ($2))
    and not exists (select 1 from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
  order by 1`;

const SEQUENCES = `
  select format('%I.%I', schemaname, sequencename) as name, last_value::text as value from pg_sequences s
  where last_value is not null and schemaname <> 'drizzle'
    and not (schemaname = $1 and exists (
      select 1 from pg_depend d join pg_class t on t.oid = d.refobjid
      where d.objid = format('%I.%I', schemaname, sequencename)::regclass and t.relname = any ($2)))
  order by 1`;

/** Parents before children; `undefined` if tables refer to each other in a cycle. */
const inOrder = (tables: readonly FilledTable[]): FilledTable[] | undefined => {
  const left = new Map(tables.map((table) => [table.name, table]));
  const ordered: FilledTable[] = [];
  while (left.size > 0) {
    const next = [...left.values()].find(({ parents }) => !parents.some((name) => left.has(name)));
    if (!next) return undefined;
    left.delete(next.name);
    ordered.push(next);
  }
  return ordered;
};

const FORCED = `
  select c.oid::regclass::text as name from pg_class c
  where c.relforcerowsecurity and c.relkind in ('r', 'p') and pg_has_role(c.relowner, 'usage')
  order by c.oid`;

/**
 * The rows that a history leaves in an empty database, as statements that insert the same rows, and
 * the positions of the sequences. A computed value, such as `now()`, is written as its result.
 *
 * @throws MigratorError `different` (exit 2) for a table of more than 10,000 rows, or tables in a
 *   cycle
 */
export const rowStatements = async (session: Session, tables: Tables): Promise<string[]> => {
  // A role under forced policies would not see all rows.
  await session.run("begin; set local search_path = ''");
  try {
    for (const { name } of await session.rows<{ name: string }>(FORCED))
      await session.run(`alter table ${name} no force row level security`);
    return await readRows(session, tables);
  } finally {
    await session.run('rollback');
  }
};

const readRows = async (session: Session, tables: Tables): Promise<string[]> => {
  const { schema, relations } = tables.names;
  const filled: FilledTable[] = [];
  const values = new Map<string, string[]>();
  for (const table of await session.rows<FilledTable & Record<string, unknown>>(TABLES, [
    schema,
    relations,
  ])) {
    const row = table.columns.map((column) => `quote_nullable(${column})`).join(", ', ', ");
    const rows = await session.rows<{ row: string }>(
      `select concat('(', ${row}, ')') as row from ${table.name} order by 1 limit ${MOST + 1}`,
    );
    if (rows.length > MOST)
      throw refused(
        'different',
        `the migrations leave more than ${MOST} rows in ${table.name}: that is data, which a squashed file should not hold. Load it by a script, and remove it from the migrations first.`,
      );
    if (rows.length === 0) continue;
    filled.push(table);
    values.set(
      table.name,
      rows.map((entry) => entry.row),
    );
  }
  const sequences = await session.rows<{ name: string; value: string }>(SEQUENCES, [
    schema,
    relations,
  ]);
  const ordered = inOrder(filled);
  if (!ordered)
    throw refused(
      'different',
      `the migrations fill tables whose foreign keys form a cycle (${filled.map(({ name }) => name).join(', ')}): no order of INSERTs is right. Remove these rows from the migrations, and load them by a script.`,
    );
  return [
    ...ordered.map(
      ({ name, columns, alwaysIdentity }) =>
        `INSERT INTO ${name} (${columns.join(', ')})${alwaysIdentity ? ' OVERRIDING SYSTEM VALUE' : ''} VALUES\n  ${(values.get(name) ?? []).join(',\n  ')}`,
    ),
    ...sequences.map(
      ({ name, value }) => `SELECT setval('${name.replaceAll("'", "''")}', ${value})`,
    ),
  ];
};
