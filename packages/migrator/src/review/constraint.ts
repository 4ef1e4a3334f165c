import type { Constraint } from 'libpg-query';
import { columnsRead, strings } from './ast.ts';

export type ConstraintKind =
  | 'foreign key'
  | 'check'
  | 'unique'
  | 'primary key'
  | 'exclusion'
  | 'not null';

export const CONSTRAINT_KINDS: Record<string, ConstraintKind> = {
  CONSTR_FOREIGN: 'foreign key',
  CONSTR_CHECK: 'check',
  CONSTR_UNIQUE: 'unique',
  CONSTR_PRIMARY: 'primary key',
  CONSTR_EXCLUSION: 'exclusion',
  CONSTR_NOTNULL: 'not null',
};

const SUFFIXES: Partial<Record<ConstraintKind, string>> = {
  'foreign key': 'fkey',
  check: 'check',
  unique: 'key',
  exclusion: 'excl',
  'not null': 'not_null',
};

/** The columns of a constraint. */
export const constraintColumns = (constraint: Constraint): string[] => {
  if (constraint.contype === 'CONSTR_FOREIGN') return strings(constraint.fk_attrs);
  if (constraint.contype === 'CONSTR_CHECK') return columnsRead(constraint.raw_expr);
  return strings(constraint.keys);
};

/** The name that a constraint has, or that Postgres gives it. */
export const constraintName = (constraint: Constraint, table: string): string => {
  if (constraint.conname) return constraint.conname;
  const kind = CONSTRAINT_KINDS[constraint.contype ?? ''];
  if (kind === 'primary key') return `${table}_pkey`;
  const columns = constraintColumns(constraint);
  return [table, ...(kind === 'check' ? columns.slice(0, 1) : columns), SUFFIXES[kind ?? 'check']]
    .join('_')
    .slice(0, 63);
};
