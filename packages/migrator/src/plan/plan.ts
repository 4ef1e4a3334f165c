import { type Catalog, catalogOf } from '../catalog/describe.ts';
import { usage } from '../errors.ts';
import { readFolder } from '../folder/read.ts';
import { applyMigrations } from '../migrate.ts';
import { columnParts } from '../reverse/column.ts';
import { quote } from '../review/ast.ts';
import { limitsOf, type RunOptions } from '../run/options.ts';
import { tablesOf } from '../run/tables.ts';
import { inScratch, type ScratchSource } from '../scratch.ts';
import { splitTable } from './split-table.ts';
import {
  fillMirror,
  inBatches,
  inSteps,
  type KnownColumn,
  type Mirrored,
  mirror,
  NOTHING,
  notRequired,
  type PlannedFile,
  required,
  unmirror,
} from './statements.ts';

/** A change that the running release would not survive in one step. */
export type Change =
  | {
      readonly kind: 'rename-column';
      readonly table: string;
      readonly column: string;
      readonly to: string;
    }
  | {
      readonly kind: 'change-type';
      readonly table: string;
      readonly column: string;
      readonly type: string;
    }
  | {
      readonly kind: 'add-required';
      readonly table: string;
      readonly column: string;
      readonly type: string;
      /** SQL for the value of earlier rows and of rows that the running release writes. */
      readonly value: string;
    }
  | {
      readonly kind: 'split-table';
      readonly table: string;
      readonly columns: readonly string[];
      readonly to: string;
    };

export interface PlanOptions extends RunOptions {
  readonly folder: string;
  readonly scratch: ScratchSource;
}

export interface Plan {
  readonly files: readonly PlannedFile[];
  /** Objects on the columns concerned that the plan does not move: indexes, views, policies, … */
  readonly left: readonly string[];
}

const FIRST = 'before the next release';
const AFTER = 'when every instance runs the next release';

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
  return parts;
};

const addColumn = (table: string, column: string, type: string): string =>
  `ALTER TABLE ${table} ADD COLUMN ${quote(column)} ${type};`;
const dropColumn = (table: string, column: string): string =>
  `ALTER TABLE ${table} DROP COLUMN ${quote(column)};`;
const setDefault = (table: string, column: string, value: string | undefined): string =>
  value === undefined
    ? ''
    : `ALTER TABLE ${table} ALTER COLUMN ${quote(column)} SET DEFAULT ${value};\n`;

/** Drops the old of two mirrored columns; the down migration makes it, fills it and mirrors again. */
const contract = (pair: Mirrored, old: KnownColumn, name: string, when: string): PlannedFile => {
  const { table } = pair;
  const back: Mirrored = {
    ...pair,
    old: pair.new,
    new: pair.old,
    oldType: pair.newType,
    newType: pair.oldType,
  };
  return {
    name,
    when,
    up: `${unmirror(pair)}\n${setDefault(table, pair.new, old.default)}${dropColumn(table, pair.old)}`,
    down: inSteps(
      [
        addColumn(table, pair.old, pair.oldType),
        mirror(pair),
        fillMirror(back),
        ...(old.notNull ? [required(table, pair.old)] : []),
        `${setDefault(table, pair.old, old.default)}ALTER TABLE ${table} ALTER COLUMN ${quote(pair.new)} DROP DEFAULT;`,
      ].join('\n'),
    ),
  };
};

const requireNew = (table: string, column: string, name: string): PlannedFile => ({
  name,
  when: FIRST,
  up: inSteps(required(table, column)),
  down: notRequired(table, column),
});

const renameColumn = (
  { table, column, to }: Extract<Change, { kind: 'rename-column' }>,
  old: KnownColumn,
): PlannedFile[] => {
  const pair: Mirrored = {
    table,
    name: `mirror_${column}_${to}`.slice(0, 63),
    old: column,
    new: to,
    oldType: old.type,
    newType: old.type,
  };
  return [
    {
      name: `expand_${to}`,
      when: FIRST,
      up: `${addColumn(table, to, old.type)}\n${mirror(pair)}`,
      down: `${unmirror(pair)}\n${dropColumn(table, to)}`,
    },
    { name: `backfill_${to}`, when: FIRST, up: inSteps(fillMirror(pair)), down: NOTHING },
    ...(old.notNull ? [requireNew(table, to, `require_${to}`)] : []),
    contract(pair, old, `contract_${column}`, AFTER),
  ];
};

const changeType = (
  { table, column, type }: Extract<Change, { kind: 'change-type' }>,
  old: KnownColumn,
): PlannedFile[] => {
  const [fresh, former] = [`${column}_new`, `${column}_old`];
  const name = `mirror_${column}`.slice(0, 63);
  const before: Mirrored = {
    table,
    name,
    old: column,
    new: fresh,
    oldType: old.type,
    newType: type,
  };
  const after: Mirrored = { ...before, old: former, new: column };
  const rename = (from: string, to: string) =>
    `ALTER TABLE ${table} RENAME COLUMN ${quote(from)} TO ${quote(to)};`;
  return [
    {
      name: `expand_${fresh}`,
      when: FIRST,
      up: `${addColumn(table, fresh, type)}\n${mirror(before)}`,
      down: `${unmirror(before)}\n${dropColumn(table, fresh)}`,
    },
    { name: `backfill_${fresh}`, when: FIRST, up: inSteps(fillMirror(before)), down: NOTHING },
    ...(old.notNull ? [requireNew(table, fresh, `require_${fresh}`)] : []),
    {
      name: `switch_${column}`,
      when: 'with the release that expects the new type; the one before has to bear it too, since the name stays',
      up: `${rename(column, former)}\n${rename(fresh, column)}\n${setDefault(table, column, old.default)}${mirror(after)}`,
      down: `ALTER TABLE ${table} ALTER COLUMN ${quote(column)} DROP DEFAULT;\n${rename(column, fresh)}\n${rename(former, column)}\n${mirror(before)}`,
    },
    contract(after, old, `contract_${former}`, AFTER),
  ];
};

const addRequired = ({
  table,
  column,
  type,
  value,
}: Extract<Change, { kind: 'add-required' }>): PlannedFile[] => [
  {
    name: `expand_${column}`,
    when: FIRST,
    // Two statements: a default that is added later does not write the rows that are there.
    up: `${addColumn(table, column, type)}\nALTER TABLE ${table} ALTER COLUMN ${quote(column)} SET DEFAULT ${value};`,
    down: dropColumn(table, column),
  },
  {
    name: `backfill_${column}`,
    when: FIRST,
    up: inSteps(
      inBatches(
        table,
        (batch) =>
          `UPDATE ${table} SET ${quote(column)} = ${value} WHERE ${batch} AND ${quote(column)} IS NULL;`,
      ),
    ),
    down: NOTHING,
  },
  requireNew(table, column, `require_${column}`),
  {
    name: `contract_default_of_${column}`,
    when: `${AFTER}, which writes the column itself`,
    up: `ALTER TABLE ${table} ALTER COLUMN ${quote(column)} DROP DEFAULT;`,
    down: `ALTER TABLE ${table} ALTER COLUMN ${quote(column)} SET DEFAULT ${value};`,
  },
];

/** Objects whose text names a column of the table, and which the plan leaves to a person. */
const standingOn = (catalog: Catalog, table: string, columns: readonly string[]): string[] => {
  const words = columns.map(
    (column) => new RegExp(`(^|[^\\w"])${quote(column).replace(/[$]/g, '\\$')}($|[^\\w"])`),
  );
  return catalog
    .filter(({ kind, name, definition }) => {
      const isAbout =
        name.startsWith(`${table}.`) ||
        definition.includes(` ${table} `) ||
        definition.includes(`${table}(`);
      return (
        isAbout &&
        [
          'index',
          'constraint',
          'view',
          'materialized view',
          'policy',
          'trigger',
          'statistics',
        ].includes(kind) &&
        words.some((word) => word.test(definition))
      );
    })
    .map(({ kind, name }) => `${kind} ${name}`);
};

const qualified = (table: string): string =>
  table.includes('.') ? table : `public.${quote(table)}`;

/**
 * Writes the files of a change that goes in steps, so that the release before and the release after run
 * beside each other: expand, fill in batches, and contract when nobody uses the old any more. Every file
 * has its down migration.
 *
 * @throws MigratorError `usage` when the table or the column is not there after the migrations
 */
export const plan = async (change: Change, options: PlanOptions): Promise<Plan> => {
  const folder = await readFolder(options.folder);
  const catalog = await inScratch(options.scratch, async (session) => {
    const { layout, migrations } = folder;
    const tables = tablesOf(options.bookkeeping);
    await applyMigrations(session, layout, tables, migrations, limitsOf(options), () => {});
    return catalogOf(session, options);
  });
  const table = qualified(change.table);
  if (!catalog.some(({ kind, name }) => kind === 'table' && name === table))
    throw usage(`after the migrations there is no table ${table}`);
  switch (change.kind) {
    case 'rename-column':
      return {
        files: renameColumn({ ...change, table }, columnOf(catalog, table, change.column)),
        left: standingOn(catalog, table, [change.column]),
      };
    case 'change-type':
      return {
        files: changeType({ ...change, table }, columnOf(catalog, table, change.column)),
        left: standingOn(catalog, table, [change.column]),
      };
    case 'add-required':
      return { files: addRequired({ ...change, table }), left: [] };
    case 'split-table': {
      const columns = change.columns.map((name) => ({ name, ...columnOf(catalog, table, name) }));
      return {
        files: splitTable(catalog, table, columns, qualified(change.to)),
        left: standingOn(catalog, table, change.columns),
      };
    }
  }
};
