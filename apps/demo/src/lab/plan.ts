import { z } from 'zod';

const explained = z.object({
  'Node Type': z.string(),
  'Join Type': z.string().optional(),
  'Relation Name': z.string().optional(),
  Alias: z.string().optional(),
  'Index Name': z.string().optional(),
  'CTE Name': z.string().optional(),
  'Subplan Name': z.string().optional(),
  'Total Cost': z.number(),
  'Plan Rows': z.number(),
  'Index Cond': z.string().optional(),
  'Recheck Cond': z.string().optional(),
  'Hash Cond': z.string().optional(),
  'Merge Cond': z.string().optional(),
  'Join Filter': z.string().optional(),
  'Order By': z.string().optional(),
  Filter: z.string().optional(),
  'Sort Key': z.array(z.string()).optional(),
  'Subplans Removed': z.number().optional(),
  get Plans() {
    return z.array(explained).optional();
  },
});
type Explained = z.output<typeof explained>;

const answer = z.tuple([z.object({ 'QUERY PLAN': z.tuple([z.object({ Plan: explained })]) })]);

/** A node of a plan, as its tree is drawn. */
export interface PlanNode {
  /** `Index Scan`, `Hash Left Join`. */
  readonly type: string;
  /** `on pages using pages_pkey`. */
  readonly target: string;
  /** Why it stands apart: `SubPlan 1`, `CTE tree`. */
  readonly label: string | undefined;
  /** Conditions and keys, as EXPLAIN names them. */
  readonly details: readonly { readonly name: string; readonly value: string }[];
  /** The planner's, in its own unit, with all below. */
  readonly cost: number;
  /** This node's own part of `cost`. */
  readonly ownCost: number;
  readonly rows: number;
  readonly children: readonly PlanNode[];
}

/** @param rows what `explain (format json)` gives */
export function parsePlan(rows: unknown): PlanNode {
  const [first] = answer.parse(rows);
  return nodeOf(first['QUERY PLAN'][0].Plan);
}

const conditions = [
  'Index Cond',
  'Recheck Cond',
  'Hash Cond',
  'Merge Cond',
  'Join Filter',
  'Order By',
  'Filter',
] as const;

function nodeOf(plan: Explained): PlanNode {
  const children = (plan.Plans ?? []).map(nodeOf);
  const below = children.reduce((sum, { cost }) => sum + cost, 0);
  const details = conditions.flatMap((name) => {
    const value = plan[name];
    return value ? [{ name, value }] : [];
  });
  const sortKey = plan['Sort Key'];
  if (sortKey) details.push({ name: 'Order By', value: sortKey.join(', ') });
  return {
    type: typeOf(plan),
    target: targetOf(plan),
    label: plan['Subplan Name'],
    details,
    cost: plan['Total Cost'],
    // A LIMIT stops what is below it: then the parent costs less than its child.
    ownCost: Math.max(plan['Total Cost'] - below, 0),
    rows: plan['Plan Rows'],
    children,
  };
}

function typeOf({ 'Node Type': type, 'Join Type': join }: Explained): string {
  if (!join || join === 'Inner') return type;
  return type === 'Nested Loop' ? `${type} ${join} Join` : type.replace(' Join', ` ${join} Join`);
}

function targetOf(plan: Explained): string {
  const name = plan['Relation Name'] ?? plan['CTE Name'];
  const alias = plan.Alias && plan.Alias !== name ? ` ${plan.Alias}` : '';
  const index = plan['Index Name'];
  return [name && `on ${name}${alias}`, index && `using ${index}`].filter(Boolean).join(' ');
}
