import type { DropStmt } from 'libpg-query';
import { keyOfParts, quote, strings } from '../ast.ts';
import type { Context, Rule } from '../context.ts';
import type { Remark } from '../finding.ts';
import { saferDropTable } from '../safer.ts';

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
    if (world.tables.get(key)?.isNew || parts.at(-2) === 'pg_temp') return [];
    const table = sqlOfParts(parts);
    const cascade = drop.behavior === 'DROP_CASCADE';
    const again = createdInFile.has(`table:${key}`);
    return [
      {
        rule: 'drop-table',
        level: 'data loss',
        message: `every row of ${table} is gone${cascade ? ', with the views and foreign keys that point at it (CASCADE)' : ''}${again ? '; the table recreated below is empty' : ''}; code that still uses it fails`,
        lock: { mode: 'ACCESS EXCLUSIVE', on: table, held: 'briefly' },
        breaksPreviousRelease: true,
        safer: saferDropTable(table, parts.at(-1) ?? ''),
      },
    ];
  });

interface DropRule {
  readonly rule: string;
  readonly kind: string;
  /** The loss, written after the object's name. */
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
    says: 'its counter is lost: a recreated one gives out used numbers again',
    level: 'danger',
  },
  OBJECT_EXTENSION: {
    rule: 'drop-extension',
    kind: 'extension',
    says: 'objects that use its types or functions fail',
    level: 'danger',
  },
  OBJECT_RULE: {
    rule: 'drop-rule',
    kind: 'rule',
    says: 'its actions no longer happen',
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
            : `${again ? 'it is recreated: a value that the new list lacks fails in the down migration, and' : 'code and columns that name the type fail, and'} casts of the previous release to ${sqlOfParts(parts)} may fail`,
          breaksPreviousRelease: true,
        };
      });
  const known = type && DROPS[type];
  if (!known) return [];
  return names.flatMap((parts) => {
    const key = `${known.kind}:${known.kind === 'extension' ? parts[0] : keyOfParts(parts)}`;
    if (world.created.has(key)) return [];
    // The same file replaces it, so it is missing only inside the transaction.
    if (createdInFile.has(key) && !cascade && known.kind !== 'sequence') return [];
    return [
      {
        rule: known.rule,
        level: cascade && known.kind === 'extension' ? ('data loss' as const) : known.level,
        message: `${sqlOfParts(parts)}: ${known.says}${cascade ? '; objects that depend on it are dropped unseen (CASCADE)' : ''}`,
        breaksPreviousRelease: true,
      },
    ];
  });
};

/** DROP of tables, views, types, functions, schemas and the rest; of indexes see `indexes.ts`. */
export const dropRules: Rule = ({ node }, context) => {
  if ('DropStmt' in node)
    return node.DropStmt.removeType === 'OBJECT_TABLE'
      ? dropTables(node.DropStmt, context)
      : dropOthers(node.DropStmt, context);
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
  return [];
};
