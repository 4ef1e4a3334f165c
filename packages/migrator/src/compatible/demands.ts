import type { Session } from '../run/session.ts';

/** A column's requirements on writes. */
export interface DemandedColumn {
  readonly name: string;
  readonly type: string;
  /** Without length or precision. */
  readonly baseType: string;
  readonly notNull: boolean;
  /** The server gives a value when the statement gives none: a default, an identity, a trigger. */
  readonly filled: boolean;
  readonly labels: readonly string[] | undefined;
}

/** A CHECK, a unique rule or a foreign key. */
export interface Demand {
  readonly name: string;
  readonly columns: readonly string[];
  readonly definition: string;
  /** The table whose rows a foreign key without an action protects from deletion. */
  readonly holds?: string;
}

export interface DemandedTable {
  /** In their order. */
  readonly columns: readonly DemandedColumn[];
  readonly demands: readonly Demand[];
}

/** The requirements that a schema puts on writes, by `schema.table`. */
export interface Demands {
  readonly tables: ReadonlyMap<string, DemandedTable>;
  readonly searchPath: readonly string[];
}

const COLUMNS = `
  select n.nspname || '.' || c.relname as "table", a.attname::text as name,
         format_type(a.atttypid, a.atttypmod) as type, format_type(a.atttypid, null) as base,
         a.attnotnull or (t.typtype = 'd' and t.typnotnull) as "notNull",
         a.atthasdef or a.attidentity <> '' or t.typdefault is not null or exists (
           select 1 from pg_trigger g join pg_proc p on p.oid = g.tgfoid
           where g.tgrelid = c.oid and not g.tgisinternal and g.tgenabled in ('O', 'A')
             -- BEFORE, INSERT and FOR EACH ROW.
             and g.tgtype & 7 = 7 and p.prosrc ~* ('new\\."?' || regexp_replace(a.attname, '(\\W)', '\\\\\\1', 'g') || '"?\\s*:?=')) as filled,
         case when t.typtype = 'e' then (select array_agg(e.enumlabel::text order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid) end as labels
  from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
  join pg_type t on t.oid = a.atttypid
  where c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  order by 1, a.attnum`;

const DEMANDS = `
  with demand as (
    select conrelid as relation, conname::text as name, conkey as keys, pg_get_constraintdef(oid) as definition,
           case when contype = 'f' and confdeltype in ('a', 'r') then confrelid end as holds
    from pg_constraint where contype in ('c', 'f', 'p', 'u', 'x') and conrelid <> 0
    union all
    select i.indrelid, c.relname::text, i.indkey::int2[], pg_get_indexdef(i.indexrelid), null
    from pg_index i join pg_class c on c.oid = i.indexrelid
    where i.indisunique and not exists (select 1 from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x')))
  select n.nspname || '.' || c.relname as "table", d.name, d.definition,
         coalesce((select array_agg(a.attname::text order by a.attnum) from pg_attribute a where a.attrelid = c.oid and a.attnum = any (d.keys)), '{}') as columns,
         (select hn.nspname || '.' || h.relname from pg_class h join pg_namespace hn on hn.oid = h.relnamespace where h.oid = d.holds) as holds
  from demand d join pg_class c on c.oid = d.relation join pg_namespace n on n.oid = c.relnamespace
  where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  order by 1, 2`;

/** Reads the requirements of a database's schema on writes. */
export const readDemands = async (session: Session): Promise<Demands> => {
  const tables = new Map<string, { columns: DemandedColumn[]; demands: Demand[] }>();
  const entry = (name: string) => {
    const known = tables.get(name);
    if (known) return known;
    const fresh = { columns: [], demands: [] };
    tables.set(name, fresh);
    return fresh;
  };
  for (const { table, base, labels, ...column } of await session.rows<
    Omit<DemandedColumn, 'baseType' | 'labels'> & {
      table: string;
      base: string;
      labels: string[] | null;
    }
  >(COLUMNS))
    entry(table).columns.push({ ...column, baseType: base, labels: labels ?? undefined });
  for (const { table, holds, ...demand } of await session.rows<
    Omit<Demand, 'holds'> & { table: string; holds: string | null }
  >(DEMANDS))
    entry(table).demands.push({ ...demand, ...(holds === null ? {} : { holds }) });
  const [path] = await session.rows<{ schemas: string[] }>(
    'select current_schemas(false)::text[] as schemas',
  );
  return { tables, searchPath: path?.schemas ?? [] };
};
