import type { Node, RangeVar, SelectStmt } from 'libpg-query';
import { relationKey, strings } from './ast.ts';
import type { World } from './world.ts';

type Known = Pick<World, 'tables' | 'views'>;
type Named = ReadonlyMap<string, readonly string[] | undefined>;

/**
 * PostgreSQL's name for a column of a query, and whether a cast or a CASE around it keeps the name.
 */
const figured = (node: Node | undefined): { name: string; strong: boolean } => {
  const strong = (name: string) => ({ name, strong: true });
  const nothing = { name: '?column?', strong: false };
  if (!node) return nothing;
  if ('ColumnRef' in node) return strong(strings(node.ColumnRef.fields).at(-1) ?? '');
  if ('FuncCall' in node) return strong(strings(node.FuncCall.funcname).at(-1) ?? '');
  if ('TypeCast' in node) {
    const inner = figured(node.TypeCast.arg);
    if (inner.strong) return inner;
    return { name: strings(node.TypeCast.typeName?.names).at(-1) ?? '', strong: false };
  }
  if ('CaseExpr' in node) {
    const inner = figured(node.CaseExpr.defresult);
    return inner.strong ? inner : { name: 'case', strong: false };
  }
  if ('CollateClause' in node) return figured(node.CollateClause.arg);
  if ('CoalesceExpr' in node) return strong('coalesce');
  if ('MinMaxExpr' in node) return strong(node.MinMaxExpr.op === 'IS_LEAST' ? 'least' : 'greatest');
  if ('A_ArrayExpr' in node) return strong('array');
  if ('RowExpr' in node) return strong('row');
  if ('A_Expr' in node && node.A_Expr.kind === 'AEXPR_NULLIF') return strong('nullif');
  if ('SubLink' in node) {
    const { subLinkType, subselect } = node.SubLink;
    if (subLinkType === 'EXISTS_SUBLINK') return strong('exists');
    if (subLinkType === 'ARRAY_SUBLINK') return strong('array');
    const [target] =
      subselect && 'SelectStmt' in subselect ? (subselect.SelectStmt.targetList ?? []) : [];
    if (!target || !('ResTarget' in target)) return nothing;
    return target.ResTarget.name === undefined
      ? figured(target.ResTarget.val)
      : strong(target.ResTarget.name);
  }
  return nothing;
};

const columnsOfRelation = (
  { tables, views }: Known,
  relation: RangeVar,
  named: Named,
): readonly string[] | undefined => {
  if (relation.schemaname === undefined && named.has(relation.relname ?? ''))
    return named.get(relation.relname ?? '');
  const key = relationKey(relation);
  const table = tables.get(key);
  return table && table.columns.size > 0 ? [...table.columns.keys()] : views.get(key)?.columns;
};

/** Each source of a FROM with its columns, or undefined if they are unknown. */
const sourcesOf = (
  known: Known,
  nodes: readonly Node[],
  named: Named,
): [name: string, columns: readonly string[] | undefined][] =>
  nodes.flatMap((node) => {
    if ('RangeVar' in node) {
      const { alias, relname = '' } = node.RangeVar;
      const columns = columnsOfRelation(known, node.RangeVar, named);
      return [[alias?.aliasname ?? relname, renamed(columns, alias?.colnames)]];
    }
    if ('RangeSubselect' in node) {
      const { alias, subquery } = node.RangeSubselect;
      return [[alias?.aliasname ?? '', queryColumns(known, subquery, alias?.colnames, named)]];
    }
    if ('JoinExpr' in node) {
      const { larg, rarg, usingClause, isNatural, alias } = node.JoinExpr;
      const sides = [larg, rarg].flatMap((side) => (side ? [side] : []));
      const sources = sourcesOf(known, sides, named);
      // Merged columns come first, and once; the alias of a join hides both sides.
      return usingClause || isNatural || alias ? [['', undefined], ...sources] : sources;
    }
    return [['', undefined]];
  });

const renamed = (
  columns: readonly string[] | undefined,
  aliases: readonly Node[] | undefined,
): string[] | undefined => {
  const names = strings(aliases);
  return columns?.map((column, index) => names[index] ?? column);
};

const columnsOfSelect = (
  known: Known,
  { targetList = [], fromClause = [] }: SelectStmt,
  named: Named,
): string[] | undefined => {
  const columns: string[] = [];
  for (const target of targetList) {
    if (!('ResTarget' in target)) return undefined;
    const { name, val } = target.ResTarget;
    const fields = val && 'ColumnRef' in val ? (val.ColumnRef.fields ?? []) : [];
    const last = fields.at(-1);
    if (name !== undefined) columns.push(name);
    else if (last && 'A_Star' in last) {
      const of = strings(fields).at(-1);
      for (const [source, found] of sourcesOf(known, fromClause, named)) {
        if (of !== undefined && source !== of) continue;
        if (!found) return undefined;
        columns.push(...found);
      }
    } else columns.push(figured(val).name);
  }
  return columns;
};

/**
 * The columns of a query, or undefined if its text does not show them.
 *
 * @param named the queries of WITH around it, by name
 */
export const queryColumns = (
  known: Known,
  query: Node | undefined,
  aliases?: readonly Node[],
  named: Named = new Map(),
): string[] | undefined => {
  if (!query || !('SelectStmt' in query)) return undefined;
  const select = query.SelectStmt;
  const withQueries = new Map(named);
  for (const node of select.withClause?.ctes ?? [])
    if ('CommonTableExpr' in node) {
      const { ctename = '', ctequery, aliascolnames } = node.CommonTableExpr;
      withQueries.set(ctename, queryColumns(known, ctequery, aliascolnames, withQueries));
    }
  const columns = select.larg
    ? queryColumns(known, { SelectStmt: select.larg }, undefined, withQueries)
    : columnsOfSelect(known, select, withQueries);
  return renamed(columns, aliases);
};
