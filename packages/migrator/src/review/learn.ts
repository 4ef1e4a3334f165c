import type { Node } from 'libpg-query';
import { keyOfParts, relationKey, strings } from './ast.ts';
import { createdKeys } from './created.ts';
import { learnDistribution } from './distribution.ts';
import { emptyTable, indexKey } from './known.ts';
import { rename, setSchema } from './learn-renames.ts';
import { alterTable, createTable } from './learn-tables.ts';
import { queryColumns } from './query-columns.ts';
import type { World } from './world.ts';

const learnView = (world: World, key: string, columns: string[] | undefined): void => {
  if (columns) world.views.set(key, { columns, isNew: !world.views.has(key) });
  else world.views.delete(key);
};

const forgetTable = (world: World, key: string): void => {
  world.tables.delete(key);
  for (const [name, { table }] of world.indexes) if (table === key) world.indexes.delete(name);
};

/** Records the effect of a statement. */
export const learn = (world: World, node: Node): void => {
  learnDistribution(node, world.distributions);
  if ('CreateDomainStmt' in node) {
    const constrained = (node.CreateDomainStmt.constraints ?? []).some(
      (entry) =>
        'Constraint' in entry &&
        ['CONSTR_CHECK', 'CONSTR_NOTNULL'].includes(entry.Constraint.contype ?? ''),
    );
    const base = keyOfParts(strings(node.CreateDomainStmt.typeName?.names));
    if (constrained || world.constrainedDomains.has(base))
      world.constrainedDomains.add(keyOfParts(strings(node.CreateDomainStmt.domainname)));
  } else if ('AlterDomainStmt' in node && 'CO'.includes(node.AlterDomainStmt.subtype ?? '-'))
    world.constrainedDomains.add(keyOfParts(strings(node.AlterDomainStmt.typeName)));
  else if ('ViewStmt' in node)
    learnView(
      world,
      relationKey(node.ViewStmt.view),
      queryColumns(world, node.ViewStmt.query, node.ViewStmt.aliases),
    );
  else if ('CreateTableAsStmt' in node && node.CreateTableAsStmt.objtype === 'OBJECT_MATVIEW')
    learnView(
      world,
      relationKey(node.CreateTableAsStmt.into?.rel),
      queryColumns(world, node.CreateTableAsStmt.query, node.CreateTableAsStmt.into?.colNames),
    );
  if ('CreateStmt' in node) createTable(world, node.CreateStmt);
  else if ('CreateTableAsStmt' in node) {
    const relation = node.CreateTableAsStmt.into?.rel;
    world.tables.set(relationKey(relation), emptyTable(true));
  } else if ('SelectStmt' in node && node.SelectStmt.intoClause?.rel)
    world.tables.set(relationKey(node.SelectStmt.intoClause.rel), emptyTable(true));
  else if ('AlterTableStmt' in node) {
    const key = relationKey(node.AlterTableStmt.relation);
    for (const command of node.AlterTableStmt.cmds ?? [])
      if ('AlterTableCmd' in command) alterTable(world, key, command.AlterTableCmd);
  } else if ('IndexStmt' in node) {
    const { idxname, relation, unique, indexParams } = node.IndexStmt;
    if (idxname)
      world.indexes.set(indexKey(relation, idxname), {
        table: relationKey(relation),
        unique: unique ?? false,
        columns: (indexParams ?? []).flatMap((part) =>
          'IndexElem' in part && part.IndexElem.name ? [part.IndexElem.name] : [],
        ),
        isNew: true,
      });
  } else if ('CreateEnumStmt' in node) {
    const key = keyOfParts(strings(node.CreateEnumStmt.typeName));
    world.enums.set(key, new Set(strings(node.CreateEnumStmt.vals)));
    world.created.add(`type:${key}`);
  } else if ('AlterEnumStmt' in node) {
    const key = keyOfParts(strings(node.AlterEnumStmt.typeName));
    const { newVal, oldVal } = node.AlterEnumStmt;
    if (newVal) world.enums.get(key)?.add(newVal);
    if (newVal && !oldVal && !world.created.has(`type:${key}`))
      world.freshValues.add(`${key}:${newVal}`);
  } else if ('DropStmt' in node && node.DropStmt.removeType === 'OBJECT_TABLE') {
    for (const object of node.DropStmt.objects ?? [])
      if ('List' in object) forgetTable(world, keyOfParts(strings(object.List.items)));
  } else if ('DropStmt' in node && node.DropStmt.removeType === 'OBJECT_INDEX') {
    for (const object of node.DropStmt.objects ?? [])
      if ('List' in object) world.indexes.delete(keyOfParts(strings(object.List.items)));
  } else if ('DropStmt' in node && node.DropStmt.removeType === 'OBJECT_TRIGGER') {
    for (const object of node.DropStmt.objects ?? []) {
      const parts = 'List' in object ? strings(object.List.items) : [];
      world.droppedTriggers.add(`${keyOfParts(parts.slice(0, -1))}.${parts.at(-1)}`);
    }
  } else if ('RenameStmt' in node) rename(world, node.RenameStmt);
  else if ('AlterObjectSchemaStmt' in node) setSchema(world, node.AlterObjectSchemaStmt);
  else for (const key of createdKeys(node)) world.created.add(key);
};
