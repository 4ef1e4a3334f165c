import type { DropStmt, Node } from 'libpg-query';
import { keyOfParts, quote, relationKey, relationSql, strings } from '../ast.ts';
import type { Context, Rule } from '../context.ts';
import type { Lock, Remark } from '../finding.ts';
import { indexKey } from '../known.ts';
import { saferIndex } from '../safer.ts';
import type { Action } from '../statements.ts';

const impossible = (what: string): Remark => ({
  rule: 'concurrently-in-transaction',
  level: 'danger',
  message: `${what} fails in a transaction: start the file with "-- migrator: no-transaction"`,
  breaksPreviousRelease: false,
});

const hasOption = (params: readonly unknown[] | undefined, name: string): boolean =>
  JSON.stringify(params ?? []).includes(`"defname":"${name}"`);

const UNIQUE_BY_NAME = /unique|(^|_)(uniq|uq|uk)(_|\d*$)|_key\d*$/i;

const dropIndexes = (
  drop: DropStmt,
  within: Action['within'],
  {
    world,
    noTransaction,
    createdInFile,
  }: Pick<Context, 'world' | 'noTransaction' | 'createdInFile'>,
): Remark[] => {
  const concurrent = drop.concurrent === true;
  const remarks: Remark[] =
    concurrent && (!noTransaction || within === 'block')
      ? [impossible('DROP INDEX CONCURRENTLY')]
      : [];
  for (const object of drop.objects ?? []) {
    const parts = 'List' in object ? strings(object.List.items) : [];
    const name = parts.at(-1) ?? '';
    const known = world.indexes.get(keyOfParts(parts));
    if (known?.isNew) continue;
    const lock: Lock = {
      mode: concurrent ? 'SHARE UPDATE EXCLUSIVE' : 'ACCESS EXCLUSIVE',
      on: `the table of ${quote(name)}`,
      held: 'briefly',
    };
    if (known ? known.unique : UNIQUE_BY_NAME.test(name))
      remarks.push({
        rule: 'drop-unique',
        level: 'danger',
        message: `nothing stops duplicates any more, and ON CONFLICT that relies on ${quote(name)} fails${createdInFile.has(`index:${name}`) ? ' until it is built again' : ''}`,
        lock,
        breaksPreviousRelease: true,
      });
    else if (!concurrent)
      remarks.push({
        rule: 'drop-index-blocking',
        level: 'danger',
        message: `all reads and writes of its table wait for this lock, and queries that ${quote(name)} served scan the table`,
        lock,
        breaksPreviousRelease: false,
        safer: `-- A file of its own that starts with: -- migrator: no-transaction
DROP INDEX CONCURRENTLY IF EXISTS ${parts.map(quote).join('.')};`,
      });
  }
  return remarks;
};

/** The tables that a statement rewrites; an empty list for all, undefined for none. */
const copiedTables = (node: Node): string[] | undefined => {
  if ('ClusterStmt' in node)
    return node.ClusterStmt.relation ? [relationSql(node.ClusterStmt.relation)] : [];
  if (!('VacuumStmt' in node) || !hasOption(node.VacuumStmt.options, 'full')) return undefined;
  return (node.VacuumStmt.rels ?? []).flatMap((entry) =>
    'VacuumRelation' in entry ? [relationSql(entry.VacuumRelation.relation)] : [],
  );
};

const WHOLE = new Set([
  'REINDEX_OBJECT_SCHEMA',
  'REINDEX_OBJECT_SYSTEM',
  'REINDEX_OBJECT_DATABASE',
]);

/** CREATE, DROP and REINDEX, and the commands that rewrite a table. */
export const indexRules: Rule = (
  { node, text, within },
  { world, noTransaction, createdInFile },
) => {
  if ('IndexStmt' in node) {
    const { relation, concurrent, unique, idxname } = node.IndexStmt;
    if (concurrent) {
      if (!noTransaction || within === 'block') return [impossible('CREATE INDEX CONCURRENTLY')];
      return [];
    }
    if (!relation || world.isNewTable(relation)) return [];
    // It exists already, so nothing is built.
    if (node.IndexStmt.if_not_exists && idxname && world.indexes.has(indexKey(relation, idxname)))
      return [];
    // ON ONLY a partitioned table builds nothing; the partitions' indexes are attached later.
    if (relation.inh !== true && world.tables.get(relationKey(relation))?.partitioned) return [];
    const table = relationSql(relation);
    return [
      {
        rule: 'create-index-blocking',
        level: 'danger',
        message: `writes to ${table} wait until the index${idxname ? ` ${quote(idxname)}` : ''} is built${unique ? '; one duplicate and it fails' : ''}`,
        lock: { mode: 'SHARE', on: table, held: 'while the index is built' },
        breaksPreviousRelease: false,
        safer: saferIndex(text),
      },
    ];
  }
  if ('DropStmt' in node && node.DropStmt.removeType === 'OBJECT_INDEX')
    return dropIndexes(node.DropStmt, within, { world, noTransaction, createdInFile });
  if ('ReindexStmt' in node) {
    const concurrent = hasOption(node.ReindexStmt.params, 'concurrently');
    if (concurrent) return noTransaction ? [] : [impossible('REINDEX CONCURRENTLY')];
    const name = node.ReindexStmt.relation ? relationSql(node.ReindexStmt.relation) : '';
    const whole = WHOLE.has(node.ReindexStmt.kind ?? '');
    return [
      ...(whole && !noTransaction ? [impossible('REINDEX of more than one table')] : []),
      {
        rule: 'reindex-blocking',
        level: 'danger',
        message: `writes${name ? ` to the table of ${name}` : ''} wait until the index is rebuilt, and reads that use it too`,
        breaksPreviousRelease: false,
        ...(name && !whole
          ? {
              safer: `-- A file of its own that starts with: -- migrator: no-transaction
REINDEX ${node.ReindexStmt.kind === 'REINDEX_OBJECT_TABLE' ? 'TABLE' : 'INDEX'} CONCURRENTLY ${name};`,
            }
          : {}),
      },
    ];
  }
  const copied = copiedTables(node);
  if (copied) {
    const what = copied.join(' and ') || 'every table that it finds';
    const remarks: Remark[] = [
      {
        rule: 'rewrite-table',
        level: 'danger',
        message: `${what} ${copied.length > 1 ? 'are' : 'is'} copied as a whole while nobody can read ${copied.length > 1 ? 'them' : 'it'}`,
        lock: { mode: 'ACCESS EXCLUSIVE', on: what, held: 'while the table is rewritten' },
        breaksPreviousRelease: false,
      },
    ];
    if ('ClusterStmt' in node && node.ClusterStmt.relation) return remarks;
    return noTransaction
      ? remarks
      : [...remarks, impossible('VacuumStmt' in node ? 'VACUUM' : 'CLUSTER of all tables')];
  }
  if ('VacuumStmt' in node && node.VacuumStmt.is_vacuumcmd && !noTransaction)
    return [impossible('VACUUM')];
  if ('RefreshMatViewStmt' in node && !node.RefreshMatViewStmt.concurrent) {
    const view = relationSql(node.RefreshMatViewStmt.relation);
    if (
      createdInFile.has(
        `view:${node.RefreshMatViewStmt.relation?.schemaname ?? 'public'}.${node.RefreshMatViewStmt.relation?.relname}`,
      )
    )
      return [];
    return [
      {
        rule: 'refresh-blocking',
        level: 'danger',
        message: `reads of ${view} wait until it is refreshed; CONCURRENTLY lets them go on (it needs a unique index)`,
        lock: { mode: 'ACCESS EXCLUSIVE', on: view, held: 'until commit' },
        breaksPreviousRelease: false,
      },
    ];
  }
  if ('LockStmt' in node && (node.LockStmt.mode ?? 8) >= 4)
    return (node.LockStmt.relations ?? []).flatMap((entry) =>
      'RangeVar' in entry && !world.isNewTable(entry.RangeVar)
        ? [
            {
              rule: 'lock-table',
              level: 'danger' as const,
              message: `${relationSql(entry.RangeVar)} is locked until the whole file is done`,
              lock: {
                mode:
                  (node.LockStmt.mode ?? 8) >= 8
                    ? ('ACCESS EXCLUSIVE' as const)
                    : ('SHARE' as const),
                on: relationSql(entry.RangeVar),
                held: 'until commit' as const,
              },
              breaksPreviousRelease: false,
            },
          ]
        : [],
    );
  return [];
};
