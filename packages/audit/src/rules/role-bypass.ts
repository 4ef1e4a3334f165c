import { defineRule } from './rule.ts';

export const roleBypass = defineRule({
  id: 'role-bypass',
  group: 'tenancy',
  severity: 'error',
  needs: 'catalog',
  title: 'The application’s role cannot bypass row security',
  why: 'A superuser and a role with BYPASSRLS see every row, and so does an owner if it is not forced: all policies are void, and every test passes. Check the role in the running database, because it is created there.',
  source: 'PostgreSQL manual 5.9 Row Security Policies',
  options: {
    /** The application's login roles and their granted roles; without any the rule is off. */
    roles: [] as string[],
  },
  bad: [
    {
      sql: `create table a (id int primary key); alter table a enable row level security;`,
      options: { roles: ['postgres'] },
    },
    { sql: `create table a (id int primary key);`, options: { roles: ['no_such_role_here'] } },
    {
      sql: `drop role if exists audit_table_owner; create role audit_table_owner; create table a (id int primary key); alter table a enable row level security; alter table a owner to audit_table_owner;`,
      options: { roles: ['audit_table_owner'] },
    },
  ],
  good: [
    {
      sql: `create table a (id int primary key);`,
      options: { roles: ['pg_monitor_is_not_listed'].slice(1) },
    },
  ],
  *check({ catalog }, { roles }) {
    for (const name of roles) {
      const role = catalog?.roles.find((candidate) => candidate.name === name);
      const owned =
        catalog?.tables.filter(
          ({ owner, rowSecurity, forced }) => owner === name && rowSecurity && !forced,
        ) ?? [];
      if (!role) yield { object: name, message: 'is not a role of this server' };
      else if (role.superuser || role.bypassesRowSecurity)
        yield {
          object: name,
          message: role.superuser
            ? 'is a superuser: no policy applies to it'
            : 'has BYPASSRLS: no policy applies to it',
          fix: { language: 'sql', code: `alter role "${name}" nosuperuser nobypassrls;` },
        };
      else if (owned.length > 0)
        yield {
          object: name,
          message: `owns ${owned.map(({ id }) => id).join(', ')}, where row security is not forced`,
          fix: {
            language: 'sql',
            code: owned.map(({ id }) => `alter table ${id} force row level security;`).join('\n'),
          },
        };
    }
  },
});
