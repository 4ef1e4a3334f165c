import type { AlterObjectSchemaStmt, RenameStmt } from 'libpg-query';
import { keyOfParts, relationKey, strings } from './ast.ts';
import type { World } from './world.ts';

const leafOf = (key: string): string => key.slice(key.indexOf('.') + 1);
const schemaOf = (key: string): string => key.slice(0, key.indexOf('.'));

/** A type's name in the spelling of its columns. */
const typeName = (key: string): string => (schemaOf(key) === 'public' ? leafOf(key) : key);

const moveKey = <T>(map: Map<string, T>, from: string, to: string): void => {
  const value = map.get(from);
  map.delete(from);
  if (value !== undefined) map.set(to, value);
};

const moveCreated = (world: World, from: string, to: string): void => {
  for (const entry of [...world.created])
    if (entry.slice(entry.indexOf(':') + 1) === from) {
      world.created.delete(entry);
      world.created.add(`${entry.slice(0, entry.indexOf(':'))}:${to}`);
    }
};

/** Columns keep their type under its new name; the old name is free for another. */
const moveType = (world: World, from: string, to: string): void => {
  for (const table of world.tables.values())
    for (const [name, column] of table.columns)
      if (column.type.name === typeName(from))
        table.columns.set(name, { ...column, type: { ...column.type, name: typeName(to) } });
  moveKey(world.enums, from, to);
  if (world.constrainedDomains.delete(from)) world.constrainedDomains.add(to);
  moveCreated(world, from, to);
};

/** The table with its indexes, which stand in its schema. */
const moveTable = (world: World, from: string, to: string): void => {
  moveKey(world.tables, from, to);
  for (const [name, index] of [...world.indexes])
    if (index.table === from) {
      world.indexes.delete(name);
      world.indexes.set(`${schemaOf(to)}.${leafOf(name)}`, { ...index, table: to });
    }
  for (const [parent, partition] of [...world.defaultPartitions])
    if (partition === from) world.defaultPartitions.set(parent, to);
  moveKey(world.defaultPartitions, from, to);
};

/**
 * Copies a view to its new name, so that another one under the old name is still compared with it.
 */
const copyView = (world: World, from: string, to: string): void => {
  const view = world.views.get(from);
  if (view) world.views.set(to, view);
  moveCreated(world, from, to);
};

const moveSchema = (world: World, from: string, to: string): void => {
  const moved = (key: string) => `${to}.${leafOf(key)}`;
  const within = (keys: Iterable<string>) => [...keys].filter((key) => schemaOf(key) === from);
  for (const key of within(world.tables.keys())) moveTable(world, key, moved(key));
  for (const key of within(world.views.keys())) copyView(world, key, moved(key));
  const types = new Set([...world.enums.keys(), ...world.constrainedDomains]);
  for (const table of world.tables.values())
    for (const { type } of table.columns.values())
      if (type.name.includes('.')) types.add(type.name);
  for (const key of within(types)) moveType(world, key, moved(key));
};

const moveRelation = (world: World, kind: string | undefined, from: string, to: string): void => {
  if (kind === 'OBJECT_TABLE') moveTable(world, from, to);
  else if (kind === 'OBJECT_INDEX') moveKey(world.indexes, from, to);
  else if (kind === 'OBJECT_VIEW' || kind === 'OBJECT_MATVIEW') copyView(world, from, to);
};

const isType = (kind: string | undefined): boolean =>
  kind === 'OBJECT_TYPE' || kind === 'OBJECT_DOMAIN';

/** Records a rename. */
export const rename = (world: World, statement: RenameStmt): void => {
  const { renameType, relation, subname = '', newname = '', object } = statement;
  const named = (key: string) => `${schemaOf(key)}.${newname}`;
  if (isType(renameType)) {
    const key = keyOfParts(object && 'List' in object ? strings(object.List.items) : []);
    moveType(world, key, named(key));
    return;
  }
  if (renameType === 'OBJECT_SCHEMA') {
    moveSchema(world, subname, newname);
    return;
  }
  const key = relationKey(relation);
  if (renameType === 'OBJECT_COLUMN') {
    moveKey(world.table(key).columns, subname, newname);
    for (const [name, index] of world.indexes)
      if (index.table === key)
        world.indexes.set(name, {
          ...index,
          columns: index.columns.map((column) => (column === subname ? newname : column)),
        });
  } else if (renameType === 'OBJECT_TABCONSTRAINT')
    moveKey(world.table(key).constraints, subname, newname);
  else moveRelation(world, renameType, key, named(key));
};

/** Records a move into another schema. */
export const setSchema = (world: World, statement: AlterObjectSchemaStmt): void => {
  const { objectType, relation, object, newschema = '' } = statement;
  if (isType(objectType)) {
    const key = keyOfParts(object && 'List' in object ? strings(object.List.items) : []);
    moveType(world, key, `${newschema}.${leafOf(key)}`);
  } else {
    const key = relationKey(relation);
    moveRelation(world, objectType, key, `${newschema}.${leafOf(key)}`);
  }
};
