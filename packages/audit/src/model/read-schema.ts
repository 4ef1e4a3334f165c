import type { Casing } from './casing.ts';
import {
  type Fields,
  isCallable,
  isKind,
  isObject,
  isTable,
  listOf,
  symbolOf,
  tableName,
  tableSchema,
  textOr,
} from './entity.ts';
import type {
  Check,
  EnumType,
  ForeignKey,
  Index,
  IndexPart,
  Policy,
  Table,
  View,
} from './model.ts';
import { tableId } from './model.ts';
import { readColumn } from './read-columns.ts';
import { columnName, sqlText } from './sql-text.ts';

export interface ReadTables {
  readonly tables: readonly Table[];
  readonly views: readonly View[];
  readonly enums: readonly EnumType[];
  /** Drizzle's own table for each id. */
  readonly objects: ReadonlyMap<Fields, string>;
}

export const idOf = (table: Fields): string => tableId(tableName(table), tableSchema(table));

const columnsOf = (value: unknown, casing: Casing | undefined): string[] =>
  listOf(value)
    .filter(isObject)
    .map((column) => columnName(column, casing));

const build = (builder: Fields, table: Fields): Fields => {
  const built = isCallable(builder.build) ? builder.build(table) : builder;
  return isObject(built) ? built : {};
};

/** Drizzle's `.desc()` is NULLS LAST; PostgreSQL's default is NULLS FIRST. */
const nullsOf = (given: unknown, descending: boolean): IndexPart['nulls'] => {
  const usual = descending ? 'first' : 'last';
  const nulls = given === 'first' || given === 'last' ? given : usual;
  return nulls === usual ? undefined : nulls;
};

const partOf = (
  part: unknown,
  byName: ReadonlyMap<string, string>,
  casing: Casing | undefined,
): IndexPart => {
  if (!isObject(part)) return { text: '', descending: false };
  const config = isObject(part.indexConfig) ? part.indexConfig : {};
  const descending = config.order === 'desc';
  const common = {
    descending,
    nulls: nullsOf(config.nulls, descending),
    opClass: textOr(config.opClass, undefined),
  };
  if (isKind(part, 'IndexedColumn') || isKind(part, 'Column')) {
    // An IndexedColumn has the property's name only if the column has none of its own.
    const column = byName.get(String(part.name)) ?? String(part.name);
    return { column, text: column, ...common };
  }
  return { text: sqlText(part, casing), ...common };
};

const readIndex = (
  built: Fields,
  byName: ReadonlyMap<string, string>,
  casing: Casing | undefined,
): Index => {
  const config = isObject(built.config) ? built.config : {};
  const name = textOr(config.name, undefined);
  return {
    name,
    parts: listOf(config.columns).map((part) => partOf(part, byName, casing)),
    included: [],
    unique: config.unique === true,
    method: textOr(config.method, 'btree'),
    where: config.where === undefined ? undefined : sqlText(config.where, casing),
    nullsNotDistinct: false,
    explicitName: name !== undefined && built.isNameExplicit !== false,
  };
};

const keyIndex = (columns: readonly string[], fields: Partial<Index>): Index => ({
  parts: columns.map((column) => ({ column, text: column, descending: false })),
  included: [],
  unique: true,
  method: 'btree',
  nullsNotDistinct: false,
  explicitName: false,
  ...fields,
});

/** The target of a foreign key; undefined if its function throws. */
const referenceOf = (key: Fields): unknown => {
  try {
    return isCallable(key.reference) ? key.reference() : undefined;
  } catch {
    return undefined;
  }
};

const readForeignKey = (key: Fields, casing: Casing | undefined): ForeignKey | undefined => {
  const reference = referenceOf(key);
  if (!isObject(reference)) return undefined;
  const columns = columnsOf(reference.columns, casing);
  const [target] = listOf(reference.foreignColumns).filter(isObject);
  if (!isObject(target) || !isObject(target.table)) return undefined;
  return {
    name: textOr(reference.name, undefined),
    columns,
    target: idOf(target.table),
    targetColumns: columnsOf(reference.foreignColumns, casing),
    onDelete: textOr(key.onDelete, 'no action'),
    explicitName: typeof reference.name === 'string',
  };
};

const readPolicy = (policy: Fields, casing: Casing | undefined): Policy => ({
  name: String(policy.name),
  command: textOr(policy.for, 'all'),
  permissive: policy.as !== 'restrictive',
  roles: (Array.isArray(policy.to) ? policy.to : [policy.to ?? 'public']).map((role) =>
    isObject(role) ? String(role.name) : String(role),
  ),
  using: policy.using === undefined ? undefined : sqlText(policy.using, casing),
  withCheck: policy.withCheck === undefined ? undefined : sqlText(policy.withCheck, casing),
});

/**
 * Replaces a column whose helper is not installed, so that indexes and keys can be declared on it.
 */
const unreadColumn = (name: string): Fields => {
  const column: Fields = { name, keyAsName: false, indexConfig: {}, defaultConfig: {} };
  for (const method of ['asc', 'desc', 'nullsFirst', 'nullsLast', 'op'])
    column[method] = () => column;
  return column;
};

const extrasOf = (table: Fields): unknown[] => {
  const builder = symbolOf(table, 'ExtraConfigBuilder');
  if (!isCallable(builder)) return [];
  const given = symbolOf(table, 'ExtraConfigColumns');
  const columns = isObject(given) ? Object.entries(given) : [];
  const extras = builder(
    columns.every(([, column]) => isObject(column))
      ? given
      : Object.fromEntries(
          columns.map(([name, column]) => [name, isObject(column) ? column : unreadColumn(name)]),
        ),
  );
  if (Array.isArray(extras)) return extras.flat(Number.POSITIVE_INFINITY);
  return isObject(extras) ? Object.values(extras) : [];
};

/** The constraints of a table; if they cannot be read, the table is known in part. */
const extrasOrNone = (table: Fields): { readonly extras: unknown[]; readonly failed: boolean } => {
  try {
    return { extras: extrasOf(table), failed: false };
  } catch {
    return { extras: [], failed: true };
  }
};

const readTable = (key: string, table: Fields, casing: Casing | undefined): Table => {
  const declared = symbolOf(table, 'Columns');
  const entries = isObject(declared) ? Object.entries(declared) : [];
  const objects = entries.flatMap(([name, column]) =>
    isObject(column) ? [[name, column] as const] : [],
  );
  const columns = objects.map(([name, column]) => readColumn(name, column, casing));
  const byName = new Map(
    objects.map(([, column], place) => [String(column.name), columns[place]?.name ?? '']),
  );
  const foreignKeys = listOf(symbolOf(table, 'PgInlineForeignKeys')).filter(isObject);
  const indexes: Index[] = [];
  const checks: Check[] = [];
  const policies: Policy[] = [];
  let primaryKey = columns.filter(({ primary }) => primary).map(({ name }) => name);
  if (primaryKey.length > 0) indexes.push(keyIndex(primaryKey, { constraint: 'primary key' }));
  for (const [, column] of objects)
    if (column.isUnique === true)
      indexes.push(
        keyIndex([columnName(column, casing)], {
          constraint: 'unique',
          nullsNotDistinct: column.uniqueType === 'not distinct',
        }),
      );
  const { extras, failed } = extrasOrNone(table);
  for (const extra of extras) {
    if (isKind(extra, 'PgIndexBuilder'))
      indexes.push(readIndex(build(extra, table), byName, casing));
    else if (isKind(extra, 'PgCheckBuilder')) {
      const check = build(extra, table);
      checks.push({ name: textOr(check.name, undefined), text: sqlText(check.value, casing) });
    } else if (isKind(extra, 'PgUniqueConstraintBuilder')) {
      const unique = build(extra, table);
      const name = textOr(unique.name, undefined);
      indexes.push(
        keyIndex(columnsOf(unique.columns, casing), {
          name,
          constraint: 'unique',
          nullsNotDistinct: unique.nullsNotDistinct === true,
          explicitName: unique.isNameExplicit !== false && typeof extra.name === 'string',
        }),
      );
    } else if (isKind(extra, 'PgPrimaryKeyBuilder')) {
      const key = build(extra, table);
      primaryKey = columnsOf(key.columns, casing);
      indexes.push(
        keyIndex(primaryKey, { name: textOr(key.name, undefined), constraint: 'primary key' }),
      );
    } else if (isKind(extra, 'PgForeignKeyBuilder')) foreignKeys.push(build(extra, table));
    else if (isKind(extra, 'PgPolicy')) policies.push(readPolicy(extra, casing));
  }
  const name = tableName(table);
  const schema = tableSchema(table);
  return {
    id: tableId(name, schema),
    key,
    name,
    schema,
    columns: columns.map((column) =>
      primaryKey.includes(column.name) ? { ...column, notNull: true } : column,
    ),
    primaryKey,
    foreignKeys: foreignKeys.flatMap((foreignKey) => readForeignKey(foreignKey, casing) ?? []),
    indexes,
    checks,
    policies,
    rowSecurity: symbolOf(table, 'EnableRLS') === true || policies.length > 0,
    knownInPart: failed || objects.length < entries.length,
  };
};

const viewOf = (value: unknown): View | undefined => {
  const materialized = isKind(value, 'PgMaterializedView');
  if (!materialized && !isKind(value, 'PgView')) return undefined;
  const config = symbolOf(value, 'ViewBaseConfig');
  if (!isObject(config)) return undefined;
  return { id: tableId(String(config.name), textOr(config.schema, undefined)), materialized };
};

/**
 * Reads the PostgreSQL tables, views and enums among what a schema's modules export.
 *
 * @param exports by the name of the export; a table that is exported twice is read once
 * @param casing of drizzle.config, for columns declared without a name
 */
export const readTables = (
  exports: Readonly<Record<string, unknown>>,
  casing: Casing | undefined,
): ReadTables => {
  const objects = new Map<Fields, string>();
  const tables = new Map<string, Table>();
  const views = new Map<string, View>();
  const enums = new Map<string, EnumType>();
  for (const [key, value] of Object.entries(exports)) {
    if (isTable(value)) {
      const id = idOf(value);
      objects.set(value, id);
      if (!tables.has(id)) tables.set(id, readTable(key, value, casing));
      continue;
    }
    const view = viewOf(value);
    if (view) views.set(view.id, view);
    const name = isCallable(value) || isObject(value) ? Reflect.get(value, 'enumName') : undefined;
    if (typeof name === 'string' && (isCallable(value) || isObject(value))) {
      const id = tableId(name, textOr(Reflect.get(value, 'schema'), undefined));
      enums.set(id, { id, name, values: listOf(Reflect.get(value, 'enumValues')).map(String) });
    }
  }
  return {
    tables: [...tables.values()],
    views: [...views.values()],
    enums: [...enums.values()],
    objects,
  };
};
