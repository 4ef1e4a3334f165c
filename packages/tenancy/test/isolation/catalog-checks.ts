import { expect } from 'vitest';
import { distributionObstacles } from '../../src/cluster/distribution.ts';
import type { Check } from './row-checks.ts';

/** Requirements on the catalog, whatever rows there are. */
export const catalogChecks: readonly Check[] = [
  {
    name: 'each table has one policy: every command, for tenancy_app, by tenant, to read and to write',
    async run({ admin, tables }) {
      const policies = await admin`
        select tablename as table, policyname as policy, permissive, roles::text as roles, cmd,
          qual, with_check as check from pg_policies where schemaname = 'public' order by tablename`;
      const current = `(NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid`;
      expect([...policies]).toEqual(
        tables.map(({ name, key }) => ({
          table: name,
          policy: `${name}_tenant_isolation`,
          permissive: 'PERMISSIVE',
          roles: '{tenancy_app}',
          cmd: 'ALL',
          qual: `(${key} = ${current})`,
          check: `(${key} = ${current})`,
        })),
      );
    },
  },
  {
    name: 'tenancy_app and everyone may select, insert, update and delete in the tables, and nothing else',
    async run({ admin, tables }) {
      const grants = await admin<{ grant: string }[]>`
        select c.relname || ': ' || a.privilege_type || ' to ' ||
          case when a.grantee = 0 then 'public' else a.grantee::regrole::text end as grant
        from pg_class c, aclexplode(c.relacl) a
        where c.relnamespace = 'public'::regnamespace and a.grantee <> c.relowner
        union all
        select c.relname || '.' || t.attname || ': ' || a.privilege_type
        from pg_class c join pg_attribute t on t.attrelid = c.oid, aclexplode(t.attacl) a
        where c.relnamespace = 'public'::regnamespace and a.grantee <> c.relowner`;
      const expected = tables.flatMap(({ name }) =>
        ['SELECT', 'INSERT', 'UPDATE', 'DELETE'].map((right) => `${name}: ${right} to tenancy_app`),
      );
      expect(grants.map(({ grant }) => grant).sort()).toEqual(expected.sort());
    },
  },
  {
    name: 'every partition is behind row security of its own, without a policy',
    async run({ admin }) {
      const open = await admin`
        select c.relname from pg_class c
        where c.relispartition and c.relkind in ('r', 'p')
          and c.relnamespace = 'public'::regnamespace
          and (not (c.relrowsecurity and c.relforcerowsecurity)
               or exists (select from pg_policy p where p.polrelid = c.oid))`;
      expect([...open]).toEqual([]);
    },
  },
  {
    name: 'tenancy_app has no power of a role: no superuser, no BYPASSRLS, owner and member of nothing',
    async run({ admin }) {
      const [role] = await admin`
        select rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication as powers,
          (select count(*)::int from pg_auth_members where member = r.oid) as memberships,
          (select count(*)::int from pg_class where relowner = r.oid) as owned,
          has_schema_privilege(r.oid, 'public', 'create') as creates
        from pg_roles r where rolname = 'tenancy_app'`;
      expect(role).toEqual({ powers: false, memberships: 0, owned: 0, creates: false });
    },
  },
  {
    name: 'every unique key and every foreign key carries the tenant',
    async run({ admin }) {
      expect(await distributionObstacles(admin)).toEqual([]);
    },
  },
  {
    name: 'every column that names another row is held by a foreign key',
    async run({ admin }) {
      const loose = await admin`
        select c.relname || '.' || a.attname as column
        from pg_class c join pg_attribute a on a.attrelid = c.oid
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
          and a.attname like '%\\_id' and a.attnum > 0 and not a.attisdropped
          and not exists (
            select from pg_constraint f
            where f.conrelid = c.oid and f.contype = 'f' and a.attnum = any(f.conkey)
              and (a.attname <> 'tenant_id' or f.confrelid = 'tenants'::regclass))`;
      expect([...loose]).toEqual([]);
    },
  },
  {
    name: 'no view without security_invoker, materialized view, sequence or security-definer function',
    async run({ admin }) {
      const doors = await admin`
        select c.relname as door from pg_class c
        where c.relnamespace = 'public'::regnamespace and (
          c.relkind in ('m', 'S', 'f') or
          c.relkind = 'v' and not coalesce('security_invoker=true' = any(c.reloptions), false))
        union all
        select p.proname from pg_proc p
        where p.pronamespace = 'public'::regnamespace and p.prosecdef
        union all
        select c.relname || ' rule ' || r.rulename from pg_rewrite r join pg_class c on c.oid = r.ev_class
        where c.relnamespace = 'public'::regnamespace and c.relkind <> 'v'`;
      expect([...doors]).toEqual([]);
    },
  },
];
