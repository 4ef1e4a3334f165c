import type { Migration } from '../folder/migration.ts';
import { isRecord, strings, walk } from '../review/ast.ts';
import { roleName, roleNames } from '../review/roles.ts';
import { loadParser, readStatements } from '../review/statements.ts';
import type { Session } from '../run/session.ts';
import type { Difference } from './compare.ts';

/** The migrations' statements about roles, which belong to the whole server and cannot be replayed. */
interface NamedRoles {
  readonly names: Set<string>;
  /** As `member of role`. */
  readonly memberships: Set<string>;
  /** As `role power` and `role setting`. */
  readonly said: Set<string>;
  /** As `role power`: NOLOGIN and the like. */
  readonly denied: Set<string>;
  /** Settings that a GRANT … ON PARAMETER names. */
  readonly settings: Set<string>;
  /** Computed text, whose grants nobody can read. */
  readonly unread: string;
}

const POWERS: Record<string, string> = {
  superuser: 'SUPERUSER',
  bypassrls: 'BYPASSRLS',
  createrole: 'CREATEROLE',
  createdb: 'CREATEDB',
  isreplication: 'REPLICATION',
  canlogin: 'LOGIN',
};

/** The `false` of NOLOGIN and its like. */
const isOffValue = (arg: unknown): boolean =>
  isRecord(arg) && isRecord(arg.Boolean) && arg.Boolean.boolval !== true;

const namedRoles = async (migrations: readonly Migration[]): Promise<NamedRoles> => {
  await loadParser();
  const named: NamedRoles & { unread: string } = {
    names: new Set(),
    memberships: new Set(),
    said: new Set(),
    denied: new Set(),
    settings: new Set(),
    unread: '',
  };
  for (const { sql } of migrations) {
    const { actions, unread } = readStatements(sql);
    named.unread += unread.map(({ text }) => text).join('\n');
    for (const { node } of actions) {
      walk(node, ({ tag, value }) => {
        if (tag === 'RoleSpec' && typeof value.rolename === 'string')
          named.names.add(value.rolename);
        return true;
      });
      if ('GrantStmt' in node && node.GrantStmt.objtype === 'OBJECT_PARAMETER_ACL')
        for (const name of strings(node.GrantStmt.objects)) named.settings.add(name.toLowerCase());
      if ('CreateRoleStmt' in node) named.names.add(node.CreateRoleStmt.role ?? '');
      if ('GrantRoleStmt' in node && node.GrantRoleStmt.is_grant)
        for (const role of node.GrantRoleStmt.granted_roles ?? [])
          if ('AccessPriv' in role)
            for (const member of roleNames(node.GrantRoleStmt.grantee_roles)) {
              named.memberships.add(`${member} of ${role.AccessPriv.priv_name}`);
              named.names.add(role.AccessPriv.priv_name ?? '');
            }
      if ('CreateRoleStmt' in node || 'AlterRoleStmt' in node) {
        const name =
          'CreateRoleStmt' in node
            ? (node.CreateRoleStmt.role ?? '')
            : node.AlterRoleStmt.role
              ? roleName(node.AlterRoleStmt.role)
              : '';
        const options =
          'CreateRoleStmt' in node ? node.CreateRoleStmt.options : node.AlterRoleStmt.options;
        for (const option of options ?? []) {
          if (!('DefElem' in option)) continue;
          const { defname = '', arg } = option.DefElem;
          const power = `${name} ${POWERS[defname] ?? defname}`;
          const isOff = isOffValue(arg);
          // The last statement counts.
          named[isOff ? 'denied' : 'said'].add(power);
          named[isOff ? 'said' : 'denied'].delete(power);
          // CREATE ROLE … IN ROLE, ROLE and ADMIN.
          if (isRecord(arg) && 'List' in arg && isRecord(arg.List) && Array.isArray(arg.List.items))
            for (const other of roleNames(arg.List.items))
              named.memberships.add(
                defname === 'addroleto' ? `${name} of ${other}` : `${other} of ${name}`,
              );
        }
      }
      if ('AlterRoleSetStmt' in node && node.AlterRoleSetStmt.role)
        named.said.add(
          `${roleName(node.AlterRoleSetStmt.role)} ${node.AlterRoleSetStmt.setstmt?.name ?? ''}`,
        );
    }
  }
  for (const name of ['', 'public', 'current_user', 'session_user']) named.names.delete(name);
  return named;
};

const ROLES = `
  select r.rolname as name, r.rolsuper as "SUPERUSER", r.rolbypassrls as "BYPASSRLS", r.rolcreaterole as "CREATEROLE",
         r.rolcreatedb as "CREATEDB", r.rolreplication as "REPLICATION", r.rolcanlogin as "LOGIN",
         coalesce((select array_agg(g.rolname::text order by g.rolname) from pg_auth_members m join pg_roles g on g.oid = m.roleid where m.member = r.oid), '{}') as groups,
         coalesce((select array_agg(entry order by entry) from pg_db_role_setting s, unnest(s.setconfig) entry
                   where s.setrole = r.oid and s.setdatabase in (0, (select oid from pg_database where datname = current_database()))), '{}') as settings
  from pg_roles r where r.rolname = any ($1) order by r.rolname`;

interface RoleRow {
  readonly name: string;
  readonly groups: string[];
  readonly settings: string[];
  readonly [power: string]: unknown;
}

/**
 * Powers, memberships and settings that a role has and no migration gives it; only of roles that
 * the migrations name.
 */
export const roleDifferences = async (
  session: Session,
  migrations: readonly Migration[],
): Promise<Difference[]> => {
  const named = await namedRoles(migrations);
  if (named.names.size === 0) return [];
  const rows = await session.rows<RoleRow>(ROLES, [[...named.names]]);
  const [self] = await session.rows<{ name: string }>('select current_user::text as name');
  const found: Difference[] = [];
  const add = (kind: 'role membership' | 'role power' | 'setting', name: string, actual: string) =>
    found.push({ kind, name, change: 'extra', actual, level: 'safety' });
  for (const row of rows) {
    // The role that migrates is the operator's own.
    if (row.name === self?.name) continue;
    for (const group of row.groups)
      if (!named.memberships.has(`${row.name} of ${group}`) && !named.unread.includes(group))
        add('role membership', `${row.name} in ${group}`, `${row.name} may do what ${group} may`);
    for (const power of Object.values(POWERS))
      if (
        row[power] === true &&
        // The operator decides whether a role logs in, unless a migration says NOLOGIN.
        (power !== 'LOGIN' || named.denied.has(`${row.name} ${power}`)) &&
        !named.said.has(`${row.name} ${power}`) &&
        !named.unread.includes(power)
      )
        add('role power', `${row.name} ${power}`, power);
    for (const entry of row.settings) {
      const [setting = ''] = entry.split('=');
      if (!named.said.has(`${row.name} ${setting}`) && !named.unread.includes(setting))
        add('setting', `${setting} of ${row.name}`, entry.slice(setting.length + 1));
    }
  }
  return [...found, ...(await settingRights(session, named))];
};

/** Rights to change a setting that a role has and no migration names; they belong to the server, too. */
const settingRights = async (session: Session, named: NamedRoles): Promise<Difference[]> => {
  // PostgreSQL 15 is the first to have them.
  const [known] = await session.rows<{ there: boolean }>(
    "select to_regclass('pg_catalog.pg_parameter_acl') is not null as there",
  );
  if (!known?.there) return [];
  const rows = await session.rows<{ role: string; setting: string; rights: string }>(
    `select r.rolname as role, p.parname as setting, string_agg(x.privilege_type, ', ' order by x.privilege_type) as rights
     from pg_parameter_acl p, aclexplode(p.paracl) x join pg_roles r on r.oid = x.grantee
     where r.rolname = any ($1) group by 1, 2 order by 1, 2`,
    [[...named.names]],
  );
  return rows
    .filter(({ setting }) => !named.settings.has(setting) && !named.unread.includes(setting))
    .map(({ role, setting, rights }) => ({
      kind: 'role power',
      name: `${role} ${rights} ${setting}`,
      change: 'extra',
      actual: `${rights} ON PARAMETER ${setting}`,
      level: 'safety',
    }));
};

const COUNTERS = `
  select quote_ident(n.nspname) || '.' || quote_ident(c.relname) as sequence, d.refobjid::regclass::text as "table",
         quote_ident(a.attname) as column, s.seqincrement > 0 as up
  from pg_sequence s join pg_class c on c.oid = s.seqrelid join pg_namespace n on n.oid = c.relnamespace
  join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype in ('a', 'i')
    and d.refclassid = 'pg_class'::regclass and d.refobjsubid > 0
  join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
  where n.nspname !~ '^pg_' and n.nspname <> all ($1)
    -- An index that begins with the column finds its last value at once.
    and exists (select 1 from pg_index i where i.indrelid = d.refobjid and i.indkey[0] = a.attnum and i.indisvalid and i.indpred is null)
  order by 1`;

/** Sequences behind a value in use, which they will give out again. */
export const countersBehind = async (
  session: Session,
  without: readonly string[] = [],
): Promise<Difference[]> => {
  const found: Difference[] = [];
  const counters = await session.rows<{
    sequence: string;
    table: string;
    column: string;
    up: boolean;
  }>(COUNTERS, [['information_schema', 'drizzle', ...without]]);
  for (const { sequence, table, column, up } of counters) {
    const [row] = await session
      .rows<{ used: string | null; next: string }>(
        `select ${up ? 'max' : 'min'}(${column})::text as used,
                (select (case when is_called then last_value else last_value ${up ? '-' : '+'} 1 end)::text from ${sequence}) as next
         from ${table}`,
      )
      // A role without the right to read it cannot check.
      .catch(() => []);
    if (!row || row.used === null) continue;
    const behind = up ? BigInt(row.used) > BigInt(row.next) : BigInt(row.used) < BigInt(row.next);
    if (behind)
      found.push({
        kind: 'sequence position',
        name: sequence,
        change: 'different',
        expected: `at or beyond ${row.used}, the last value of ${table}.${column}`,
        actual: row.next,
        level: 'behaviour',
      });
  }
  return found;
};
