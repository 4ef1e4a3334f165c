import type { RangeVar } from 'libpg-query';
import type { ColumnType } from './ast.ts';
import type { ConstraintKind } from './constraint.ts';

export interface KnownColumn {
  readonly type: ColumnType;
  readonly notNull: boolean;
  readonly hasDefault: boolean;
  /** Added by the reviewed files, so that no row of production has a value in it. */
  readonly isNew: boolean;
}

export interface KnownConstraint {
  readonly kind: ConstraintKind;
  readonly columns: readonly string[];
  readonly validated: boolean;
  readonly isNew: boolean;
  /** A foreign key that changes or deletes rows itself: CASCADE, SET NULL, SET DEFAULT. */
  readonly acts?: boolean;
}

export interface KnownIndex {
  readonly table: string;
  readonly unique: boolean;
  /** Without its expressions. */
  readonly columns: readonly string[];
  readonly isNew: boolean;
}

export interface KnownView {
  readonly columns: readonly string[];
  readonly isNew: boolean;
}

export interface KnownTable {
  readonly isNew: boolean;
  readonly partitioned: boolean;
  readonly columns: Map<string, KnownColumn>;
  readonly constraints: Map<string, KnownConstraint>;
}

/** A table without columns. */
export const emptyTable = (isNew: boolean, partitioned = false): KnownTable => ({
  isNew,
  partitioned,
  columns: new Map(),
  constraints: new Map(),
});

/** An index's name with its schema, which is its table's. */
export const indexKey = (table: RangeVar | undefined, name: string): string =>
  `${table?.schemaname ?? 'public'}.${name}`;
