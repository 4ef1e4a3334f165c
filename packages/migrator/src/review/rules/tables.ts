import type { AlterTableCmd, CreateStmt, Node, RangeVar } from 'libpg-query';
import { keyOfParts, quote, relationKey, relationSql, strings } from '../ast.ts';
import type { Context, Rule } from '../context.ts';
import type { Remark } from '../finding.ts';
import { queryColumns } from '../query-columns.ts';
import { saferCopy, saferTableRename } from '../safer.ts';
import type { World } from '../world.ts';

const rewritten = (table: string, message: string): Remark => ({
  rule: 'rewrite-table',
  level: 'danger',
  message,
  lock: { mode: 'ACCESS EXCLUSIVE', on: table, held: 'while the table is rewritten' },
  breaksPreviousRelease: false,
});

/** Attaching a partition scans the default partition for rows that belong in the new one. */
const defaultPartition = (parent: RangeVar | undefined, world: World): Remark[] => {
  const key = world.defaultPartitions.get(relationKey(parent));
  if (key === undefined || world.tables.get(key)?.isNew) return [];
  const table = key
    .replace(/^public\./, '')
    .split('.')
    .map(quote)
    .join('.');
  return [
    {
      rule: 'scan-default-partition',
      level: 'danger',
      message: `${table}, the default partition of ${relationSql(parent)}, is scanned while nobody can read it; a row in it that belongs to the new partition makes this fail: move such rows first, and add a CHECK that excludes the new bounds, validated before`,
      lock: { mode: 'ACCESS EXCLUSIVE', on: table, held: 'while the table is scanned' },
      breaksPreviousRelease: false,
    },
  ];
};

const createPartition = (statement: CreateStmt, world: World): Remark[] => {
  const [parent] = statement.inhRelations ?? [];
  if (!statement.partbound || !parent || !('RangeVar' in parent)) return [];
  if (world.isNewTable(parent.RangeVar)) return [];
  const table = relationSql(parent.RangeVar);
  return [
    ...defaultPartition(parent.RangeVar, world),
    {
      rule: 'create-partition',
      level: 'caution',
      message: `nobody can read ${table} until this transaction ends: CREATE TABLE … (LIKE ${table}), then ATTACH PARTITION, lets reads and writes go on`,
      lock: { mode: 'ACCESS EXCLUSIVE', on: table, held: 'until commit' },
      breaksPreviousRelease: false,
    },
  ];
};

/** A view that is recreated without one of its columns. */
const lostViewColumns = (node: Node, world: World): Remark[] => {
  const made =
    'ViewStmt' in node
      ? { relation: node.ViewStmt.view, query: node.ViewStmt.query, names: node.ViewStmt.aliases }
      : 'CreateTableAsStmt' in node && node.CreateTableAsStmt.objtype === 'OBJECT_MATVIEW'
        ? {
            relation: node.CreateTableAsStmt.into?.rel,
            query: node.CreateTableAsStmt.query,
            names: node.CreateTableAsStmt.into?.colNames,
          }
        : undefined;
  if (!made) return [];
  const old = world.views.get(relationKey(made.relation));
  const columns = queryColumns(world, made.query, made.names);
  if (!old || old.isNew || !columns) return [];
  const lost = old.columns.filter((column) => !columns.includes(column));
  if (lost.length === 0) return [];
  return [
    {
      rule: 'view-loses-column',
      level: 'danger',
      message: `${relationSql(made.relation)} no longer has ${lost.map(quote).join(', ')}: code that reads it fails`,
      breaksPreviousRelease: true,
    },
  ];
};

const tableCommand = (command: AlterTableCmd, relation: RangeVar, { world }: Context): Remark[] => {
  const table = relationSql(relation);
  switch (command.subtype) {
    case 'AT_SetLogged':
    case 'AT_SetTableSpace':
    case 'AT_SetAccessMethod':
      return [rewritten(table, `${table} is copied as a whole while nobody can read it`)];
    case 'AT_SetUnLogged':
      return [
        {
          ...rewritten(table, `after a crash ${table} is empty, and replicas never have it`),
          level: 'data loss',
        },
      ];
    case 'AT_AttachPartition': {
      const child = command.def && 'PartitionCmd' in command.def ? command.def.PartitionCmd : null;
      if (!child) return [];
      const scanned = defaultPartition(relation, world);
      if (world.isNewTable(child.name)) return scanned;
      return [
        ...scanned,
        {
          rule: 'attach-partition',
          level: 'danger',
          message: `${relationSql(child.name)} is scanned while nobody can read it, unless a validated CHECK already implies the partition's bounds: add that CHECK first`,
          lock: {
            mode: 'ACCESS EXCLUSIVE',
            on: relationSql(child.name),
            held: 'while the table is scanned',
          },
          breaksPreviousRelease: false,
        },
      ];
    }
    case 'AT_DetachPartition': {
      const child = command.def && 'PartitionCmd' in command.def ? command.def.PartitionCmd : null;
      return [
        {
          rule: 'detach-partition',
          level: 'danger',
          message: `the rows of ${relationSql(child?.name)} are gone from ${table} for everyone who reads it${child?.concurrent ? '' : ', and all reads wait meanwhile (CONCURRENTLY lets them go on)'}`,
          lock: {
            mode: child?.concurrent ? 'SHARE UPDATE EXCLUSIVE' : 'ACCESS EXCLUSIVE',
            on: table,
            held: 'briefly',
          },
          breaksPreviousRelease: true,
        },
      ];
    }
    case 'AT_AddInherit':
    case 'AT_DropInherit':
      return [
        {
          rule: 'change-inheritance',
          level: 'caution',
          message: `queries on the parent see other rows than before`,
          lock: { mode: 'ACCESS EXCLUSIVE', on: table, held: 'briefly' },
          breaksPreviousRelease: true,
        },
      ];
    default:
      return [];
  }
};

const RENAMED: Record<string, string> = {
  OBJECT_VIEW: 'view',
  OBJECT_MATVIEW: 'materialized view',
  OBJECT_TYPE: 'type',
  OBJECT_DOMAIN: 'domain',
  OBJECT_SCHEMA: 'schema',
  OBJECT_FUNCTION: 'function',
  OBJECT_PROCEDURE: 'procedure',
  OBJECT_ROLE: 'role',
  OBJECT_DATABASE: 'database',
  OBJECT_SEQUENCE: 'sequence',
  OBJECT_FOREIGN_TABLE: 'foreign table',
};

/** Tables, views, types and schemas: renamed, moved, rewritten, emptied. */
export const tableRules: Rule = ({ node }, context) => {
  const { world } = context;
  if ('CreateStmt' in node) return createPartition(node.CreateStmt, world);
  if ('ViewStmt' in node || 'CreateTableAsStmt' in node) return lostViewColumns(node, world);
  if ('TruncateStmt' in node)
    return (node.TruncateStmt.relations ?? []).flatMap((entry) => {
      if (!('RangeVar' in entry) || world.isNewTable(entry.RangeVar)) return [];
      const table = relationSql(entry.RangeVar);
      const cascade = node.TruncateStmt.behavior === 'DROP_CASCADE';
      return [
        {
          rule: 'truncate',
          level: 'data loss' as const,
          message: `every row of ${table} is gone${cascade ? ', and of every table that points at it (CASCADE)' : ''}`,
          lock: { mode: 'ACCESS EXCLUSIVE' as const, on: table, held: 'until commit' as const },
          breaksPreviousRelease: false,
          safer: saferCopy(table, `${entry.RangeVar.relname}_before_truncate`),
        },
      ];
    });
  if ('RenameStmt' in node) {
    const { renameType = 'OBJECT_TABLE', relation, newname = '', object } = node.RenameStmt;
    if (renameType === 'OBJECT_TABLE') {
      if (!relation || world.isNewTable(relation)) return [];
      const table = relationSql(relation);
      return [
        {
          rule: 'rename-table',
          level: 'danger',
          message: `code of the previous release asks for ${table}, which is gone, until the last instance is replaced`,
          lock: { mode: 'ACCESS EXCLUSIVE', on: table, held: 'briefly' },
          breaksPreviousRelease: true,
          safer: saferTableRename(table, newname, relation.relname ?? ''),
        },
      ];
    }
    const kind = RENAMED[renameType];
    if (!kind) return [];
    const old = object && 'List' in object ? keyOfParts(strings(object.List.items)) : '';
    if (world.created.has(`${kind}:${old}`)) return [];
    return [
      {
        rule: 'rename-object',
        level: 'danger',
        message: `code that names the ${kind} by its old name fails`,
        breaksPreviousRelease: true,
      },
    ];
  }
  if ('AlterObjectSchemaStmt' in node) {
    const { relation, newschema } = node.AlterObjectSchemaStmt;
    if (relation && world.isNewTable(relation)) return [];
    return [
      {
        rule: 'rename-object',
        level: 'danger',
        message: `code that looks for ${relation ? relationSql(relation) : 'it'} outside ${quote(newschema ?? '')} fails`,
        breaksPreviousRelease: true,
      },
    ];
  }
  if ('AlterTableStmt' in node) {
    const { relation, cmds = [] } = node.AlterTableStmt;
    if (!relation || world.isNewTable(relation)) return [];
    return cmds.flatMap((entry) =>
      'AlterTableCmd' in entry ? tableCommand(entry.AlterTableCmd, relation, context) : [],
    );
  }
  return [];
};
