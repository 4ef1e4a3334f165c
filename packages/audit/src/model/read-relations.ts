import type { Casing } from './casing.ts';
import {
  type Entity,
  type Fields,
  isCallable,
  isObject,
  isTable,
  listOf,
  textOr,
} from './entity.ts';
import type { Relation } from './model.ts';
import { idOf } from './read-schema.ts';
import { columnName } from './sql-text.ts';

interface Declared {
  readonly kind: 'one' | 'many';
  readonly table: unknown;
  readonly config: Fields;
  /** Drizzle names every relation after its property; the property is read here anyway. */
  withFieldName(): Declared;
}

const isDeclared = (value: unknown): value is Declared =>
  isObject(value) && (value.kind === 'one' || value.kind === 'many') && isObject(value.config);

const declare =
  (kind: Declared['kind']) =>
  (table: unknown, config: unknown): Declared => {
    const declared: Declared = {
      kind,
      table,
      config: isObject(config) ? config : {},
      withFieldName: () => declared,
    };
    return declared;
  };

const namesOf = (value: unknown, casing: Casing | undefined): string[] =>
  listOf(value)
    .filter(isObject)
    .map((column) => columnName(column, casing));

/** The columns of a list that another table than the given one has. */
const straysOf = (value: unknown, table: Entity, casing: Casing | undefined): string[] =>
  listOf(value).flatMap((column) => {
    if (!isObject(column) || !isTable(column.table)) return [];
    const owner = idOf(column.table);
    return owner === idOf(table) ? [] : [`${owner}.${columnName(column, casing)}`];
  });

/** `relations(table, …)` of 0.x: calls its function with builders that only record. */
const firstGeneration = (value: Fields, casing: Casing | undefined): Relation[] => {
  const { table, config } = value;
  if (!isTable(table) || !isCallable(config)) return [];
  const fields = config({ one: declare('one'), many: declare('many') });
  if (!isObject(fields)) return [];
  return Object.entries(fields).flatMap(([field, declared]) => {
    if (!isDeclared(declared) || !isTable(declared.table)) return [];
    return [
      {
        table: idOf(table),
        field,
        kind: declared.kind,
        target: idOf(declared.table),
        columns: namesOf(declared.config.fields, casing),
        targetColumns: namesOf(declared.config.references, casing),
        relationName: textOr(declared.config.relationName, undefined),
        through: false,
        strays: [
          ...straysOf(declared.config.fields, table, casing),
          ...straysOf(declared.config.references, declared.table, casing),
        ],
      },
    ];
  });
};

/** The columns of a relation, which 1.0.0-rc.5 keeps in objects that name their table as well. */
const columnsOf = (value: unknown): unknown[] =>
  listOf(value).map((entry) => (isObject(entry) && isObject(entry._) ? entry._.column : entry));

/** `defineRelations(…)` of 1.0: tables by name, each with its finished relations. */
const secondGeneration = (value: Fields, casing: Casing | undefined): Relation[] =>
  Object.values(value).flatMap((entry) => {
    if (!isObject(entry) || !isTable(entry.table) || !isObject(entry.relations)) return [];
    const table = idOf(entry.table);
    return Object.entries(entry.relations).flatMap(([field, relation]) => {
      if (!isObject(relation) || !isTable(relation.targetTable)) return [];
      return [
        {
          table,
          field,
          kind: relation.relationType === 'many' ? ('many' as const) : ('one' as const),
          target: idOf(relation.targetTable),
          columns: namesOf(columnsOf(relation.sourceColumns), casing),
          targetColumns: namesOf(columnsOf(relation.targetColumns), casing),
          relationName: textOr(relation.alias, undefined),
          through: relation.through !== undefined,
          throughTable: isTable(relation.throughTable) ? idOf(relation.throughTable) : undefined,
        },
      ];
    });
  });

/** An export that throws when read has no relations: a lazy client, a callback that needs a missing table. */
const relationsOf = (value: Fields, casing: Casing | undefined): Relation[] => {
  try {
    return isCallable(value.config)
      ? firstGeneration(value, casing)
      : secondGeneration(value, casing);
  } catch {
    return [];
  }
};

/** The relations among what a schema's modules export, of either generation, each once. */
export const readRelations = (
  exports: Readonly<Record<string, unknown>>,
  casing: Casing | undefined,
): Relation[] => {
  const seen = new Set<unknown>();
  const found = new Map<string, Relation>();
  for (const value of Object.values(exports)) {
    if (!isObject(value) || isTable(value) || seen.has(value)) continue;
    seen.add(value);
    for (const relation of relationsOf(value, casing))
      found.set(`${relation.table} ${relation.field}`, relation);
  }
  return [...found.values()];
};
