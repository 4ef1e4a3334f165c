import type { Node } from 'libpg-query';
import type { Session } from '../run/session.ts';
import { quote, relationSql, strings } from './ast.ts';
import { loadParser, readStatements } from './statements.ts';

/** A loss by a script: a table's rows, or a column's values. */
export interface Loss {
  readonly table: string;
  readonly column?: string;
  /** Whether the database holds something there now. */
  readonly what: string;
}

const lossesOfNode = (node: Node): { table: string; column?: string }[] => {
  if ('DropStmt' in node && node.DropStmt.removeType === 'OBJECT_TABLE')
    return (node.DropStmt.objects ?? []).flatMap((object) =>
      'List' in object ? [{ table: strings(object.List.items).map(quote).join('.') }] : [],
    );
  if ('TruncateStmt' in node)
    return (node.TruncateStmt.relations ?? []).flatMap((entry) =>
      'RangeVar' in entry ? [{ table: relationSql(entry.RangeVar) }] : [],
    );
  if ('DeleteStmt' in node) return [{ table: relationSql(node.DeleteStmt.relation) }];
  if ('AlterTableStmt' in node) {
    const table = relationSql(node.AlterTableStmt.relation);
    return (node.AlterTableStmt.cmds ?? []).flatMap((entry) =>
      'AlterTableCmd' in entry && entry.AlterTableCmd.subtype === 'AT_DropColumn'
        ? [{ table, column: quote(entry.AlterTableCmd.name ?? '') }]
        : [],
    );
  }
  return [];
};

const holdsSomething = async (
  session: Session,
  { table, column }: { table: string; column?: string },
): Promise<boolean> => {
  const [exists] = await session.rows<{ exists: boolean }>(
    'select to_regclass($1) is not null as exists',
    [table],
  );
  if (!exists?.exists) return false;
  const condition = column ? ` where ${column} is not null` : '';
  const [row] = await session
    .rows<{ held: boolean }>(`select exists (select 1 from ${table}${condition}) as held`)
    // A column that an earlier script of the same rollback has dropped.
    .catch(() => [{ held: false }]);
  return row?.held ?? false;
};

/**
 * The data that a script would destroy in the database now. Empty tables and columns do not count.
 */
export const lossesOf = async (session: Session, sql: string): Promise<Loss[]> => {
  await loadParser();
  const losses: Loss[] = [];
  for (const { node, within } of readStatements(sql).actions) {
    if (within === 'stored') continue;
    for (const loss of lossesOfNode(node))
      if (await holdsSomething(session, loss))
        losses.push({
          ...loss,
          what: loss.column
            ? `the values of ${loss.table}.${loss.column}`
            : `rows of ${loss.table}`,
        });
  }
  return losses;
};
