import type { Constraint } from 'libpg-query';
import { columnsRead } from './ast.ts';

/** Whether a check says no more than that one column is not null; then its name. */
export const notNullCheck = (constraint: Constraint): string | undefined => {
  const { raw_expr: expression } = constraint;
  if (!expression || !('NullTest' in expression)) return undefined;
  if (expression.NullTest.nulltesttype !== 'IS_NOT_NULL') return undefined;
  return columnsRead(expression)[0];
};

/** A column's constraint, with the column it stands on filled in. */
export const inline = (constraint: Constraint, column: string): Constraint => {
  const name = { String: { sval: column } };
  if (constraint.contype === 'CONSTR_FOREIGN') return { ...constraint, fk_attrs: [name] };
  if (constraint.contype === 'CONSTR_CHECK') return constraint;
  return { ...constraint, keys: [name] };
};
