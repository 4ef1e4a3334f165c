import type { AlterTableCmd, DropStmt, RangeVar } from 'libpg-query';
import { keyOfParts, quote, relationSql, strings } from '../ast.ts';
import type { Context, Rule } from '../context.ts';
import type { Remark } from '../finding.ts';
import { saferCopy, saferDropTable, saferTableRename } from '../safer.ts';

const partsOf = (drop: DropStmt): string[][] =>
  (drop.objects ?? []).flatMap((object) => {
    if ('List' in object) return [strings(object.List.items)];
    if ('TypeName' in object) return [strings(object.TypeName.names)];
    if ('ObjectWithArgs' in object) return [strings(object.ObjectWithArgs.objname)];
    if ('String' in object) return [[object.String.sval ?? '']];
    return [];
  });

const sqlOfParts = (parts: readonly string[]): string => parts.map(quote).join('.');

const dropTables = (drop: DropStmt, { world, createdInFile }: Context): Remark[] =>
  partsOf(drop).flatMap((parts) => {
    const key = keyOfParts(parts);
    if (world.tables.get(key)?.isNew) return [];
    const table = sqlOfParts(parts);
    const cascade = drop.behavior === 'DROP_CASCADE';
    const again = createdInFile.has(`table:${key}`);
    return [
      {
        rule: 'drop-table',
        level: 'data loss',
        message: `every row of ${table} is gone${cascade ? ', with the views and foreign keys that point at it (CASCADE)' : ''}${again ? '; the table made anew below is empty' : ''}; code that still uses it fails`,
        lock: { mode: 'ACCESS EXCLUSIVE', on: table, held: 'briefly' },
        breaksPreviousRelease: true,
        safer: saferDropTable(table, parts.at(-1) ?? ''),
      },
    ];
  });

interface DropRule {
  readonly rule: string;
  readonly kind: string;
  /** What is lost, after the object's name. */
  readonly says: string;
  readonly level: 'caution' | 'danger' | 'data loss';
}

const DROPS: Partial<Record<NonNullable<DropStmt['removeType']>, DropRule>> = {
  OBJECT_VIEW: {
    rule: 'drop-view',
    kind: 'view',
    says: 'code that reads it fails',
    level: 'danger',
  },
  OBJECT_MATVIEW: {
    rule: 'drop-view',
    kind: 'view',
    says: 'code that reads it fails, and its rows must be computed again',
    level: 'danger',
  },
  OBJECT_FUNCTION: {
    rule: 'drop-function',
    kind: 'function',
    says: 'code, triggers and policies that call it fail',
    level: 'danger',
  },
  OBJECT_PROCEDURE: {
    rule: 'drop-function',
    kind: 'function',
    says: 'code that calls it fails',
    level: 'danger',
  },
  OBJECT_ROUTINE: {
    rule: 'drop-function',
    kind: 'function',
    says: 'code that calls it fails',
    level: 'danger',
  },
  OBJECT_AGGREGATE: {
    rule: 'drop-function',
    kind: 'function',
    says: 'code that calls it fails',
    level: 'danger',
  },
  OBJECT_SEQUENCE: {
    rule: 'drop-sequence',
    kind: 'sequence',
    says: 'its counter is lost: one made anew gives out used numbers again',
    level: 'danger',
  },
  OBJECT_EXTENSION: {
    rule: 'drop-extension',
    kind: 'extension',
    says: 'whatever uses its types or functions fails',
    level: 'danger',
  },
  OBJECT_RULE: {
    rule: 'drop-rule',
    kind: 'rule',
    says: 'what it did is no longer done',
    level: 'danger',
  },
  OBJECT_PUBLICATION: {
    rule: 'drop-replication',
    kind: 'publication',
    says: 'its subscribers stop receiving changes',
    level: 'danger',
  },
  OBJECT_FOREIGN_SERVER: {
    rule: 'drop-foreign-server',
    kind: 'server',
    says: 'its foreign tables fail',
    level: 'danger',
  },
  OBJECT_FOREIGN_TABLE: {
    rule: 'drop-view',
    kind: 'foreign table',
    says: 'code that reads it fails',
    level: 'danger',
  },
};

const dropOthers = (drop: DropStmt, { world, createdInFile }: Context): Remark[] => {
  const cascade = drop.behavior === 'DROP_CASCADE';
  const names = partsOf(drop);
  const type = drop.removeType;
  if (type === 'OBJECT_SCHEMA')
    return names
      .filter(([name]) => !world.created.has(`schema:${name}`))
      .map(([name = '']) => ({
        rule: 'drop-schema',
        level: cascade ? 'data loss' : 'danger',
        message: cascade
          ? `every table of ${quote(name)} is gone with its rows`
          : `code that names ${quote(name)} fails`,
        breaksPreviousRelease: true,
      }));
  if (type === 'OBJECT_TYPE' || type === 'OBJECT_DOMAIN')
    return names
      .filter((parts) => !world.created.has(`type:${keyOfParts(parts)}`))
      .map((parts) => {
        const again = createdInFile.has(`type:${keyOfParts(parts)}`);
        return {
          rule: 'drop-type',
          level: cascade ? 'data loss' : again ? 'caution' : 'danger',
          message: cascade
            ? `every column of type ${sqlOfParts(parts)} is dropped with its values (CASCADE)`
            : `${again ? 'it is made anew: a value that the new list lacks fails on the way back, and' : 'code and columns that name the type fail, and'} casts of the previous release to ${sqlOfParts(parts)} may fail`,
          breaksPreviousRelease: true,
        };
      });
  const known = type && DROPS[type];
  if (!known) return [];
  return names.flatMap((parts) => {
    const key = `${known.kind}:${known.kind === 'extension' ? parts[0] : keyOfParts(parts)}`;
    if (world.created.has(key)) return [];
    // Replaced by the same file: gone only inside the transaction.
    if (createdInFile.has(key) && !cascade && known.kind !== 'sequence') return [];
    return [
      {
        rule: known.rule,
        level: cascade && known.kind === 'extension' ? ('data loss' as const) : known.level,
        message: `${sqlOfParts(parts)}: ${known.says}${cascade ? '; what depends on it is dropped unseen (CASCADE)' : ''}`,
        breaksPreviousRelease: true,
      },
    ];
  });
};

const rewritten = (table: string, message: string): Remark => ({
  rule: 'rewrite-table',
  level: 'danger',
  message,
  lock: { mode: 'ACCESS EXCLUSIVE', on: table, held: 'while the table is rewritten' },
  breaksPreviousRelease: false,
});

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
      if (!child || world.isNewTable(child.name)) return [];
      return [
        {
          rule: 'attach-partition',
          level: 'danger',
          message: `${relationSql(child.name)} is scanned while nobody can read it, unless a validated CHECK already says what the partition's bounds say: add that CHECK first`,
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

/** Tables, views, types and schemas: dropped, renamed, moved, rewritten, emptied. */
export const tableRules: Rule = ({ node }, context) => {
  const { world } = context;
  if ('DropStmt' in node)
    return node.DropStmt.removeType === 'OBJECT_TABLE'
      ? dropTables(node.DropStmt, context)
      : dropOthers(node.DropStmt, context);
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
  if ('DropdbStmt' in node || 'DropOwnedStmt' in node)
    return [
      {
        rule: 'drop-schema',
        level: 'data loss',
        message:
          'DropdbStmt' in node
            ? `the whole database ${node.DropdbStmt.dbname} is gone`
            : 'everything the role owns here is gone',
        breaksPreviousRelease: true,
      },
    ];
  if ('AlterTableStmt' in node) {
    const { relation, cmds = [] } = node.AlterTableStmt;
    if (!relation || world.isNewTable(relation)) return [];
    return cmds.flatMap((entry) =>
      'AlterTableCmd' in entry ? tableCommand(entry.AlterTableCmd, relation, context) : [],
    );
  }
  return [];
};
