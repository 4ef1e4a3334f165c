import { BOOKKEEPING } from '../model/bookkeeping.ts';
import {
  type Check,
  type Column,
  type EnumType,
  type ForeignKey,
  type Index,
  type Model,
  type Policy,
  type Table,
  tableId,
} from '../model/model.ts';
import { baseTypeOf } from '../model/read-columns.ts';
import type { Session } from './connection.ts';

/**
 * Excludes tables of the server, of extensions, of Supabase's services, and of a migrator's
 * bookkeeping.
 */
export const OWN_TABLES = `n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast', 'drizzle')
  and n.nspname not like 'pg\\_temp%' and n.nspname not like 'pg\\_toast%'
  and not exists (select 1 from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
  and pg_get_userbyid(c.relowner) not like 'supabase\\_%'
  and c.relname not in (${[...BOOKKEEPING].map((name) => `'${name}'`).join(', ')})`;

interface TableRow {
  oid: string;
  schema: string;
  name: string;
  rls: boolean;
}
interface ColumnRow {
  oid: string;
  name: string;
  type: string;
  notnull: boolean;
  fallback: string | null;
  identity: string;
  generated: string;
  enumname: string | null;
}
interface IndexRow {
  oid: string;
  name: string;
  unique: boolean;
  primary: boolean;
  constraint: boolean;
  method: string;
  predicate: string | null;
  parts: {
    text: string;
    column: string | null;
    descending: boolean;
    nulls: 'first' | 'last' | null;
  }[];
  included: string[];
  nulls: boolean;
}
interface ConstraintRow {
  oid: string;
  name: string;
  kind: string;
  columns: string[] | null;
  target: string | null;
  targetschema: string | null;
  targetcolumns: string[] | null;
  ondelete: string;
  text: string;
}
interface PolicyRow {
  oid: string;
  name: string;
  command: string;
  permissive: boolean;
  roles: string[];
  using: string | null;
  withcheck: string | null;
}

const ON_DELETE: Record<string, string> = {
  a: 'no action',
  r: 'restrict',
  c: 'cascade',
  n: 'set null',
  d: 'set default',
};

const grouped = <T extends { oid: string }>(rows: readonly T[]): Map<string, T[]> => {
  const found = new Map<string, T[]>();
  for (const row of rows) found.set(row.oid, [...(found.get(row.oid) ?? []), row]);
  return found;
};

const columnOf = (row: ColumnRow, primary: ReadonlySet<string>): Column => {
  const baseType = baseTypeOf(row.type);
  const number = /\((\d+)/.exec(row.type)?.[1];
  const size = number === undefined ? undefined : Number(number);
  const serial = /^nextval\(/.test(row.fallback ?? '');
  return {
    key: row.name,
    name: row.name,
    sqlType: row.type,
    baseType: baseType === 'character varying' ? 'varchar' : baseType,
    length: /^(character|bpchar)/.test(baseType) ? size : undefined,
    precision: /^(timestamp|time|numeric)/.test(baseType) ? size : undefined,
    isArray: row.type.includes('[]'),
    notNull: row.notnull,
    primary: primary.has(row.name),
    default:
      row.fallback === null || row.generated !== ''
        ? undefined
        : { kind: 'sql', text: row.fallback },
    onUpdate: false,
    generated: row.generated !== '',
    identity: row.identity !== '' || serial,
    enumName: row.enumname ?? undefined,
  };
};

const indexOf = (row: IndexRow): Index => ({
  name: row.name,
  parts: row.parts.map(({ text, column, descending, nulls }) => ({
    nulls: nulls ?? undefined,
    text: column ?? text,
    column: column ?? undefined,
    descending,
  })),
  included: row.included,
  unique: row.unique,
  constraint: row.primary ? 'primary key' : row.constraint ? 'unique' : undefined,
  method: row.method,
  where: row.predicate ?? undefined,
  nullsNotDistinct: row.nulls,
  explicitName: true,
});

const foreignKeyOf = (row: ConstraintRow): ForeignKey => ({
  name: row.name,
  columns: row.columns ?? [],
  target: tableId(row.target ?? '', row.targetschema ?? undefined),
  targetColumns: row.targetcolumns ?? [],
  onDelete: ON_DELETE[row.ondelete] ?? 'no action',
  explicitName: true,
});

/**
 * Reads the tables of a database as a model, for the rules about structure if there is no schema.
 */
export const readModel = async (session: Session): Promise<Model> => {
  const tables = await session.rows<TableRow>(
    `select c.oid::text as oid, n.nspname as schema, c.relname as name, c.relrowsecurity as rls
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and not c.relispartition and ${OWN_TABLES}
     order by 2, 3`,
  );
  const oids = [tables.map(({ oid }) => oid)];
  const columns = grouped(
    await session.rows<ColumnRow>(
      `select a.attrelid::text as oid, a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
         a.attnotnull as notnull, pg_get_expr(d.adbin, d.adrelid) as fallback, a.attidentity as identity,
         a.attgenerated as generated, case when t.typtype = 'e' then t.typname end as enumname
       from pg_attribute a join pg_type t on t.oid = a.atttypid
       left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
       where a.attrelid = any($1::oid[]) and a.attnum > 0 and not a.attisdropped order by a.attnum`,
      oids,
    ),
  );
  const indexes = grouped(
    await session.rows<IndexRow>(
      `select i.indrelid::text as oid, c.relname as name, i.indisunique as unique, i.indisprimary as primary,
         exists (select 1 from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u')) as constraint,
         m.amname as method, pg_get_expr(i.indpred, i.indrelid) as predicate,
         coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false) as nulls,
         (select json_agg(json_build_object('text', pg_get_indexdef(i.indexrelid, k, true),
             'column', (select a.attname from pg_attribute a where a.attrelid = i.indrelid and a.attnum = i.indkey[k - 1]),
             'descending', (i.indoption[k - 1] & 1) = 1,
             'nulls', case i.indoption[k - 1] & 3 when 1 then 'last' when 2 then 'first' end) order by k)
          from generate_series(1, i.indnkeyatts) k) as parts,
         array(select a.attname from generate_series(i.indnkeyatts + 1, i.indnatts) k
           join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[k - 1])::text[] as included
       from pg_index i join pg_class c on c.oid = i.indexrelid join pg_am m on m.oid = c.relam
       where i.indrelid = any($1::oid[]) order by c.relname`,
      oids,
    ),
  );
  const constraints = grouped(
    await session.rows<ConstraintRow>(
      `select k.conrelid::text as oid, k.conname as name, k.contype as kind, k.confdeltype as ondelete,
         pg_get_constraintdef(k.oid) as text, f.relname as target, fn.nspname as targetschema,
         array(select a.attname from unnest(k.conkey) with ordinality u(n, o) join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.n order by o)::text[] as columns,
         array(select a.attname from unnest(k.confkey) with ordinality u(n, o) join pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.n order by o)::text[] as targetcolumns
       from pg_constraint k left join pg_class f on f.oid = k.confrelid left join pg_namespace fn on fn.oid = f.relnamespace
       where k.conrelid = any($1::oid[]) and k.contype in ('f', 'c') and k.conparentid = 0 order by k.conname`,
      oids,
    ),
  );
  const policies = grouped(
    await session.rows<PolicyRow>(
      `select p.polrelid::text as oid, p.polname as name, p.polpermissive as permissive,
         case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end as command,
         array(select case when r = 0 then 'public' else pg_get_userbyid(r) end from unnest(p.polroles) r)::text[] as roles,
         pg_get_expr(p.polqual, p.polrelid) as using, pg_get_expr(p.polwithcheck, p.polrelid) as withcheck
       from pg_policy p where p.polrelid = any($1::oid[]) order by p.polname`,
      oids,
    ),
  );
  const enums = await session.rows<{ schema: string; name: string; values: string[] }>(
    `select n.nspname as schema, t.typname as name, array_agg(e.enumlabel::text order by e.enumsortorder) as values
     from pg_type t join pg_enum e on e.enumtypid = t.oid join pg_namespace n on n.oid = t.typnamespace group by 1, 2`,
  );
  const views = await session.rows<{ schema: string; name: string; kind: string }>(
    `select n.nspname as schema, c.relname as name, c.relkind as kind from pg_class c
     join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('v', 'm') and ${OWN_TABLES}`,
  );
  return {
    origin: 'catalog',
    tables: tables.map(({ oid, schema, name, rls }): Table => {
      const own = (indexes.get(oid) ?? []).map(indexOf);
      const primaryKey =
        own
          .find(({ constraint }) => constraint === 'primary key')
          ?.parts.flatMap(({ column }) => column ?? []) ?? [];
      const rules = constraints.get(oid) ?? [];
      return {
        id: tableId(name, schema),
        key: name,
        name,
        schema: schema === 'public' ? undefined : schema,
        columns: (columns.get(oid) ?? []).map((row) => columnOf(row, new Set(primaryKey))),
        primaryKey,
        foreignKeys: rules.filter(({ kind }) => kind === 'f').map(foreignKeyOf),
        indexes: own,
        checks: rules
          .filter(({ kind }) => kind === 'c')
          .map(({ name: check, text }): Check => ({ name: check, text })),
        policies: (policies.get(oid) ?? []).map(
          (row): Policy => ({
            name: row.name,
            command: row.command,
            permissive: row.permissive,
            roles: row.roles,
            using: row.using ?? undefined,
            withCheck: row.withcheck ?? undefined,
          }),
        ),
        rowSecurity: rls,
      };
    }),
    views: views.map(({ schema, name, kind }) => ({
      id: tableId(name, schema),
      materialized: kind === 'm',
    })),
    enums: enums.map(
      ({ schema, name, values }): EnumType => ({ id: tableId(name, schema), name, values }),
    ),
    relations: [],
    exports: new Set(),
    shapes: new Map(),
  };
};

/**
 * Extends the declared schema by objects that only the database has, because an index, a check or a
 * policy that Drizzle cannot declare counts as well.
 */
export const withLive = (declared: Model, live: Model): Model => {
  const byId = new Map(live.tables.map((table) => [table.id, table]));
  return {
    ...declared,
    tables: declared.tables.map((table) => {
      const there = byId.get(table.id);
      if (!there) return table;
      const sameIndex = (a: Index, b: Index) =>
        a.name === b.name ||
        (a.constraint !== undefined &&
          a.constraint === b.constraint &&
          a.parts.map(({ text }) => text).join() === b.parts.map(({ text }) => text).join());
      const place = <T extends object>(item: T): T => ({ ...item, location: table.location });
      return {
        ...table,
        indexes: [
          ...table.indexes,
          ...there.indexes
            .filter((index) => !table.indexes.some((known) => sameIndex(known, index)))
            .map(place),
        ],
        checks: [
          ...table.checks,
          ...there.checks
            .filter(({ name }) => !table.checks.some((known) => known.name === name))
            .map(place),
        ],
        policies: [
          ...table.policies,
          ...there.policies
            .filter(({ name }) => !table.policies.some((known) => known.name === name))
            .map(place),
        ],
      };
    }),
  };
};
