import type { ISql } from 'postgres';

interface TenantTable {
  readonly table: string;
  readonly forced: boolean;
}

/**
 * Lifts FORCE ROW LEVEL SECURITY from the owner's tables and partitions while `work` runs. Citus
 * moves and checks rows as the owner, and under FORCE it refuses to copy rows ("COPY FROM not
 * supported with row-level security") or, without rows, to check a foreign key. The application is
 * not the owner, so its policies hold all the time.
 *
 * A killed run leaves FORCE lifted. Then `createTenancy` refuses to start, and the next run gives
 * FORCE back to every table with row security.
 *
 * Each statement is a message of its own, because Citus refuses several ALTERs in one.
 */
export async function withoutForcedRowSecurity(
  sql: ISql,
  work: () => Promise<void>,
): Promise<void> {
  const [role] = await sql<{ held_back: boolean }[]>`
    select not (rolsuper or rolbypassrls) as held_back from pg_roles where rolname = current_user`;
  if (role?.held_back) {
    for (const { table, forced } of await tablesWithRowSecurity(sql)) {
      if (forced) await sql.unsafe(`alter table ${table} no force row level security`);
    }
  }
  try {
    await work();
  } finally {
    for (const { table, forced } of await tablesWithRowSecurity(sql)) {
      if (!forced) await sql.unsafe(`alter table ${table} force row level security`);
    }
  }
}

/** Tables and partitions of the schema, as quoted names. */
const tablesWithRowSecurity = (sql: ISql) => sql<TenantTable[]>`
  select c.oid::regclass::text as table, c.relforcerowsecurity as forced
  from pg_class c
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relrowsecurity
    and pg_has_role(current_user, c.relowner, 'usage')
    and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
  order by 1`;
