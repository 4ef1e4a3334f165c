import { getTableColumns, getTableName } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import { type ColumnCodec, codecOf } from './column-check.ts';

/** A table of vendor rows: `vendorColumns` and a key. */
export type VendorTable = PgTable & {
  connectorConfigId: PgColumn;
  createdAt: PgColumn;
  updatedAt: PgColumn;
};

/** One column that a caller fills. */
export interface EntityColumn {
  readonly field: string;
  readonly name: string;
  readonly codec: ColumnCodec;
  readonly isNotNull: boolean;
  readonly isRequired: boolean;
  /** A power of two; the sum over a row's present fields identifies their set. */
  readonly weight: number;
}

/** The upsert's description of one table, read once from the Drizzle table. */
export interface EntityColumns {
  readonly table: string;
  readonly columns: readonly EntityColumn[];
  readonly key: EntityColumn;
  readonly version: EntityColumn | undefined;
}

const ours = new Set(['connectorConfigId', 'createdAt', 'updatedAt']);

export function entityColumns(
  table: VendorTable,
  options: {
    readonly key: string;
    readonly version?: string | undefined;
    readonly patterns?: Readonly<Record<string, RegExp | undefined>> | undefined;
  },
): EntityColumns {
  const name = getTableName(table);
  const fillable = Object.entries<PgColumn>(getTableColumns<PgTable>(table)).filter(
    ([field, column]) => !ours.has(field) && column.generated === undefined,
  );
  // A set of columns is a sum of powers of two, exact in a double up to here.
  if (fillable.length > 52) throw new Error(`${name} has more than 52 columns.`);
  const columns = fillable.map(([field, column], index) => ({
    field,
    name: column.name,
    codec: codecOf(column, options.patterns?.[field]),
    isNotNull: column.notNull,
    isRequired: column.notNull && !column.hasDefault,
    weight: 2 ** index,
  }));
  const find = (field: string) => columns.find((column) => column.field === field);
  const key = find(options.key);
  if (!key) throw new Error(`${name} has no column for its key ${options.key}.`);
  return {
    table: name,
    columns,
    key,
    version: options.version ? find(options.version) : undefined,
  };
}
