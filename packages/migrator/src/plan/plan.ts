import { type Catalog, catalogOf } from '../catalog/describe.ts';
import { MigratorError, usage } from '../errors.ts';
import { readFolder } from '../folder/read.ts';
import { fillRows } from '../generate/fill-rows.ts';
import { applyMigrations } from '../migrate.ts';
import { columnParts } from '../reverse/column.ts';
import { quote } from '../review/ast.ts';
import { loadParser } from '../review/statements.ts';
import { limitsOf, type RunOptions } from '../run/options.ts';
import { tablesOf } from '../run/tables.ts';
import { inScratch, type ScratchSource } from '../scratch.ts';
import { addRequired } from './add-required.ts';
import type { Change } from './change.ts';
import { standingOn } from './left.ts';
import { changeType, renameColumn } from './mirrored-column.ts';
import { failureOf } from './prove.ts';
import { splitTable } from './split-table.ts';
import { type KnownColumn, leafOf, type PlannedFile } from './statements.ts';
import { isDefaultValue, requireName, requireType } from './value.ts';

export interface PlanOptions extends RunOptions {
  readonly folder: string;
  readonly scratch: ScratchSource;
}

export interface Plan {
  readonly files: readonly PlannedFile[];
  /** Objects on these columns that the plan does not move: indexes, views, policies, … */
  readonly left: readonly string[];
  /** The server's error on generated rows, if it depends on the rows; yours may pass. */
  readonly unproved?: string;
}

const columnOf = (catalog: Catalog, table: string, column: string): KnownColumn => {
  const found = catalog.find(
    ({ kind, name }) => kind === 'column' && name === `${table}.${quote(column)}`,
  );
  if (!found) throw usage(`after the migrations there is no column ${table}.${quote(column)}`);
  const parts = columnParts(found.definition);
  if (parts.expression !== undefined || parts.identity !== undefined)
    throw usage(
      `${table}.${quote(column)} is computed by the server: change its definition in one migration`,
    );
  const { type, collation } = parts;
  return { ...parts, type: collation === undefined ? type : `${type} COLLATE ${collation}` };
};

const qualified = (table: string): string =>
  table.includes('.') ? table : `public.${quote(table)}`;

/** Refuses a change for which no file can be written. */
const checkChange = (change: Change): void => {
  if (change.kind === 'rename-column') requireName(change.to);
  if (change.kind === 'add-required') requireName(change.column);
  if (change.kind === 'change-type' || change.kind === 'add-required') requireType(change.type);
};

const filesOf = (change: Change, table: string, catalog: Catalog): PlannedFile[] => {
  switch (change.kind) {
    case 'rename-column':
      return renameColumn({ ...change, table }, columnOf(catalog, table, change.column));
    case 'change-type':
      return changeType({ ...change, table }, columnOf(catalog, table, change.column));
    case 'add-required':
      return addRequired({ ...change, table });
    case 'split-table': {
      const columns = change.columns.map((name) => ({ name, ...columnOf(catalog, table, name) }));
      return splitTable(catalog, table, columns, qualified(change.to));
    }
  }
};

const columnsOf = (change: Change): readonly string[] => {
  if (change.kind === 'add-required') return [];
  return change.kind === 'split-table' ? change.columns : [change.column];
};

/** A value that reads rows depends on them, as a new type does; a constant does not. */
const dependsOnRows = (change: Change): boolean =>
  change.kind !== 'add-required' || !isDefaultValue(change.value);

/**
 * Writes the files of a change in steps, so that the previous and the next release run side by
 * side: expand, fill in batches, and contract when nothing uses the old column or table. Every file
 * has its down migration. It runs all of them up and down in a scratch database whose table holds a
 * few rows.
 *
 * @throws MigratorError `usage` when the table or the column does not exist after the migrations,
 *   when a name, a type or a value is invalid, or when a file does not run, with the server's error
 */
export const plan = async (change: Change, options: PlanOptions): Promise<Plan> => {
  await loadParser();
  checkChange(change);
  const { layout, migrations } = await readFolder(options.folder);
  const table = qualified(change.table);
  const proved = (rows: boolean) =>
    inScratch(options.scratch, async (session) => {
      const tables = tablesOf(options.bookkeeping);
      await applyMigrations(session, layout, tables, migrations, limitsOf(options), () => {});
      const catalog = await catalogOf(session, options);
      if (!catalog.some(({ kind, name }) => kind === 'table' && name === table))
        throw usage(`after the migrations there is no table ${table}`);
      const files = filesOf(change, table, catalog);
      if (rows) await fillRows(session, [leafOf(table)]);
      return { files, catalog, failure: await failureOf(session, files, options) };
    });
  const onRows = await proved(true);
  const isAboutRows =
    dependsOnRows(change) && /^2[23]/.test(onRows.failure?.statement.sqlstate ?? '');
  const { failure, files, catalog } = isAboutRows ? await proved(false) : onRows;
  if (failure)
    throw new MigratorError(
      'usage',
      3,
      `the files of this plan cannot run, so none is written:\n${failure.message}`,
      failure,
    );
  return {
    files: files.map((file) => ({ ...file, name: file.name.replace(/\W/g, '_') })),
    left: standingOn(catalog, table, columnsOf(change)),
    ...(isAboutRows && onRows.failure && { unproved: onRows.failure.message.split('\n')[0] ?? '' }),
  };
};
