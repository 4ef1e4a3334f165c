import { readFile } from 'node:fs/promises';
import { MigratorError, messageOf, refused } from '../errors.ts';
import type { MigrationFolder } from '../folder/migration-folder.ts';
import { isRecord } from '../review/ast.ts';
import { type Rename, type SwappedValues, swapOf } from './renames.ts';

/** A snapshot of drizzle-kit 0.x, of which only the ids are used here. */
export interface JournalSnapshot extends Record<string, unknown> {
  readonly id: string;
  readonly prevId: string;
}

export const isJournalSnapshot = (value: unknown): value is JournalSnapshot =>
  isRecord(value) && typeof value.id === 'string' && typeof value.prevId === 'string';

const ORIGIN = '00000000-0000-0000-0000-000000000000';

/** The snapshot of an empty database, in the version that drizzle-kit 0.31 writes. */
export const emptySnapshot = (): JournalSnapshot => ({
  id: ORIGIN,
  prevId: '',
  version: '7',
  dialect: 'postgresql',
  tables: {},
  enums: {},
  schemas: {},
  policies: {},
  roles: {},
  sequences: {},
  views: {},
  _meta: { schemas: {}, tables: {}, columns: {} },
});

const readSnapshot = async (path: string): Promise<JournalSnapshot | undefined> => {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
  try {
    const parsed: unknown = JSON.parse(text);
    if (isJournalSnapshot(parsed)) return parsed;
  } catch (error) {
    throw new MigratorError('folder', 1, `${path} is not JSON: ${messageOf(error)}`, error);
  }
  throw refused('folder', `${path} is not a drizzle-kit snapshot`);
};

/** The snapshot after the last migration that has one. */
export const latestSnapshot = async (folder: MigrationFolder): Promise<JournalSnapshot> => {
  for (const { snapshotPath } of [...folder.migrations].reverse()) {
    const snapshot = await readSnapshot(snapshotPath);
    if (snapshot) return snapshot;
  }
  return emptySnapshot();
};

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

interface TableEntry {
  readonly key: string;
  readonly table: Record<string, unknown>;
}

const findTable = (snapshot: JournalSnapshot, name: string): TableEntry | undefined => {
  const tables = isRecord(snapshot.tables) ? snapshot.tables : {};
  for (const [key, table] of Object.entries(tables))
    if (isRecord(table) && table.name === name) return { key, table };
  return undefined;
};

interface EnumEntry extends Record<string, unknown> {
  readonly name: string;
  readonly schema: string;
  readonly values: readonly string[];
}

const isEnum = (value: unknown): value is EnumEntry =>
  isRecord(value) && typeof value.name === 'string' && Array.isArray(value.values);

const enumsOf = (snapshot: JournalSnapshot): [string, EnumEntry][] =>
  Object.entries(isRecord(snapshot.enums) ? snapshot.enums : {}).flatMap(([key, value]) =>
    isEnum(value) ? [[key, value]] : [],
  );

/** Enums that lose values and gain others, which may be renames. */
export const swappedValues = (from: JournalSnapshot, to: JournalSnapshot): SwappedValues[] => {
  const next = new Map(enumsOf(to));
  return enumsOf(from).flatMap(([key, { name, values }]) => {
    const swapped = swapOf(name, values, next.get(key)?.values ?? values);
    return swapped ? [swapped] : [];
  });
};

/** Every column of an enum, with its default's value. */
const withColumnsOf = (
  snapshot: JournalSnapshot,
  type: string,
  change: (column: Record<string, unknown>) => Record<string, unknown>,
): JournalSnapshot => {
  const tables = isRecord(snapshot.tables) ? snapshot.tables : {};
  for (const table of Object.values(tables)) {
    const columns = isRecord(table) && isRecord(table.columns) ? table.columns : {};
    for (const [name, column] of Object.entries(columns))
      if (isRecord(column) && String(column.type).replace('[]', '') === type)
        columns[name] = change(column);
  }
  return snapshot;
};

const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** A renamed value of an enum, or a renamed enum: rows, defaults and columns follow by themselves. */
const renameInEnum = (
  snapshot: JournalSnapshot,
  { table: name, column: value, to }: Rename,
): { snapshot: JournalSnapshot; statement: string } => {
  const [key, found] = enumsOf(snapshot).find(([, entry]) => entry.name === name) ?? [];
  if (!key || !found || !isRecord(snapshot.enums))
    throw refused('usage', `--rename: there is no table or enum ${name}`);
  const sql = `${found.schema ? `${quoted(found.schema)}.` : ''}${quoted(name)}`;
  if (value === undefined) {
    delete snapshot.enums[key];
    snapshot.enums[`${found.schema || 'public'}.${to}`] = { ...found, name: to };
    return {
      snapshot: withColumnsOf(snapshot, name, (column) => ({
        ...column,
        type: String(column.type).replace(name, to),
      })),
      statement: `ALTER TYPE ${sql} RENAME TO ${quoted(to)};`,
    };
  }
  if (!found.values.includes(value))
    throw refused('usage', `--rename: the enum ${name} has no value ${value}`);
  snapshot.enums[key] = {
    ...found,
    values: found.values.map((one) => (one === value ? to : one)),
  };
  return {
    snapshot: withColumnsOf(snapshot, name, (column) =>
      column.default === text(value) ? { ...column, default: text(to) } : column,
    ),
    statement: `ALTER TYPE ${sql} RENAME VALUE ${text(value)} TO ${text(to)};`,
  };
};

/**
 * Applies renames to a snapshot and gives the statements that do the same to a database, so that
 * the remaining difference from the new schema needs no question.
 */
export const applyRenames = (
  snapshot: JournalSnapshot,
  renames: readonly Rename[],
): { snapshot: JournalSnapshot; statements: string[] } => {
  // Snapshots are plain JSON.
  let next: JournalSnapshot = structuredClone(snapshot);
  const statements: string[] = [];
  for (const rename of renames) {
    const found = findTable(next, rename.table);
    if (!found) {
      const renamed = renameInEnum(next, rename);
      next = renamed.snapshot;
      statements.push(renamed.statement);
      continue;
    }
    const { key, table } = found;
    const schema = typeof table.schema === 'string' ? table.schema : '';
    const sql = `${schema ? `${quoted(schema)}.` : ''}${quoted(rename.table)}`;
    if (rename.column === undefined) {
      const text = JSON.stringify(next)
        .replaceAll(`"tableFrom":"${rename.table}"`, `"tableFrom":"${rename.to}"`)
        .replaceAll(`"tableTo":"${rename.table}"`, `"tableTo":"${rename.to}"`);
      const parsed: unknown = JSON.parse(text);
      if (!isJournalSnapshot(parsed) || !isRecord(parsed.tables)) continue;
      const entry = parsed.tables[key];
      delete parsed.tables[key];
      parsed.tables[`${schema || 'public'}.${rename.to}`] = isRecord(entry)
        ? { ...entry, name: rename.to }
        : entry;
      next = parsed;
      statements.push(`ALTER TABLE ${sql} RENAME TO ${quoted(rename.to)};`);
      continue;
    }
    const columns = isRecord(table.columns) ? table.columns : {};
    const column = columns[rename.column];
    if (!isRecord(column))
      throw refused('usage', `--rename: ${rename.table} has no column ${rename.column}`);
    delete columns[rename.column];
    columns[rename.to] = { ...column, name: rename.to };
    statements.push(
      `ALTER TABLE ${sql} RENAME COLUMN ${quoted(rename.column)} TO ${quoted(rename.to)};`,
    );
  }
  return { snapshot: next, statements };
};

const without = (
  from: Record<string, unknown>,
  kept: Record<string, unknown>,
): Record<string, unknown> =>
  Object.fromEntries(Object.entries(from).filter(([key]) => key in kept));

/**
 * The old snapshot without objects that the new one lacks. By way of it, a difference drops and
 * creates objects, and nothing can be taken for a rename.
 */
export const withoutDropped = (from: JournalSnapshot, to: JournalSnapshot): JournalSnapshot => {
  const next: JournalSnapshot = structuredClone(from);
  const targets: Record<string, unknown> = to;
  const result: Record<string, unknown> = { ...next };
  for (const group of ['tables', 'enums', 'schemas', 'policies', 'roles', 'sequences', 'views']) {
    const [mine, theirs] = [next[group], targets[group]];
    if (isRecord(mine) && isRecord(theirs)) result[group] = without(mine, theirs);
  }
  const tables = isRecord(result.tables) ? result.tables : {};
  for (const [key, table] of Object.entries(tables)) {
    const other = isRecord(to.tables) ? to.tables[key] : undefined;
    if (!isRecord(table) || !isRecord(other)) continue;
    const copy: Record<string, unknown> = { ...table };
    for (const part of [
      'columns',
      'indexes',
      'foreignKeys',
      'compositePrimaryKeys',
      'uniqueConstraints',
      'policies',
      'checkConstraints',
    ]) {
      const [mine, theirs] = [table[part], other[part]];
      if (isRecord(mine) && isRecord(theirs)) copy[part] = without(mine, theirs);
    }
    tables[key] = copy;
  }
  return { ...result, id: next.id, prevId: next.prevId };
};
