import type { Node } from 'libpg-query';
import { relationKey, strings } from './ast.ts';
import type { KnownTable } from './known.ts';

/** The columns of a query, or undefined where they cannot be told from its text. */
export const queryColumns = (
  tables: ReadonlyMap<string, KnownTable>,
  query: Node | undefined,
  aliases?: readonly Node[],
): string[] | undefined => {
  const named = strings(aliases);
  if (!query || !('SelectStmt' in query)) return undefined;
  const { targetList = [], fromClause = [], larg } = query.SelectStmt;
  if (larg) return queryColumns(tables, { SelectStmt: larg }, aliases);
  const columns: string[] = [];
  for (const target of targetList) {
    if (!('ResTarget' in target)) return undefined;
    const { name, val } = target.ResTarget;
    if (name !== undefined) columns.push(name);
    else if (val && 'ColumnRef' in val) {
      const last = val.ColumnRef.fields?.at(-1);
      if (last && 'A_Star' in last) {
        const [only] = fromClause;
        const table =
          only && 'RangeVar' in only && fromClause.length === 1
            ? tables.get(relationKey(only.RangeVar))
            : undefined;
        if (!table || table.columns.size === 0) return undefined;
        columns.push(...table.columns.keys());
      } else columns.push(strings(val.ColumnRef.fields).at(-1) ?? '');
    } else if (val && 'FuncCall' in val) columns.push(strings(val.FuncCall.funcname).at(-1) ?? '');
    else return undefined;
  }
  return columns.map((column, index) => named[index] ?? column);
};
