import { isDeepStrictEqual } from 'node:util';
import { refused } from '../errors.ts';
import { isRecord } from '../review/ast.ts';
import type { Snapshot } from './kit-contract.ts';
import { type Rename, type SwappedValues, swapOf } from './renames.ts';

/** A row of the `ddl` of a drizzle-kit 1.0 snapshot: a table, a column, an enum, … */
interface Entity extends Record<string, unknown> {
  readonly entityType: string;
  readonly name: string;
}

const isEntity = (value: unknown): value is Entity =>
  isRecord(value) && typeof value.entityType === 'string' && typeof value.name === 'string';

const entitiesOf = ({ ddl }: Snapshot): Entity[] =>
  Array.isArray(ddl) ? ddl.filter(isEntity) : [];

const valuesOf = ({ values }: Entity): string[] =>
  Array.isArray(values) ? values.map(String) : [];

const schemaOf = ({ schema }: Entity): string => (typeof schema === 'string' ? schema : 'public');

const find = (snapshot: Snapshot, type: string, name: string): Entity | undefined =>
  entitiesOf(snapshot).find((entity) => entity.entityType === type && entity.name === name);

/** Enums that lose values and gain others, which may be renames. */
export const swappedEntities = (from: Snapshot, to: Snapshot): SwappedValues[] =>
  entitiesOf(from).flatMap((before) => {
    if (before.entityType !== 'enums') return [];
    const after = entitiesOf(to).find(
      (entity) =>
        entity.entityType === 'enums' &&
        entity.name === before.name &&
        entity.schema === before.schema,
    );
    const swapped = after && swapOf(before.name, valuesOf(before), valuesOf(after));
    return swapped ? [swapped] : [];
  });

const KEYS = [
  'entityType',
  'schema',
  'table',
  'columns',
  'tableTo',
  'schemaTo',
  'columnsTo',
] as const;

const sameButName = (a: Entity, b: Entity): boolean =>
  KEYS.every((key) => JSON.stringify(a[key]) === JSON.stringify(b[key]));

/** An entity without what drizzle-kit 0.x writes and 1.0 does not: a table before its column, a space in a type. */
const plainSpelling = (entity: Entity): unknown => {
  const type = typeof entity.type === 'string' ? entity.type.replace(' (', '(') : entity.type;
  const qualifier = JSON.stringify(`"${String(entity.table)}".`).slice(1, -1);
  return JSON.parse(JSON.stringify({ ...entity, type }).replaceAll(qualifier, ''));
};

/**
 * A schema in the history's words. drizzle-kit 0.x and 1.0 name a foreign key differently and spell
 * expressions and types differently; 1.0 takes each of these in a converted history for a change.
 */
export const withNamesOf = (current: Snapshot, history: Snapshot): Snapshot => {
  const known = entitiesOf(history);
  const ddl = entitiesOf(current).map((entity) => {
    const spelled = known.find(
      (other) =>
        other.entityType === entity.entityType &&
        other.name === entity.name &&
        other.table === entity.table &&
        isDeepStrictEqual(plainSpelling(other), plainSpelling(entity)),
    );
    if (spelled) return spelled;
    if (entity.nameExplicit !== false) return entity;
    const before = known.find((other) => sameButName(entity, other));
    return before ? { ...entity, name: before.name } : entity;
  });
  return { ...current, ddl };
};

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/**
 * A snapshot whose enum has the new value, with the statement; drizzle-kit would recreate the type.
 */
const renameValue = (
  snapshot: Snapshot,
  found: Entity,
  value: string,
  to: string,
): { snapshot: Snapshot; statement: string } => {
  if (!valuesOf(found).includes(value))
    throw refused('usage', `--rename: the enum ${found.name} has no value ${value}`);
  const ddl = entitiesOf(snapshot).map((entity) => {
    if (entity === found)
      return { ...entity, values: valuesOf(entity).map((one) => (one === value ? to : one)) };
    const isDefault =
      entity.entityType === 'columns' &&
      entity.type === found.name &&
      entity.typeSchema === found.schema &&
      entity.default === text(value);
    return isDefault ? { ...entity, default: text(to) } : entity;
  });
  const schema = schemaOf(found);
  const sql = `${schema === 'public' ? '' : `${quoted(schema)}.`}${quoted(found.name)}`;
  return {
    snapshot: { ...snapshot, ddl },
    statement: `ALTER TYPE ${sql} RENAME VALUE ${text(value)} TO ${text(to)};`,
  };
};

/**
 * One rename as a hint of drizzle-kit 1.0, which names a column by its table's new name.
 *
 * @param tables the tables' new names, by their old ones
 */
const hintOf = (
  snapshot: Snapshot,
  { table: named, column, to }: Rename,
  tables: ReadonlyMap<string, string>,
): unknown => {
  const table = [...tables].find(([, fresh]) => fresh === named)?.[0] ?? named;
  const found = find(snapshot, 'tables', table) ?? find(snapshot, 'enums', table);
  if (!found) throw refused('usage', `--rename: there is no table or enum ${table}`);
  const schema = schemaOf(found);
  const kind = found.entityType === 'tables' ? 'table' : 'enum';
  if (column === undefined)
    return { type: 'rename', kind, from: [schema, table], to: [schema, to] };
  const isThere = entitiesOf(snapshot).some(
    (entity) => entity.entityType === 'columns' && entity.table === table && entity.name === column,
  );
  if (!isThere) throw refused('usage', `--rename: ${table} has no column ${column}`);
  return {
    type: 'rename',
    kind: 'column',
    from: [schema, tables.get(table) ?? table, column],
    to: [schema, tables.get(table) ?? table, to],
  };
};

/**
 * Renames for drizzle-kit 1.0: hints, and for enum values, which it cannot rename, the statements
 * and the snapshot after them.
 */
export const applyHints = (
  from: Snapshot,
  renames: readonly Rename[],
): { snapshot: Snapshot; statements: string[]; hints: unknown[] } => {
  let snapshot = from;
  const statements: string[] = [];
  const hints: unknown[] = [];
  const tables = new Map(
    renames.flatMap(({ table, column, to }) => (column === undefined ? [[table, to]] : [])),
  );
  for (const rename of renames) {
    const isTable = find(snapshot, 'tables', rename.table) !== undefined;
    const found = isTable ? undefined : find(snapshot, 'enums', rename.table);
    if (found && rename.column !== undefined) {
      const renamed = renameValue(snapshot, found, rename.column, rename.to);
      snapshot = renamed.snapshot;
      statements.push(renamed.statement);
    } else hints.push(hintOf(from, rename, tables));
  }
  return { snapshot, statements, hints };
};
