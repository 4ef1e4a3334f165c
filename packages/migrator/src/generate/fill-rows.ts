import type { Session } from '../run/session.ts';

/** The facts about a column that decide a value for it. */
interface Column {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly kind: string;
  readonly labels: string[] | null;
  readonly length: number | null;
  readonly dimensions: number | null;
  readonly required: boolean;
  readonly computed: boolean;
  readonly checks: string[] | null;
}

const COLUMNS = `
  select c.oid::regclass::text as table, quote_ident(a.attname) as name, bt.typname as type, bt.typtype as kind,
         (select array_agg(e.enumlabel::text order by e.enumsortorder) from pg_enum e where e.enumtypid = bt.oid) as labels,
         case when bt.typname in ('varchar', 'bpchar') and a.atttypmod > 4 then a.atttypmod - 4 end as length,
         case when bt.typname in ('vector', 'halfvec') and a.atttypmod > 0 then a.atttypmod end as dimensions,
         a.attnotnull or t.typnotnull as required, a.attgenerated <> '' or a.attidentity <> '' as computed,
         (select array_agg(pg_get_constraintdef(k.oid)) from pg_constraint k
          where k.conrelid = c.oid and k.contype = 'c' and a.attnum = any (k.conkey)) as checks
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  join pg_type t on t.oid = a.atttypid
  join pg_type bt on bt.oid = case when t.typtype = 'd' then t.typbasetype else t.oid end
  where c.relkind in ('r', 'p') and not c.relispartition and n.nspname !~ '^pg_'
    and n.nspname not in ('information_schema', 'drizzle') and c.relname = any ($1)
  order by c.oid, a.attnum`;

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A CHECK usually accepts the constants that it compares with. */
const constantsOf = (checks: readonly string[] | null): string[] =>
  (checks ?? []).flatMap((check) =>
    [...check.matchAll(/'((?:[^']|'')*)'/g)].map(([, text = '']) => text),
  );

const textFor = (column: Column, row: number): string => {
  const known = constantsOf(column.checks);
  const text = known.length > 0 ? (known[row % known.length] ?? '') : `value-${row + 1}`;
  return column.length === null ? text : text.slice(0, column.length);
};

/** A value for a column in a row, as SQL; undefined if none is known. */
const valueFor = (column: Column, row: number): string | undefined => {
  const { type, labels } = column;
  if (labels) return literal(labels[row % labels.length] ?? '');
  if (type.startsWith('_')) return `'{}'`;
  if (/^(text|varchar|bpchar|citext|name)$/.test(type)) return literal(textFor(column, row));
  if (/^(int[248]|oid)$/.test(type)) return String(row + 1);
  if (/^(numeric|float[48]|money)$/.test(type)) return String(row + 1);
  if (type === 'bool') return row % 2 === 0 ? 'true' : 'false';
  if (/^(timestamptz|timestamp|date)$/.test(type)) return `now() - interval '${row} days'`;
  if (/^(time|timetz)$/.test(type)) return `'12:00'`;
  if (type === 'interval') return `interval '${row + 1} hours'`;
  if (/^jsonb?$/.test(type)) return `'{}'`;
  if (type === 'uuid') return `md5('row ${row}')::uuid`;
  if (type === 'bytea') return `'\\x0${row % 10}'`;
  if (/^(inet|cidr)$/.test(type)) return `'10.0.0.${row + 1}'`;
  if (type === 'tsvector') return `''`;
  if (/range$/.test(type)) return `'empty'`;
  if (column.dimensions !== null)
    return `'[${Array(column.dimensions)
      .fill(row + 1)
      .join(',')}]'`;
  return undefined;
};

/** The columns and values of a row; `sparse` omits every optional column. */
const rowSql = (columns: readonly Column[], row: number, sparse: boolean): string => {
  const given = columns.flatMap((column) => {
    if (column.computed || (sparse && !column.required)) return [];
    const value = valueFor(column, row);
    return value === undefined ? [] : [[column.name, value] as const];
  });
  const table = columns[0]?.table ?? '';
  if (given.length === 0) return `insert into ${table} default values`;
  const names = given.map(([name]) => name).join(', ');
  return `insert into ${table} (${names}) values (${given.map(([, value]) => value).join(', ')})`;
};

/**
 * Puts a few rows into tables of a scratch database, so that a migration is proved on rows: every
 * label of an enum, nulls where they are allowed, and values that a CHECK names. Foreign keys and
 * triggers are off meanwhile, if the role may disable them.
 *
 * @param tables names without their schema
 * @returns the tables that hold rows now
 */
export const fillRows = async (session: Session, tables: readonly string[]): Promise<string[]> => {
  const columns = await session.rows<Column & { table: string }>(COLUMNS, [tables]);
  const byTable = new Map<string, Column[]>();
  for (const column of columns)
    byTable.set(column.table, [...(byTable.get(column.table) ?? []), column]);
  const filled: string[] = [];
  await session.run('set session_replication_role = replica').catch(() => {});
  for (const [table, own] of byTable) {
    const rows = Math.max(3, ...own.map(({ labels }) => labels?.length ?? 0));
    let stored = 0;
    for (let row = 0; row < rows; row += 1)
      for (const sparse of row === rows - 1 ? [true] : [false, true]) {
        // Skips a row that breaks another rule.
        const done = await session.run(rowSql(own, row, sparse)).then(
          () => true,
          () => false,
        );
        if (done) {
          stored += 1;
          break;
        }
      }
    if (stored > 0) filled.push(table);
  }
  await session.run('reset session_replication_role').catch(() => {});
  return filled;
};
