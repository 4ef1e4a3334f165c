import type { AlterTableCmd, RangeVar } from 'libpg-query';
import { columnFacts, isLiteral, quote, relationSql, volatility } from '../ast.ts';
import { exclusive, looksLikeKey, typeSql } from '../column.ts';
import type { Remark } from '../finding.ts';
import { saferRequiredColumn } from '../safer.ts';
import type { Action } from '../statements.ts';
import { showType } from '../type-change.ts';
import type { World } from '../world.ts';

/** ADD COLUMN: rewrites by its default, and writes that fail without it. */
export const addColumn = (
  command: AlterTableCmd,
  relation: RangeVar,
  action: Action,
  world: World,
): Remark[] => {
  if (!command.def || !('ColumnDef' in command.def)) return [];
  const column = columnFacts(command.def.ColumnDef);
  // It exists already, so nothing is added.
  if (command.missing_ok && world.column(relation, column.name)) return [];
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
      message: `every row of ${table} is rewritten to fill ${quote(column.name)}: ${column.generated ? 'a stored generated column' : column.default ? 'its default differs from row to row' : 'a serial or identity column'}`,
      lock: exclusive(relation, 'while the table is rewritten'),
      breaksPreviousRelease: false,
      ...(column.generated || column.identity || column.type.serial ? {} : { safer: required() }),
    });
  else if (world.isConstrainedDomain(column.type))
    remarks.push({
      rule: 'add-column-rewrite',
      level: 'danger',
      message: `every row of ${table} is rewritten to check the new value against the domain ${showType(column.type)}: add the column with the domain's own type and the check as NOT VALID instead`,
      lock: exclusive(relation, 'while the table is rewritten'),
      breaksPreviousRelease: false,
    });
  else if (change === 'unknown')
    remarks.push({
      rule: 'add-column-rewrite',
      level: 'caution',
      message: `if the function in the default of ${quote(column.name)} is volatile, every row of ${table} is rewritten`,
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
  if (column.check)
    remarks.push({
      rule: 'add-constraint-validated',
      level: 'danger',
      message: `the check reads every row of ${table} while nobody can read it: add it NOT VALID and validate later`,
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
      message: `every existing row, and every row from code that does not set ${quote(column.name)}, gets the same key`,
      lock: exclusive(relation, 'briefly'),
      breaksPreviousRelease: true,
      safer: `ALTER TABLE ${table} ADD COLUMN ${quote(column.name)} ${type};`,
    });
  return remarks;
};
