import { quote } from '../review/ast.ts';
import type { Change } from './change.ts';
import {
  AFTER,
  addColumn,
  dropColumn,
  FIRST,
  fillMirror,
  inSteps,
  type KnownColumn,
  leafOf,
  type Mirrored,
  mirror,
  NOTHING,
  objectName,
  type PlannedFile,
  required,
  requireNew,
  setDefault,
  unmirror,
} from './statements.ts';

/**
 * Drops the old of two mirrored columns; the down migration adds it, fills it and mirrors again.
 */
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

export const renameColumn = (
  { table, column, to }: Extract<Change, { kind: 'rename-column' }>,
  old: KnownColumn,
): PlannedFile[] => {
  const pair: Mirrored = {
    table,
    name: objectName('mirror', leafOf(table), column, to),
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

export const changeType = (
  { table, column, type }: Extract<Change, { kind: 'change-type' }>,
  old: KnownColumn,
): PlannedFile[] => {
  const [fresh, former] = [`${column}_new`, `${column}_old`];
  const name = objectName('mirror', leafOf(table), column);
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
