import type { ISql } from 'postgres';

/**
 * True if this server is a Citus coordinator that has distributed the tenants. It reads Citus' own
 * catalog, because a flag in a configuration would be wrong on the day of the change.
 */
export async function isDistributed(sql: ISql): Promise<boolean> {
  const [catalog] = await sql<{ known: boolean }[]>`
    select to_regclass('pg_catalog.pg_dist_partition') is not null as known`;
  if (!catalog?.known) return false;
  const tables = await sql`
    select from pg_catalog.pg_dist_partition
    where logicalrelid = to_regclass('public.tenants') and partmethod = 'h'`;
  return tables.length > 0;
}
