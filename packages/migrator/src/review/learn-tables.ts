import type { AlterTableCmd, Constraint, CreateStmt } from 'libpg-query';
import { type ColumnFacts, columnFacts, relationKey } from './ast.ts';
import { inline, notNullCheck } from './column-constraint.ts';
import { CONSTRAINT_KINDS, constraintColumns, constraintName } from './constraint.ts';
import { emptyTable, type KnownColumn, type KnownTable } from './known.ts';
import type { World } from './world.ts';

const addColumn = (table: KnownTable, facts: ColumnFacts): void => {
  table.columns.set(facts.name, {
    type: facts.type,
    notNull: facts.notNull,
    hasDefault: facts.default !== undefined || facts.identity || facts.type.serial,
    isNew: true,
  });
};

const addConstraint = (world: World, key: string, constraint: Constraint): void => {
  const kind = CONSTRAINT_KINDS[constraint.contype ?? ''];
  if (!kind) return;
  const table = world.table(key);
  const column = kind === 'check' ? notNullCheck(constraint) : undefined;
  const columns = column ? [column] : constraintColumns(constraint);
  const name = constraintName(constraint, key.split('.').at(-1) ?? '');
  world.freshConstraints.add(`${key}.${name}`);
  table.constraints.set(name, {
    kind: column ? 'not null' : kind,
    columns,
    validated: constraint.skip_validation !== true,
    isNew: true,
    acts: ['c', 'n', 'd'].some(
      (action) => constraint.fk_del_action === action || constraint.fk_upd_action === action,
    ),
  });
  if (kind === 'primary key')
    for (const name of columns) {
      const known = table.columns.get(name);
      if (known) table.columns.set(name, { ...known, notNull: true });
    }
};

/** Records a new table. */
export const createTable = (world: World, statement: CreateStmt): void => {
  const key = relationKey(statement.relation);
  // IF NOT EXISTS of a known table changes nothing.
  if (statement.if_not_exists && world.tables.get(key)?.columns.size) return;
  world.tables.set(key, emptyTable(true, statement.partspec !== undefined));
  const [parent] = statement.inhRelations ?? [];
  if (statement.partbound?.is_default && parent && 'RangeVar' in parent)
    world.defaultPartitions.set(relationKey(parent.RangeVar), key);
  const table = world.table(key);
  for (const element of statement.tableElts ?? []) {
    if ('ColumnDef' in element) {
      const facts = columnFacts(element.ColumnDef);
      addColumn(table, facts);
      for (const node of element.ColumnDef.constraints ?? [])
        if ('Constraint' in node) addConstraint(world, key, inline(node.Constraint, facts.name));
    } else if ('Constraint' in element) addConstraint(world, key, element.Constraint);
  }
};

const changeColumn = (
  world: World,
  key: string,
  name: string,
  change: Partial<KnownColumn>,
): void => {
  const column = world.table(key).columns.get(name);
  if (column) world.table(key).columns.set(name, { ...column, ...change });
};

/** Records one command of an ALTER TABLE. */
export const alterTable = (world: World, key: string, command: AlterTableCmd): void => {
  const table = world.table(key);
  const { def } = command;
  const name = command.name ?? '';
  switch (command.subtype) {
    case 'AT_AddColumn':
      if (def && 'ColumnDef' in def) {
        const facts = columnFacts(def.ColumnDef);
        if (!(command.missing_ok && table.columns.has(facts.name))) addColumn(table, facts);
      }
      break;
    case 'AT_AttachPartition':
      if (def && 'PartitionCmd' in def && def.PartitionCmd.bound?.is_default)
        world.defaultPartitions.set(key, relationKey(def.PartitionCmd.name));
      break;
    case 'AT_DropColumn':
      table.columns.delete(name);
      for (const [index, { table: of, columns }] of world.indexes)
        if (of === key && columns.includes(name)) world.indexes.delete(index);
      break;
    case 'AT_AlterColumnType':
      if (def && 'ColumnDef' in def)
        changeColumn(world, key, name, { type: columnFacts(def.ColumnDef).type });
      break;
    case 'AT_SetNotNull':
      changeColumn(world, key, name, { notNull: true });
      break;
    case 'AT_DropNotNull':
      changeColumn(world, key, name, { notNull: false });
      break;
    case 'AT_ColumnDefault':
      changeColumn(world, key, name, { hasDefault: def !== undefined });
      break;
    case 'AT_AddConstraint':
      if (def && 'Constraint' in def) addConstraint(world, key, def.Constraint);
      break;
    case 'AT_DropConstraint':
      table.constraints.delete(name);
      break;
    case 'AT_ValidateConstraint': {
      const known = table.constraints.get(name);
      if (known) table.constraints.set(name, { ...known, validated: true });
      break;
    }
    default:
  }
};
