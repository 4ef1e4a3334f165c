import { isObject, listOf } from '../model/entity.ts';

/** A node of a plan from EXPLAIN (FORMAT JSON). */
export interface PlanNode {
  readonly type: string;
  readonly relation?: string | undefined;
  readonly alias?: string | undefined;
  readonly index?: string | undefined;
  readonly condition?: string | undefined;
  readonly filter?: string | undefined;
  readonly sortKey?: readonly string[] | undefined;
  readonly sortMethod?: string | undefined;
  readonly relationship?: string | undefined;
  readonly cost: number;
  readonly estimated: number;
  /** Time of one loop in milliseconds, with its children. */
  readonly time?: number | undefined;
  readonly rows?: number | undefined;
  readonly loops: number;
  readonly removed: number;
  readonly buffers?: number | undefined;
  readonly children: readonly PlanNode[];
}

export interface Plan {
  readonly root: PlanNode;
  readonly executionTime?: number | undefined;
  /** The statement, if auto_explain reported the plan. */
  readonly query?: string | undefined;
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;
const number = (value: unknown): number | undefined =>
  typeof value === 'number' ? value : undefined;

const nodeOf = (raw: Record<PropertyKey, unknown>): PlanNode => {
  const hits = number(raw['Shared Hit Blocks']);
  const reads = number(raw['Shared Read Blocks']);
  return {
    type: text(raw['Node Type']) ?? 'Unknown',
    relation: text(raw['Relation Name']),
    alias: text(raw.Alias),
    index: text(raw['Index Name']),
    condition:
      text(raw['Index Cond']) ??
      text(raw['Hash Cond']) ??
      text(raw['Merge Cond']) ??
      text(raw['Recheck Cond']),
    filter: text(raw.Filter) ?? text(raw['Join Filter']),
    sortKey: Array.isArray(raw['Sort Key']) ? raw['Sort Key'].map(String) : undefined,
    sortMethod: text(raw['Sort Method']),
    relationship: text(raw['Parent Relationship']),
    cost: number(raw['Total Cost']) ?? 0,
    estimated: number(raw['Plan Rows']) ?? 0,
    time: number(raw['Actual Total Time']),
    rows: number(raw['Actual Rows']),
    loops: number(raw['Actual Loops']) ?? 1,
    removed:
      (number(raw['Rows Removed by Filter']) ?? 0) +
      (number(raw['Rows Removed by Index Recheck']) ?? 0) +
      (number(raw['Rows Removed by Join Filter']) ?? 0),
    buffers: hits === undefined && reads === undefined ? undefined : (hits ?? 0) + (reads ?? 0),
    children: listOf(raw.Plans).filter(isObject).map(nodeOf),
  };
};

/** A plan from the answer of EXPLAIN (FORMAT JSON) or auto_explain; undefined for anything else. */
export const planOf = (answer: unknown): Plan | undefined => {
  const first: unknown = Array.isArray(answer) ? answer[0] : answer;
  if (!isObject(first) || !isObject(first.Plan)) return undefined;
  return {
    root: nodeOf(first.Plan),
    executionTime: number(first['Execution Time']),
    query: text(first['Query Text']),
  };
};

/** A node and all below it. */
export const nodesOf = (node: PlanNode): PlanNode[] => [node, ...node.children.flatMap(nodesOf)];

/** `Index Scan on pages using pages_tree_idx`. */
export const describeNode = (node: PlanNode): string =>
  `${node.type}${node.relation ? ` on ${node.relation}` : ''}${node.alias && node.alias !== node.relation ? ` ${node.alias}` : ''}${node.index ? ` using ${node.index}` : ''}`;

/** Milliseconds of a node alone, over all its loops. */
export const ownTime = (node: PlanNode): number | undefined =>
  node.time === undefined
    ? undefined
    : Math.max(
        0,
        node.time * node.loops -
          node.children.reduce((sum, child) => sum + (child.time ?? 0) * child.loops, 0),
      );

/** The planner's cost of a node alone. */
export const ownCost = (node: PlanNode): number =>
  Math.max(0, node.cost - node.children.reduce((sum, child) => sum + child.cost, 0));
