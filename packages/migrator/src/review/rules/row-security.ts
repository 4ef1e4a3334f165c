import type { AlterTableCmd, Node, RangeVar } from 'libpg-query';
import { isTrue, keyOfParts, quote, relationKey, relationSql, strings } from '../ast.ts';
import type { Context, Rule } from '../context.ts';
import type { Remark } from '../finding.ts';
import { roleNames } from '../roles.ts';

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
          message: `the owner of ${table}, which is often the role of the application, bypasses its policies`,
          lock,
          breaksPreviousRelease: false,
        },
      ];
    case 'AT_EnableRowSecurity':
      if (createdInFile.has(`policies of:${key}`) || world.created.has(`policies of:${key}`))
        return [
          {
            rule: 'row-security-on',
            level: 'caution',
            message: `from now on roles other than the owner see only the rows of ${table} that its policies allow: code of the previous release that does not set the variables that they read sees none, or fails`,
            lock,
            breaksPreviousRelease: true,
          },
        ];
      return [
        {
          rule: 'row-security-without-policy',
          level: 'danger',
          message: `no policy of this file lets anyone in: roles other than the owner see no row of ${table}`,
          lock,
          breaksPreviousRelease: true,
        },
      ];
    case 'AT_ForceRowSecurity':
      return [
        {
          rule: 'row-security-on',
          level: 'caution',
          message: `the owner of ${table} is subject to its policies from now on: jobs and code of the previous release that run as the owner may see no row`,
          lock,
          breaksPreviousRelease: true,
        },
      ];
    default:
      return [];
  }
};

/** A view that reads with its owner's rights shows what row security would hide. */
const viewRights = (command: AlterTableCmd, relation: RangeVar): Remark[] => {
  if (!/^AT_(Res|S)etRelOptions$/.test(command.subtype ?? '')) return [];
  const options = command.def && 'List' in command.def ? (command.def.List.items ?? []) : [];
  const loses = options.some((option) => {
    if (!('DefElem' in option) || option.DefElem.defname !== 'security_invoker') return false;
    const { arg } = option.DefElem;
    const value = arg && 'String' in arg ? arg.String.sval : undefined;
    return command.subtype === 'AT_ResetRelOptions' || /^(false|off|no|0)$/i.test(value ?? '');
  });
  if (!loses) return [];
  return [
    {
      rule: 'row-security-off',
      level: 'danger',
      message: `${relationSql(relation)} reads with the rights of its owner from now on, and bypasses the caller's policies`,
      breaksPreviousRelease: false,
    },
  ];
};

const triggers = (command: AlterTableCmd, relation: RangeVar, context: Context): Remark[] => {
  if (
    !/^AT_(Disable(Trig|TrigAll|TrigUser|Rule)|EnableReplica(Trig|Rule))$/.test(
      command.subtype ?? '',
    )
  )
    return [];
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

const isReading = (command: string | undefined): boolean => command === 'select';

const policyRemarks = (node: Node, { world, createdInFile }: Context): Remark[] => {
  if ('CreatePolicyStmt' in node) {
    const { table, qual, with_check: check, permissive, policy_name: name } = node.CreatePolicyStmt;
    const open = permissive && (isTrue(qual) || isTrue(check));
    if (!open) return [];
    const roles = roleNames(node.CreatePolicyStmt.roles);
    const reading = isReading(node.CreatePolicyStmt.cmd_name);
    // A new table that everyone may read is intended, because no row was hidden before.
    if (reading && world.isNewTable(table)) return [];
    // "Everyone may read" is often intended; "everyone may write" seldom, except for a backend's
    // role.
    if (roles.length > 0 && roles.every((role) => /^(service_role|postgres|.*admin.*)$/.test(role)))
      return [];
    return [
      {
        rule: 'policy-open',
        level: 'danger',
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
          : `${quote(name ?? '')} changes who sees which rows of ${relationSql(table)}: test it as two users`,
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

/** Row security, its policies, and disabled triggers. */
export const rowSecurityRules: Rule = ({ node }, context) => {
  if (!('AlterTableStmt' in node)) return policyRemarks(node, context);
  const { relation, cmds = [] } = node.AlterTableStmt;
  if (!relation || context.world.isNewTable(relation)) return [];
  return cmds.flatMap((entry) =>
    'AlterTableCmd' in entry
      ? [
          ...rowSecurity(entry.AlterTableCmd, relation, context),
          ...viewRights(entry.AlterTableCmd, relation),
          ...triggers(entry.AlterTableCmd, relation, context),
        ]
      : [],
  );
};
