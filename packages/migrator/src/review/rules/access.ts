import type { AlterTableCmd, GrantStmt, Node, RangeVar, RoleSpec } from 'libpg-query';
import { isTrue, keyOfParts, quote, relationKey, relationSql, strings } from '../ast.ts';
import type { Context, Rule } from '../context.ts';
import type { Remark } from '../finding.ts';

const roleNames = (roles: readonly Node[] | undefined): string[] =>
  (roles ?? []).flatMap((node) => ('RoleSpec' in node ? [roleName(node.RoleSpec)] : []));

const roleName = (role: RoleSpec): string =>
  role.roletype === 'ROLESPEC_PUBLIC' ? 'public' : (role.rolename ?? 'the current role');

const EVERYONE = new Set(['public', 'anon', 'anonymous']);

const rowSecurity = (
  command: AlterTableCmd,
  relation: RangeVar,
  { world, createdInFile }: Context,
): Remark[] => {
  const table = relationSql(relation);
  const lock = { mode: 'ACCESS EXCLUSIVE', on: table, held: 'briefly' } as const;
  const key = relationKey(relation);
  switch (command.subtype) {
    case 'AT_DisableRowSecurity':
      if (createdInFile.has(`row security:${key}`)) return [];
      return [
        {
          rule: 'row-security-off',
          level: 'danger',
          message: `every row of ${table} is open to every role with a grant on it`,
          lock,
          breaksPreviousRelease: false,
        },
      ];
    case 'AT_NoForceRowSecurity':
      if (createdInFile.has(`force:${key}`)) return [];
      return [
        {
          rule: 'row-security-off',
          level: 'danger',
          message: `the owner of ${table}, which is often the role of the application, passes by its policies`,
          lock,
          breaksPreviousRelease: false,
        },
      ];
    case 'AT_EnableRowSecurity':
      if (createdInFile.has(`policies of:${key}`) || world.created.has(`policies of:${key}`))
        return [];
      return [
        {
          rule: 'row-security-without-policy',
          level: 'danger',
          message: `no policy of this file lets anyone in: roles other than the owner see no row of ${table}`,
          lock,
          breaksPreviousRelease: true,
        },
      ];
    default:
      return [];
  }
};

const triggers = (command: AlterTableCmd, relation: RangeVar, context: Context): Remark[] => {
  if (!/^AT_Disable(Trig|TrigAll|TrigUser|Rule)$/.test(command.subtype ?? '')) return [];
  const name = command.name ?? 'ALL';
  const again = context.createdInFile.has(`enabled:${relationKey(relation)}.${name}`);
  return [
    {
      rule: 'disable-trigger',
      level: again && !context.noTransaction ? 'caution' : 'danger',
      message: `${command.subtype === 'AT_DisableTrigAll' ? 'foreign keys and triggers' : `the trigger ${quote(name)}`} of ${relationSql(relation)} no longer act${again ? ' on what this file writes' : ''}`,
      lock: { mode: 'SHARE ROW EXCLUSIVE', on: relationSql(relation), held: 'briefly' },
      breaksPreviousRelease: !again,
    },
  ];
};

const grants = (grant: GrantStmt): Remark[] => {
  const names = roleNames(grant.grantees);
  const open = names.filter((name) => EVERYONE.has(name));
  const privileges = (grant.privileges ?? []).flatMap((node) =>
    'AccessPriv' in node ? [node.AccessPriv.priv_name ?? ''] : [],
  );
  if (!grant.is_grant) {
    const running = names.filter((name) => !EVERYONE.has(name));
    if (running.length === 0) return [];
    return [
      {
        rule: 'revoke',
        level: 'danger',
        message: `code that runs as ${running.join(', ')} fails where it needs this right`,
        breaksPreviousRelease: true,
      },
    ];
  }
  const harmless =
    privileges.length > 0 &&
    privileges.every((privilege) => privilege === 'usage' || privilege === 'execute') &&
    !open.includes('public');
  if (open.length > 0 && !harmless)
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
        message: `${names.join(', ')} may pass the right on to anybody`,
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
        message: `${quote(role)} is given ${defname}, which passes by every grant${defname === 'bypassrls' || defname === 'superuser' ? ' and policy' : ''}`,
        breaksPreviousRelease: false,
      });
    if (defname === 'password' && arg && 'String' in arg)
      remarks.push({
        rule: 'secret-in-file',
        level: 'danger',
        message: `the password of ${quote(role)} stands in the file and in the bookkeeping for everyone to read`,
        breaksPreviousRelease: false,
      });
  }
  return remarks;
};

const isReading = (command: string | undefined): boolean => command === 'select';

const policyRemarks = (node: Node, { world, createdInFile }: Context): Remark[] => {
  if ('CreatePolicyStmt' in node) {
    const { table, qual, with_check: check, permissive, policy_name: name } = node.CreatePolicyStmt;
    const open = permissive && (isTrue(qual) || isTrue(check));
    if (!open) return [];
    const roles = roleNames(node.CreatePolicyStmt.roles);
    const reading = isReading(node.CreatePolicyStmt.cmd_name);
    // "Everyone may read" is often meant; "everyone may write" hardly ever, except for one's own backend.
    if (roles.length > 0 && roles.every((role) => /^(service_role|postgres|.*admin.*)$/.test(role)))
      return [];
    return [
      {
        rule: 'policy-open',
        level: reading && world.isNewTable(table) ? 'caution' : 'danger',
        message: `${quote(name ?? '')} lets ${roles.join(', ') || 'public'} ${reading ? 'read' : 'write'} every row of ${relationSql(table)}, whatever other policies say`,
        breaksPreviousRelease: false,
      },
    ];
  }
  if ('AlterPolicyStmt' in node) {
    const { table, qual, with_check: check, policy_name: name } = node.AlterPolicyStmt;
    if (!qual && !check) return [];
    const open = isTrue(qual) || isTrue(check);
    return [
      {
        rule: open ? 'policy-open' : 'policy-changed',
        level: open ? 'danger' : 'caution',
        message: open
          ? `${quote(name ?? '')} lets everyone see or write every row of ${relationSql(table)}`
          : `${quote(name ?? '')} decides anew who sees which rows of ${relationSql(table)}: test it as two users`,
        breaksPreviousRelease: false,
      },
    ];
  }
  if ('DropStmt' in node && node.DropStmt.removeType === 'OBJECT_POLICY')
    return (node.DropStmt.objects ?? []).flatMap((object) => {
      const parts = 'List' in object ? strings(object.List.items) : [];
      const table = parts.slice(0, -1);
      const key = `policy:${keyOfParts(table)}.${parts.at(-1)}`;
      if (createdInFile.has(key) || world.tables.get(keyOfParts(table))?.isNew) return [];
      return [
        {
          rule: 'drop-policy',
          level: 'danger' as const,
          message: `rows of ${table.map(quote).join('.')} that ${quote(parts.at(-1) ?? '')} let through are no longer seen, or, if it was restrictive, all are`,
          lock: {
            mode: 'ACCESS EXCLUSIVE' as const,
            on: table.map(quote).join('.'),
            held: 'briefly' as const,
          },
          breaksPreviousRelease: true,
        },
      ];
    });
  return [];
};

/** Row security, policies, triggers switched off, grants, roles and owners. */
export const accessRules: Rule = ({ node }, context) => {
  if ('AlterTableStmt' in node) {
    const { relation, cmds = [] } = node.AlterTableStmt;
    if (!relation || context.world.isNewTable(relation)) return [];
    return cmds.flatMap((entry) => {
      if (!('AlterTableCmd' in entry)) return [];
      const command = entry.AlterTableCmd;
      if (command.subtype === 'AT_ChangeOwner')
        return [
          {
            rule: 'change-owner',
            level: 'caution' as const,
            message: `the new owner of ${relationSql(relation)} passes by its policies unless they are forced, and the old one loses its rights`,
            breaksPreviousRelease: true,
          },
        ];
      return [...rowSecurity(command, relation, context), ...triggers(command, relation, context)];
    });
  }
  if ('GrantStmt' in node) return grants(node.GrantStmt);
  if ('AlterDefaultPrivilegesStmt' in node && node.AlterDefaultPrivilegesStmt.action)
    return grants(node.AlterDefaultPrivilegesStmt.action);
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
  if ('DropRoleStmt' in node)
    return [
      {
        rule: 'revoke',
        level: 'danger',
        message: 'whoever connects as this role can no longer do so',
        breaksPreviousRelease: true,
      },
    ];
  return policyRemarks(node, context);
};
