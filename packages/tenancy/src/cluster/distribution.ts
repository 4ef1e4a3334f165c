import type { ISql } from 'postgres';

/** A table to distribute, and its distribution column. */
export interface DistributedTable {
  readonly table: string;
  readonly column: string;
  /** True if Citus has distributed it already. */
  readonly distributed: boolean;
}

/** The reason why a table cannot be distributed. */
export interface Obstacle {
  readonly table: string;
  /** The constraint, index or policy. */
  readonly object: string;
  readonly problem: string;
}

/**
 * The tables of the schema with their distribution columns, read from the catalog: `tenants` by `id`,
 * every other table by `tenant_id`; referenced tables before the ones that refer to them.
 */
export async function distributionPlan(sql: ISql): Promise<DistributedTable[]> {
  const hasCitus = await sql`select 1 from pg_extension where extname = 'citus'`;
  const tables = await sql<{ table: string; column: string | null; parents: string[] }[]>`
    select c.relname as table,
      (select a.attname from pg_attribute a
       where a.attrelid = c.oid and not a.attisdropped
         and a.attname = case when c.relname = 'tenants' then 'id' else 'tenant_id' end) as column,
      array(select distinct f.confrelid::regclass::text from pg_constraint f
            where f.conrelid = c.oid and f.contype = 'f' and f.confrelid <> c.oid
              and f.conparentid = 0) as parents
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
    order by c.relname`;
  const done = new Set(
    hasCitus.length > 0
      ? (
          await sql<{ table: string }[]>`
            select logicalrelid::text as table from pg_catalog.pg_dist_partition where partmethod = 'h'`
        ).map(({ table }) => table)
      : [],
  );
  return inOrderOfReferences(tables).map(({ table, column }) => ({
    table,
    column: column ?? '',
    distributed: done.has(table),
  }));
}

function inOrderOfReferences<T extends { table: string; parents: string[] }>(
  tables: readonly T[],
): T[] {
  const ordered: T[] = [];
  const visit = (entry: T, path: readonly string[]) => {
    if (ordered.includes(entry)) return;
    if (path.includes(entry.table)) {
      throw new Error(
        `Tables refer to one another in a cycle: ${[...path, entry.table].join(', ')}.`,
      );
    }
    for (const parent of tables.filter(({ table }) => entry.parents.includes(table))) {
      visit(parent, [...path, entry.table]);
    }
    ordered.push(entry);
  };
  for (const entry of tables) visit(entry, []);
  return ordered;
}

/**
 * Lists everything in the catalog that prevents distribution by tenant: a table without the column,
 * a unique key, exclusion or foreign key that omits it, a foreign key that pairs it with another
 * column, a policy with a subquery. A test holds it empty for the shipped schema.
 */
export async function distributionObstacles(sql: ISql): Promise<Obstacle[]> {
  return sql<Obstacle[]>`
    with tables as (
      select c.oid, c.relname,
        (select a.attnum from pg_attribute a
         where a.attrelid = c.oid and not a.attisdropped
           and a.attname = case when c.relname = 'tenants' then 'id' else 'tenant_id' end) as key
      from pg_class c
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
        and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
    )
    select relname as table, relname as object, 'has no column tenant_id' as problem
      from tables where key is null
    union all
    select t.relname, i.indexrelid::regclass::text, 'is unique without the tenant'
      from tables t join pg_index i on i.indrelid = t.oid
      where i.indisunique and not (t.key = any(i.indkey::int2[]))
    union all
    select t.relname, x.conname, 'excludes without the tenant'
      from tables t join pg_constraint x on x.conrelid = t.oid
      where x.contype = 'x' and not (t.key = any(x.conkey))
    union all
    select t.relname, f.conname, 'refers to ' || f.confrelid::regclass || ' without the tenant'
      from tables t
      join pg_constraint f on f.conrelid = t.oid and f.contype = 'f' and f.conparentid = 0
      left join tables p on p.oid = f.confrelid
      where p.oid is null or not exists (
        select from unnest(f.conkey, f.confkey) as pair (child, parent)
        where pair.child = t.key and pair.parent = p.key)
    union all
    select t.relname, y.polname, 'is a policy with a subquery'
      from tables t join pg_policy y on y.polrelid = t.oid
      where pg_get_expr(y.polqual, y.polrelid) ~* 'select '
         or pg_get_expr(y.polwithcheck, y.polrelid) ~* 'select '
    order by 1, 2`;
}
