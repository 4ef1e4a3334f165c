import { sqlstateOf } from '../errors.ts';
import type { Session } from '../run/session.ts';

/** The facts about a column that decide a value for it. */
interface Column {
  readonly name: string;
  /** The type in a cast's spelling. */
  readonly cast: string;
  readonly type: string;
  readonly labels: string[] | null;
  readonly length: number | null;
  readonly dimensions: number | null;
  readonly required: boolean;
  readonly generated: boolean;
  /** The constants of the checks that name it. */
  readonly constants: string[];
}

interface TableRow {
  readonly oid: string;
  readonly name: string;
  readonly leaf: string;
  readonly parents: string[];
}

const TABLES = `
  select c.oid::text as oid, c.oid::regclass::text as name, c.relname as leaf,
         coalesce((select array_agg(distinct k.confrelid::text) from pg_constraint k
                   where k.conrelid = c.oid and k.contype = 'f' and k.confrelid <> c.oid), '{}') as parents
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p') and not c.relispartition and n.nspname !~ '^pg_'
    and n.nspname not in ('information_schema', 'drizzle')
  order by c.oid`;

const COLUMNS = `
  select quote_ident(a.attname) as name, format_type(a.atttypid, a.atttypmod) as cast, bt.typname as type,
         (select array_agg(e.enumlabel::text order by e.enumsortorder) from pg_enum e where e.enumtypid = bt.oid) as labels,
         case when bt.typname in ('varchar', 'bpchar') and m.mod > 4 then m.mod - 4 end as length,
         case when bt.typname in ('vector', 'halfvec') and m.mod > 0 then m.mod end as dimensions,
         a.attnotnull or t.typnotnull as required, a.attgenerated <> '' as generated,
         coalesce((select array_agg(found[1]) from pg_constraint k,
                   regexp_matches(pg_get_constraintdef(k.oid), '(''(?:[^'']|'''')*''|[-]?[0-9]+(?:[.][0-9]+)?)', 'g') found
                   where k.contype = 'c' and (k.contypid = t.oid or (k.conrelid = a.attrelid and a.attnum = any (k.conkey)))), '{}') as constants
  from pg_attribute a join pg_type t on t.oid = a.atttypid
  join pg_type bt on bt.oid = case when t.typtype = 'd' then t.typbasetype else t.oid end,
  lateral (select case when t.typtype = 'd' then t.typtypmod else a.atttypmod end as mod) m
  where a.attrelid = $1::oid and a.attnum > 0 and not a.attisdropped
  order by a.attnum`;

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const oneOf = (values: readonly string[]): string =>
  `(array[${values.join(', ')}])[1 + g % ${values.length}]`;

/**
 * Expressions over the row's number `g`, the likeliest first. Equal types get equal values in rows
 * of the same number, so that foreign keys hold.
 */
const candidatesFor = (column: Column): string[] => {
  const { type, labels, length, constants, required } = column;
  const cast = (value: string) => `(${value})::${column.cast}`;
  const quoted = constants.filter((text) => text.startsWith("'"));
  const numbers = constants.filter((text) => !text.startsWith("'"));
  const found: string[] = [];
  if (labels) found.push(cast(oneOf(labels.map(literal))));
  else if (type.startsWith('_')) found.push(cast(`'{}'`));
  else if (/^(text|varchar|bpchar|citext|name)$/.test(type)) {
    const plain = `'value-' || g`;
    const shortened = (value: string) =>
      cast(length === null ? value : `right(${value}, ${length})`);
    if (quoted.length > 0) found.push(cast(oneOf(quoted)));
    found.push(
      shortened(plain),
      shortened(`'person' || g || '@example.com'`),
      shortened(`'v' || g`),
    );
    for (const constant of quoted) found.push(cast(constant));
  } else if (/^(int[248]|oid|numeric|float[48]|money)$/.test(type)) {
    // A number with few digits cannot count to a million.
    const small = type === 'int2' || /\(/.test(column.cast);
    found.push(cast(small ? 'g % 100' : 'g'), cast('1 + g % 5'));
    if (numbers.length > 0) found.push(cast(oneOf(numbers)));
    for (const number of numbers)
      found.push(cast(number), cast(`${number} + 1`), cast(`${number} - 1`));
  } else if (type === 'bool') found.push('(g % 2 = 0)', 'true', 'false');
  else if (/^(timestamptz|timestamp|date)$/.test(type))
    found.push(cast(`now() - g * interval '1 second'`), cast(`now() + g * interval '1 second'`));
  else if (/^(time|timetz)$/.test(type)) found.push(cast(`'12:00'`));
  else if (type === 'interval') found.push(`g * interval '1 second'`);
  else if (/^jsonb?$/.test(type)) found.push(cast(`'{}'`), cast(`'[]'`));
  else if (type === 'uuid') found.push(`md5('row ' || g)::uuid`);
  else if (type === 'bytea') found.push(`decode(md5(g::text), 'hex')`);
  else if (/^(inet|cidr)$/.test(type)) found.push(cast(`'10.0.0.0'::inet + g`));
  else if (type === 'tsvector') found.push(`('word' || g)::tsvector`);
  else if (/range$/.test(type)) found.push(cast(`'empty'`));
  else if (column.dimensions !== null)
    found.push(cast(`array_fill((1 + g % 100)::real, array[${column.dimensions}])`));
  if (!required) found.push(cast('null'));
  return found;
};

const insertSql = (
  table: string,
  columns: readonly Column[],
  chosen: ReadonlyMap<string, string>,
  from: number,
  to: number,
): string => {
  const given = columns.filter(({ name }) => chosen.has(name));
  if (given.length === 0) return `insert into ${table} default values`;
  const names = given.map(({ name }) => name).join(', ');
  const values = given.map(({ name }) => chosen.get(name)).join(', ');
  return `insert into ${table} (${names}) overriding system value select ${values} from generate_series(${from}, ${to}) g on conflict do nothing`;
};

const constraintOf = (error: unknown): string | undefined =>
  error instanceof Error && 'constraint' in error && typeof error.constraint === 'string'
    ? error.constraint
    : undefined;

const MOST_TRIES = 60;

/**
 * The expressions that give a row which the table accepts, found by trying; undefined if none was
 * found.
 */
const settle = async (
  session: Session,
  { oid, name }: TableRow,
  columns: readonly Column[],
): Promise<Map<string, string> | undefined> => {
  const candidates = new Map(
    columns.flatMap((column) => (column.generated ? [] : [[column.name, candidatesFor(column)]])),
  );
  const places = new Map<string, number>();
  const chosen = () =>
    new Map(
      [...candidates].flatMap(([column, values]) => {
        const value = values[(places.get(column) ?? 0) % Math.max(1, values.length)];
        return value === undefined ? [] : [[column, value]];
      }),
    );
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const error = await session
      .run(`begin; ${insertSql(name, columns, chosen(), 1, 20)}; rollback`)
      .then(
        () => undefined,
        (failure: unknown) => failure,
      );
    if (error === undefined) return chosen();
    await session.run('rollback');
    const constraint = constraintOf(error);
    if (sqlstateOf(error) !== '23514' || constraint === undefined) return undefined;
    const [row] = await session.rows<{ columns: string[] }>(
      `select coalesce(array_agg(quote_ident(a.attname) order by a.attnum), '{}') as columns from pg_constraint k
       join pg_attribute a on a.attrelid = $1::oid
         and (a.attnum = any (k.conkey) or (k.contypid <> 0 and a.atttypid = k.contypid))
       where k.conname = $2 and (k.conrelid = $1::oid or k.contypid <> 0)`,
      [oid, constraint],
    );
    const own = row?.columns ?? [];
    if (own.length === 0) return undefined;
    // Counts through the combinations of its columns' candidates like digits of a number.
    for (const column of own) {
      const next = (places.get(column) ?? 0) + 1;
      const carries = next >= (candidates.get(column)?.length ?? 1);
      places.set(column, carries ? 0 : next);
      if (!carries) break;
    }
  }
  return undefined;
};

/** The contents of a table of the scratch copy. */
export interface FilledTable {
  readonly oid: string;
  readonly name: string;
  /** Without its schema. */
  readonly leaf: string;
  readonly rows: number;
}

/**
 * Fills tables of a scratch database with generated rows, and the tables that their foreign keys
 * point at. Foreign keys and triggers are off meanwhile, if the role may disable them.
 *
 * @param names unqualified, in the catalog's case
 * @param count rows of each table; a unique column of few values holds fewer
 * @returns the tables and their row counts; 0 if no valid row could be generated
 */
export const generateRows = async (
  session: Session,
  names: ReadonlySet<string>,
  count: number,
): Promise<FilledTable[]> => {
  const all = await session.rows<TableRow>(TABLES);
  const byOid = new Map(all.map((table) => [table.oid, table]));
  const wanted = new Set<string>();
  const add = (oid: string) => {
    if (wanted.has(oid)) return;
    wanted.add(oid);
    for (const parent of byOid.get(oid)?.parents ?? []) add(parent);
  };
  for (const { oid, leaf } of all) if (names.has(leaf)) add(oid);
  await session.run('set session_replication_role = replica').catch(() => {});
  let left = all.filter(({ oid }) => wanted.has(oid));
  // Parents first, for a role that may not disable foreign keys.
  left = [...left].sort(
    (a, b) => Number(b.parents.includes(a.oid)) - Number(a.parents.includes(b.oid)),
  );
  const filled: FilledTable[] = [];
  for (const table of left) {
    if (count > 0) {
      const columns = await session.rows<Column>(COLUMNS, [table.oid]);
      const chosen = await settle(session, table, columns);
      if (chosen)
        await session
          .run(insertSql(table.name, columns, chosen, 1, chosen.size === 0 ? 1 : count))
          .catch(() => {});
    }
    const [row] = await session.rows<{ rows: string }>(
      `select count(*) as rows from ${table.name}`,
    );
    filled.push({
      oid: table.oid,
      name: table.name,
      leaf: table.leaf,
      rows: Number(row?.rows ?? 0),
    });
  }
  await session.run('reset session_replication_role').catch(() => {});
  for (const { name } of filled) await session.run(`vacuum analyze ${name}`).catch(() => {});
  return filled;
};
