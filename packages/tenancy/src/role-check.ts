import { ForbiddenError } from '@reference/kit';
import type { Sql, TransactionSql } from 'postgres';

type Finding = { role: string; problem: string };

/**
 * Rejects a role that can bypass row security.
 *
 * @param sql a connection, or a transaction that has taken the role on
 * @throws ForbiddenError naming the role and the reason: a superuser, BYPASSRLS, the owner of a
 *   tenant table, or a member of such a role; a tenant table without forced row security; a right
 *   to a partition, where no policy applies
 */
export async function assertRoleIsHeldBack(sql: Sql | TransactionSql): Promise<void> {
  const findings = await sql<Finding[]>`
    with tenant_tables as (
      select c.oid, c.relname, c.relowner, c.relispartition, c.relrowsecurity and c.relforcerowsecurity as forced
      from pg_class c
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
        and (c.relname = 'tenants' or exists (
          select from pg_attribute a
          where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped))
    )
    select current_user as role, problem from (
      select 1 as rank, 'it is a superuser' as problem
        from pg_roles r where r.rolname = current_user and r.rolsuper
      union all select 2, 'it has BYPASSRLS'
        from pg_roles r where r.rolname = current_user and r.rolbypassrls
      union all select 3, format('it may become %I, which is a superuser or has BYPASSRLS', r.rolname)
        from pg_roles r
        where r.rolname <> current_user and (r.rolsuper or r.rolbypassrls)
          and pg_has_role(current_user, r.oid, 'member')
      union all select 4, format('it owns %I, or may become its owner', t.relname)
        from tenant_tables t where pg_has_role(current_user, t.relowner, 'member')
      union all select 5, format('%I has no forced row security', t.relname)
        from tenant_tables t where not t.forced
      union all select 6, format('it may reach partition %I directly', t.relname)
        from tenant_tables t
        where t.relispartition
          and has_table_privilege(current_user, t.oid, 'select, insert, update, delete, truncate')
    ) as problems
    order by rank limit 1`;
  const [finding] = findings;
  if (finding) {
    throw new ForbiddenError(
      `Role "${finding.role}" can bypass tenant isolation: ${finding.problem}. Connect as a login role that was granted tenancy_app and nothing more.`,
    );
  }
}
