import type { AlterTableCmd, RangeVar } from 'libpg-query';
import { columnFacts, isLiteral, isNull, quote, relationKey, relationSql } from '../ast.ts';
import { exclusive, looksLikeKey, typeSql } from '../column.ts';
import type { Context, Rule } from '../context.ts';
import type { Remark } from '../finding.ts';
import {
  saferColumnRename,
  saferDropColumn,
  saferIdentity,
  saferNotNull,
  saferTypeChange,
} from '../safer.ts';
import type { Action } from '../statements.ts';
import { showType, typeChange } from '../type-change.ts';
import { addColumn } from './add-column.ts';

const alterType = (
  command: AlterTableCmd,
  relation: RangeVar,
  action: Action,
  { world }: Context,
): Remark[] => {
  if (!command.def || !('ColumnDef' in command.def)) return [];
  const name = command.name ?? '';
  const old = world.column(relation, name);
  const facts = columnFacts(command.def.ColumnDef);
  const using = command.def.ColumnDef.raw_default;
  const change = isNull(using) || isLiteral(using) ? 'loss' : typeChange(old?.type, facts.type);
  const table = relationSql(relation);
  const what = `${table}.${quote(name)} ${old ? `from ${showType(old.type)} ` : ''}to ${showType(facts.type)}`;
  const type = typeSql(action.text, name) ?? showType(facts.type);
  if (change === 'nothing' && command.def.ColumnDef.collClause)
    return [
      {
        rule: 'change-collation',
        level: 'danger',
        message: `${table}.${quote(name)}: every index on it is rebuilt while nobody can read the table; order, and under another equality uniqueness, change for code of the previous release`,
        lock: exclusive(relation, 'while the index is built'),
        breaksPreviousRelease: true,
      },
    ];
  if (change === 'nothing') return [];
  // A longer varchar is only a catalog change, but without the history the old length is unknown.
  const unknownLength = !old && !using && /^(varchar|bpchar|numeric)$/.test(facts.type.name);
  const safer = saferTypeChange(table, name, type);
  const base = { lock: exclusive(relation, 'while the table is rewritten'), safer };
  if (change === 'unknown')
    return [
      {
        ...base,
        rule: 'change-column-type',
        level: 'caution',
        message: `${what}: a catalog change if it was text of another length, else every row is rewritten and code that expects the old type fails`,
        breaksPreviousRelease: true,
      },
    ];
  return [
    {
      ...base,
      rule: change === 'loss' ? 'narrow-column-type' : 'change-column-type',
      level: change === 'loss' && !unknownLength ? 'data loss' : 'danger',
      message:
        change === 'loss'
          ? `${what}: ${unknownLength ? 'unless it was shorter before, ' : ''}what does not fit is cut off, rounded or refused`
          : `${what}: every row and every index on it is rewritten`,
      breaksPreviousRelease: true,
    },
  ];
};

const setNotNull = (command: AlterTableCmd, relation: RangeVar, { world }: Context): Remark[] => {
  const name = command.name ?? '';
  if (world.neverNull(relation, name)) return [];
  const table = relationSql(relation);
  return [
    {
      rule: 'set-not-null',
      level: 'danger',
      message: `${table} is scanned for nulls in ${quote(name)} while nobody can read it; one null and it fails; inserts of the previous release that leave it out fail`,
      lock: exclusive(relation, 'while the table is scanned'),
      breaksPreviousRelease: true,
      safer: saferNotNull(table, name),
    },
  ];
};

const setDefault = (
  command: AlterTableCmd,
  relation: RangeVar,
  { world, createdInFile }: Context,
): Remark[] => {
  const name = command.name ?? '';
  const table = relationSql(relation);
  if (command.def && !isNull(command.def)) {
    const primary = [...(world.tables.get(relationKey(relation))?.constraints.values() ?? [])].some(
      (constraint) => constraint.kind === 'primary key' && constraint.columns.includes(name),
    );
    if (!isLiteral(command.def) || !(primary || looksLikeKey(name))) return [];
    return [
      {
        rule: 'constant-key-default',
        level: 'danger',
        message: `${table}.${quote(name)} is a key, and from now on every row that omits it gets the same value`,
        lock: exclusive(relation, 'briefly'),
        breaksPreviousRelease: true,
      },
    ];
  }
  // Dropped to change the type, and set again below.
  if (createdInFile.has(`default:${relationKey(relation)}.${name}`)) return [];
  const column = world.column(relation, name);
  if (column && !column.hasDefault) return [];
  return [
    {
      rule: 'drop-default',
      level: 'danger',
      message: `inserts that omit ${table}.${quote(name)}, as those of the previous release may, ${column && !column.notNull ? 'store NULL from now on' : 'fail or store NULL from now on'}`,
      lock: exclusive(relation, 'briefly'),
      breaksPreviousRelease: true,
    },
  ];
};

const dropColumn = (command: AlterTableCmd, relation: RangeVar): Remark[] => {
  const table = relationSql(relation);
  const name = command.name ?? '';
  const cascade = command.behavior === 'DROP_CASCADE';
  return [
    {
      rule: 'drop-column',
      level: 'data loss',
      message: `the values of ${table}.${quote(name)} are gone${cascade ? ', with every view, constraint and key that uses it (CASCADE)' : ''}; code that still reads it fails`,
      lock: exclusive(relation, 'briefly'),
      breaksPreviousRelease: true,
      safer: saferDropColumn(table, name),
    },
  ];
};

const identity = (command: AlterTableCmd, relation: RangeVar): Remark[] => {
  const table = relationSql(relation);
  const name = quote(command.name ?? '');
  if (command.subtype === 'AT_DropIdentity')
    return [
      {
        rule: 'drop-default',
        level: 'danger',
        message: `inserts that omit ${table}.${name} and rely on its sequence fail from now on`,
        lock: exclusive(relation, 'briefly'),
        breaksPreviousRelease: true,
      },
    ];
  if (command.subtype === 'AT_AddIdentity')
    return [
      {
        rule: 'add-identity',
        level: 'danger',
        message: `the numbers of ${table}.${name} begin at 1, which rows have already; inserts of the previous release that bring their own fail if it is GENERATED ALWAYS`,
        lock: exclusive(relation, 'briefly'),
        breaksPreviousRelease: true,
        safer: saferIdentity(table, command.name ?? ''),
      },
    ];
  if (command.subtype === 'AT_SetExpression')
    return [
      {
        rule: 'change-column-type',
        level: 'data loss',
        message: `every row of ${table} is rewritten, and the old values of ${name} are gone`,
        lock: exclusive(relation, 'while the table is rewritten'),
        breaksPreviousRelease: true,
      },
    ];
  return [
    {
      rule: 'drop-expression',
      level: 'caution',
      message: `${table}.${name} is no longer computed: code that relied on it stores nothing`,
      lock: exclusive(relation, 'briefly'),
      breaksPreviousRelease: true,
    },
  ];
};

/** A column that this change adds has no values yet; changes to its table count all the same. */
const newColumn = (
  command: AlterTableCmd,
  relation: RangeVar,
  action: Action,
  context: Context,
): Remark[] => {
  const name = command.name ?? '';
  const table = relationSql(relation);
  const column = context.world.column(relation, name);
  switch (command.subtype) {
    case 'AT_SetNotNull':
      return setNotNull(command, relation, context);
    case 'AT_AlterColumnType':
      return alterType(command, relation, action, context).map((remark) => ({
        ...remark,
        rule: 'change-column-type',
        level: 'danger' as const,
        message: `every row of ${table} is rewritten for the type of ${quote(name)}, which is new: add it with the right type at once`,
        breaksPreviousRelease: false,
      }));
    case 'AT_ColumnDefault':
      if ((command.def && !isNull(command.def)) || !column?.notNull || !column.hasDefault)
        return [];
      return [
        {
          rule: 'drop-default',
          level: 'danger',
          message: `inserts of the previous release, which omit ${table}.${quote(name)}, fail from now on: drop the default when no instance of it is left`,
          lock: exclusive(relation, 'briefly'),
          breaksPreviousRelease: true,
        },
      ];
    default:
      return [];
  }
};

const commandRemarks = (
  command: AlterTableCmd,
  relation: RangeVar,
  action: Action,
  context: Context,
): Remark[] => {
  const { world } = context;
  // A column that this change adds has no values yet; only adding it can hurt.
  if (command.subtype !== 'AT_AddColumn' && world.column(relation, command.name ?? '')?.isNew) {
    return newColumn(command, relation, action, context);
  }
  switch (command.subtype) {
    case 'AT_AddColumn':
      return addColumn(command, relation, action, context.world);
    case 'AT_AlterColumnType':
      return alterType(command, relation, action, context);
    case 'AT_SetNotNull':
      return setNotNull(command, relation, context);
    case 'AT_ColumnDefault':
      return setDefault(command, relation, context);
    case 'AT_DropColumn':
      return dropColumn(command, relation);
    case 'AT_AddIdentity':
    case 'AT_DropIdentity':
    case 'AT_SetExpression':
    case 'AT_DropExpression':
      return identity(command, relation);
    default:
      return [];
  }
};

/** ALTER TABLE … COLUMN, and RENAME COLUMN. */
export const columnRules: Rule = (action, context) => {
  const { node } = action;
  const { world } = context;
  if ('RenameStmt' in node && node.RenameStmt.renameType === 'OBJECT_COLUMN') {
    const { relation, subname = '', newname = '' } = node.RenameStmt;
    if (!relation || world.isNewColumn(relation, subname)) return [];
    const table = relationSql(relation);
    return [
      {
        rule: 'rename-column',
        level: 'danger',
        message: `code of the previous release asks for ${table}.${quote(subname)}, which is gone, until the last instance is replaced`,
        lock: exclusive(relation, 'briefly'),
        breaksPreviousRelease: true,
        safer: saferColumnRename(table, subname, newname),
      },
    ];
  }
  if ('RenameStmt' in node && node.RenameStmt.renameType === 'OBJECT_ATTRIBUTE')
    return [
      {
        rule: 'rename-column',
        level: 'danger',
        message: `the attribute ${quote(node.RenameStmt.subname ?? '')} is gone for code of the previous release`,
        breaksPreviousRelease: true,
      },
    ];
  if (!('AlterTableStmt' in node)) return [];
  const { relation, objtype } = node.AlterTableStmt;
  if (!relation || objtype === 'OBJECT_INDEX' || world.isNewTable(relation)) return [];
  return (node.AlterTableStmt.cmds ?? []).flatMap((command) =>
    'AlterTableCmd' in command
      ? commandRemarks(command.AlterTableCmd, relation, action, context)
      : [],
  );
};
