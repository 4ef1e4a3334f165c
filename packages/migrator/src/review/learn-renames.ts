import type { RenameStmt } from 'libpg-query';
import { keyOfParts, relationKey, strings } from './ast.ts';
import type { World } from './world.ts';

/** Columns keep their type under its new name; the old name is free for another. */
const renameTypeTo = (world: World, old: string, newName: string): void => {
  const [schema = 'public', name = ''] = old.split('.');
  const named = (leaf: string) => (schema === 'public' ? leaf : `${schema}.${leaf}`);
  for (const table of world.tables.values())
    for (const [key, column] of table.columns)
      if (column.type.name === named(name))
        table.columns.set(key, { ...column, type: { ...column.type, name: named(newName) } });
  const values = world.enums.get(old);
  world.enums.delete(old);
  if (values) world.enums.set(`${schema}.${newName}`, values);
  if (world.created.delete(`type:${old}`)) world.created.add(`type:${schema}.${newName}`);
};

/** Takes in a new name. */
export const rename = (world: World, statement: RenameStmt): void => {
  const { renameType, relation, subname = '', newname = '', object } = statement;
  if (renameType === 'OBJECT_TYPE' || renameType === 'OBJECT_DOMAIN') {
    const parts = object && 'List' in object ? strings(object.List.items) : [];
    renameTypeTo(world, keyOfParts(parts), newname);
    return;
  }
  const key = relationKey(relation);
  if (renameType === 'OBJECT_TABLE') {
    const table = world.tables.get(key);
    world.tables.delete(key);
    if (table) world.tables.set(`${relation?.schemaname ?? 'public'}.${newname}`, table);
  } else if (renameType === 'OBJECT_COLUMN') {
    const table = world.table(key);
    const column = table.columns.get(subname);
    table.columns.delete(subname);
    if (column) table.columns.set(newname, column);
  } else if (renameType === 'OBJECT_TABCONSTRAINT') {
    const { constraints } = world.table(key);
    const constraint = constraints.get(subname);
    constraints.delete(subname);
    if (constraint) constraints.set(newname, constraint);
  }
};
