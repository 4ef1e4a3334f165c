import type { Constraint } from 'libpg-query';
import { columnsRead } from './ast.ts';

/** The column of a check that only says that it is not null. */
export const notNullCheck = (constraint: Constraint): string | undefined => {
  const { raw_expr: expression } = constraint;
  if (!expression || !('NullTest' in expression)) return undefined;
  if (expression.NullTest.nulltesttype !== 'IS_NOT_NULL') return undefined;
  return columnsRead(expression)[0];
};

/** A column's constraint, with its column filled in. */
export const inline = (constraint: Constraint, column: string): Constraint => {
  const name = { String: { sval: column } };
  if (constraint.contype === 'CONSTR_FOREIGN') return { ...constraint, fk_attrs: [name] };
  if (constraint.contype === 'CONSTR_CHECK') return constraint;
  return { ...constraint, keys: [name] };
};
