import type { AlterTableCmd, RangeVar } from 'libpg-query';
import {
  columnFacts,
  isLiteral,
  isNull,
  quote,
  relationKey,
  relationSql,
  volatility,
} from '../ast.ts';
import type { Context, Rule } from '../context.ts';
import type { Lock, Remark } from '../finding.ts';
import {
  saferColumnRename,
  saferDropColumn,
  saferNotNull,
  saferRequiredColumn,
  saferTypeChange,
} from '../safer.ts';
import type { Action } from '../statements.ts';
import { showType, typeChange } from '../type-change.ts';

const exclusive = (relation: RangeVar | undefined, held: Lock['held']): Lock => ({
  mode: 'ACCESS EXCLUSIVE',
  on: relationSql(relation),
  held,
});

const looksLikeKey = (name: string): boolean =>
  /(^id$|_id$|[a-z0-9]Id$|_uuid$|Uuid$|_key$)/.test(name);

/** The type as the statement writes it, for the safer sequence. */
const typeSql = (text: string, column: string): string | undefined => {
  const name = `(?:"${column.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}"|${column.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')})`;
  const type = String.raw`((?:"[^"]+"\.)?(?:"[^"]+"|[a-z_][\w.]*(?:\s+(?:varying|precision))?)(?:\s*\([\d,\s]*\))?(?:\s+with(?:out)?\s+time\s+zone)?(?:\[\])*)`;
  const pattern = new RegExp(
    String.raw`(?:add\s+(?:column\s+)?(?:if\s+not\s+exists\s+)?${name}\s+|alter\s+(?:column\s+)?${name}\s+(?:set\s+data\s+)?type\s+)${type}`,
    'i',
  );
  return pattern.exec(text)?.[1];
};

const addColumn = (command: AlterTableCmd, relation: RangeVar, action: Action): Remark[] => {
  if (!command.def || !('ColumnDef' in command.def)) return [];
  const column = columnFacts(command.def.ColumnDef);
  const table = relationSql(relation);
  const remarks: Remark[] = [];
  const type = typeSql(action.text, column.name) ?? showType(column.type);
  const required = (fill?: string) =>
    saferRequiredColumn(table, column.name, type, column.type.name, column.type.array, fill);
  const change = column.default ? volatility(column.default) : 'constant';
  if (column.generated || column.identity || column.type.serial || change === 'volatile')
    remarks.push({
      rule: 'add-column-rewrite',
      level: 'danger',
      message: `every row of ${table} is written anew to fill ${quote(column.name)}: ${column.generated ? 'a stored generated column' : column.default ? 'its default differs from row to row' : 'it counts up'}`,
      lock: exclusive(relation, 'while the table is rewritten'),
      breaksPreviousRelease: false,
      ...(column.generated || column.identity || column.type.serial ? {} : { safer: required() }),
    });
  else if (change === 'unknown')
    remarks.push({
      rule: 'add-column-rewrite',
      level: 'caution',
      message: `if the function in the default of ${quote(column.name)} is volatile, every row of ${table} is written anew`,
      lock: exclusive(relation, 'while the table is rewritten'),
      breaksPreviousRelease: false,
    });
  if (
    (column.notNull || column.primary) &&
    !column.default &&
    !column.generated &&
    !column.identity &&
    !column.type.serial
  )
    remarks.push({
      rule: 'add-required-column',
      level: 'danger',
      message: `${quote(column.name)} is NOT NULL without a default: it fails where ${table} has rows, and inserts of the previous release fail`,
      lock: exclusive(relation, 'briefly'),
      breaksPreviousRelease: true,
      safer: required(),
    });
  if (column.unique || column.primary)
    remarks.push({
      rule: 'add-unique',
      level: 'danger',
      message: `a unique index on ${table} is built while nobody can read it${column.default && isLiteral(column.default) ? ', and the one default for all rows breaks it' : ''}: add the column, then the index concurrently`,
      lock: exclusive(relation, 'while the index is built'),
      breaksPreviousRelease: false,
    });
  if (column.check && column.default)
    remarks.push({
      rule: 'add-constraint-validated',
      level: 'danger',
      message: `the check is run over every row of ${table} while nobody can read it: add it NOT VALID and validate later`,
      lock: exclusive(relation, 'while the table is scanned'),
      breaksPreviousRelease: false,
    });
  if (
    column.default &&
    isLiteral(column.default) &&
    (column.references || (looksLikeKey(column.name) && column.type.name !== 'bool'))
  )
    remarks.push({
      rule: 'constant-key-default',
      level: 'danger',
      message: `every existing row, and every row of code that does not know ${quote(column.name)}, is given one and the same key`,
      lock: exclusive(relation, 'briefly'),
      breaksPreviousRelease: true,
      safer: `ALTER TABLE ${table} ADD COLUMN ${quote(column.name)} ${type};`,
    });
  return remarks;
};

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
  if (change === 'nothing') return [];
  // A longer varchar is a catalog change; without its history nobody can tell which this is.
  const unknownLength = !old && !using && /^(varchar|bpchar|numeric)$/.test(facts.type.name);
  const safer = saferTypeChange(table, name, type);
  const base = { lock: exclusive(relation, 'while the table is rewritten'), safer };
  if (change === 'unknown')
    return [
      {
        ...base,
        rule: 'change-column-type',
        level: 'caution',
        message: `${what}: a catalog change if it was text of another length, else every row is written anew and code that expects the old type fails`,
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
          : `${what}: every row and every index on it is written anew`,
      breaksPreviousRelease: true,
    },
  ];
};

const setNotNull = (command: AlterTableCmd, relation: RangeVar, { world }: Context): Remark[] => {
  const name = command.name ?? '';
  const known = world.tables.get(relationKey(relation));
  const trusted = [...(known?.constraints.values() ?? [])].some(
    (constraint) =>
      constraint.kind === 'not null' && constraint.validated && constraint.columns.includes(name),
  );
  if (trusted || known?.columns.get(name)?.notNull) return [];
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
        message: `${table}.${quote(name)} is a key, and from now on every row that leaves it out is given one and the same value`,
        lock: exclusive(relation, 'briefly'),
        breaksPreviousRelease: true,
      },
    ];
  }
  // Taken away to change the type, and set again below.
  if (createdInFile.has(`default:${relationKey(relation)}.${name}`)) return [];
  const column = world.column(relation, name);
  if (column && !column.hasDefault) return [];
  return [
    {
      rule: 'drop-default',
      level: 'danger',
      message: `inserts that leave ${table}.${quote(name)} out, as those of the previous release may, ${column && !column.notNull ? 'store NULL from now on' : 'fail or store NULL from now on'}`,
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
        message: `inserts that leave ${table}.${name} to be counted up fail from now on`,
        lock: exclusive(relation, 'briefly'),
        breaksPreviousRelease: true,
      },
    ];
  if (command.subtype === 'AT_SetExpression')
    return [
      {
        rule: 'change-column-type',
        level: 'data loss',
        message: `every row of ${table} is written anew, and the old values of ${name} are gone`,
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

const commandRemarks = (
  command: AlterTableCmd,
  relation: RangeVar,
  action: Action,
  context: Context,
): Remark[] => {
  const { world } = context;
  // A column that this change adds has no values yet; only adding it can hurt.
  if (command.subtype !== 'AT_AddColumn' && world.column(relation, command.name ?? '')?.isNew) {
    return command.subtype === 'AT_SetNotNull' ? setNotNull(command, relation, context) : [];
  }
  switch (command.subtype) {
    case 'AT_AddColumn':
      return addColumn(command, relation, action);
    case 'AT_AlterColumnType':
      return alterType(command, relation, action, context);
    case 'AT_SetNotNull':
      return setNotNull(command, relation, context);
    case 'AT_ColumnDefault':
      return setDefault(command, relation, context);
    case 'AT_DropColumn':
      return dropColumn(command, relation);
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
