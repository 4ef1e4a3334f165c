import type { GrantStmt, Node } from 'libpg-query';
import { isTrue, keyOfParts, quote, relationKey, relationSql, strings } from '../ast.ts';
import type { Context, Rule } from '../context.ts';
import type { Remark } from '../finding.ts';
import { roleName, roleNames } from '../roles.ts';

const EVERYONE = new Set(['public', 'anon', 'anonymous']);

/** True if the reviewed files create everything that a GRANT or REVOKE names. */
const onNewObjects = (grant: GrantStmt, { world }: Context): boolean =>
  (grant.objects ?? []).length > 0 &&
  (grant.objects ?? []).every((object) => {
    if ('RangeVar' in object) return world.isNewTable(object.RangeVar);
    if ('ObjectWithArgs' in object)
      return world.created.has(`function:${keyOfParts(strings(object.ObjectWithArgs.objname))}`);
    return true;
  });

/** New tables with row security: a role without a policy sees nothing, whatever its grants. */
const behindPolicies = (grant: GrantStmt, context: Context): boolean =>
  grant.objtype === 'OBJECT_TABLE' &&
  onNewObjects(grant, context) &&
  (grant.objects ?? []).every(
    (object) =>
      'RangeVar' in object &&
      context.createdInFile.has(`row security:${relationKey(object.RangeVar)}`),
  );

const revokes = (grant: GrantStmt, names: readonly string[], context: Context): Remark[] => {
  const running = names.filter((name) => !EVERYONE.has(name));
  if (running.length > 0)
    return [
      {
        rule: 'revoke',
        level: 'danger',
        message: `code that runs as ${running.join(', ')} fails where it needs this right`,
        breaksPreviousRelease: true,
      },
    ];
  // Revoking default privileges, or rights on a schema, a database or a new object, breaks nothing
  // in use.
  const inUse = grant.objtype !== 'OBJECT_SCHEMA' && grant.objtype !== 'OBJECT_DATABASE';
  if (grant.targtype === 'ACL_TARGET_DEFAULTS' || !inUse || onNewObjects(grant, context)) return [];
  return [
    {
      rule: 'revoke',
      level: 'caution',
      message: `roles that have this right only through ${names.join(', ')} lose it: check that the roles of the application have a grant of their own`,
      breaksPreviousRelease: true,
    },
  ];
};

const grants = (grant: GrantStmt, context: Context): Remark[] => {
  const names = roleNames(grant.grantees);
  const open = names.filter((name) => EVERYONE.has(name));
  const privileges = (grant.privileges ?? []).flatMap((node) =>
    'AccessPriv' in node ? [node.AccessPriv.priv_name ?? ''] : [],
  );
  if (!grant.is_grant) return revokes(grant, names, context);
  const harmless =
    privileges.length > 0 &&
    privileges.every((privilege) => privilege === 'usage' || privilege === 'execute') &&
    grant.targtype !== 'ACL_TARGET_ALL_IN_SCHEMA' &&
    !open.includes('public');
  if (open.length > 0 && !harmless && !behindPolicies(grant, context))
    return [
      {
        rule: 'grant-to-public',
        level: 'danger',
        message: `${privileges.length === 0 ? 'every right' : privileges.join(', ')} for ${open.join(', ')}: for every role that can connect, now and later`,
        breaksPreviousRelease: false,
      },
    ];
  if (grant.grant_option)
    return [
      {
        rule: 'grant-to-public',
        level: 'caution',
        message: `${names.join(', ')} may grant the right to any role`,
        breaksPreviousRelease: false,
      },
    ];
  return [];
};

const POWERS = new Set(['superuser', 'bypassrls', 'createrole', 'isreplication']);

const roleOptions = (role: string, options: readonly Node[] | undefined): Remark[] => {
  const remarks: Remark[] = [];
  for (const option of options ?? []) {
    if (!('DefElem' in option)) continue;
    const { defname = '', arg } = option.DefElem;
    const on = arg && (('Boolean' in arg && arg.Boolean.boolval) || isTrue(arg));
    if (POWERS.has(defname) && on)
      remarks.push({
        rule: 'powerful-role',
        level: 'danger',
        message: `${quote(role)} gets ${defname}, which bypasses every grant${defname === 'bypassrls' || defname === 'superuser' ? ' and policy' : ''}`,
        breaksPreviousRelease: false,
      });
    if (defname === 'password' && arg && 'String' in arg)
      remarks.push({
        rule: 'secret-in-file',
        level: 'danger',
        message: `the password of ${quote(role)} can be read in the file and in the bookkeeping`,
        breaksPreviousRelease: false,
      });
  }
  return remarks;
};

/** Grants, roles and owners. */
export const accessRules: Rule = ({ node }, context) => {
  if ('AlterTableStmt' in node) {
    const { relation, cmds = [] } = node.AlterTableStmt;
    if (!relation || context.world.isNewTable(relation)) return [];
    return cmds.flatMap((entry) =>
      'AlterTableCmd' in entry && entry.AlterTableCmd.subtype === 'AT_ChangeOwner'
        ? [
            {
              rule: 'change-owner',
              level: 'caution' as const,
              message: `the new owner of ${relationSql(relation)} bypasses its policies unless they are forced, and the old one loses its rights`,
              breaksPreviousRelease: true,
            },
          ]
        : [],
    );
  }
  if ('GrantStmt' in node) return grants(node.GrantStmt, context);
  if ('AlterDefaultPrivilegesStmt' in node && node.AlterDefaultPrivilegesStmt.action)
    return grants(node.AlterDefaultPrivilegesStmt.action, context);
  if ('GrantRoleStmt' in node) {
    const granted = (node.GrantRoleStmt.granted_roles ?? []).flatMap((role) =>
      'AccessPriv' in role ? [role.AccessPriv.priv_name ?? ''] : [],
    );
    if (granted.some((role) => context.world.created.has(`role:${role}`))) return [];
    const names = roleNames(node.GrantRoleStmt.grantee_roles).join(', ');
    return [
      {
        rule: node.GrantRoleStmt.is_grant ? 'powerful-role' : 'revoke',
        level: 'danger',
        message: node.GrantRoleStmt.is_grant
          ? `${names} may do all that ${granted.join(', ')} may`
          : `${names} may no longer do what ${granted.join(', ')} may`,
        breaksPreviousRelease: node.GrantRoleStmt.is_grant !== true,
      },
    ];
  }
  if ('CreateRoleStmt' in node)
    return roleOptions(node.CreateRoleStmt.role ?? '', node.CreateRoleStmt.options);
  if ('AlterRoleStmt' in node)
    return roleOptions(
      node.AlterRoleStmt.role ? roleName(node.AlterRoleStmt.role) : '',
      node.AlterRoleStmt.options,
    );
  if ('ReassignOwnedStmt' in node)
    return [
      {
        rule: 'change-owner',
        level: 'caution',
        message: `everything that ${roleNames(node.ReassignOwnedStmt.roles).join(', ')} owns here gets another owner: the new owner bypasses policies that are not forced, the old one loses its rights`,
        breaksPreviousRelease: true,
      },
    ];
  if ('DropRoleStmt' in node)
    return [
      {
        rule: 'revoke',
        level: 'danger',
        message: 'nobody can connect as this role any more',
        breaksPreviousRelease: true,
      },
    ];
  return [];
};
