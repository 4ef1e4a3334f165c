import type { Sql } from 'postgres';
import { z } from 'zod';

const planSchema = z.object({
  'Node Type': z.string(),
  'Relation Name': z.string().optional(),
  'Parent Relationship': z.string().optional(),
  get Plans() {
    return z.array(planSchema).optional();
  },
});
type Plan = z.infer<typeof planSchema>;
const answerSchema = z.array(z.object({ 'QUERY PLAN': z.tuple([z.object({ Plan: planSchema })]) }));

/**
 * The nodes of the plan that a prepared statement gets whatever its parameters are, as
 * `Index Scan on pages`.
 * @param branch of a union of branches that rule each other out, which one to look at
 */
export async function planNodes(sql: Sql, statement: string, branch?: number): Promise<string[]> {
  const rows = await sql.unsafe(`explain (generic_plan, format json) ${statement}`).simple();
  const [answer] = answerSchema.parse(rows.map((row) => ({ ...row })));
  if (!answer) return [];
  const plan = answer['QUERY PLAN'][0].Plan;
  return nodesOf(branch === undefined ? plan : memberOf(plan, branch));
}

function memberOf(plan: Plan, branch: number): Plan {
  const [below] = plan.Plans ?? [];
  if (['Limit', 'Sort', 'Aggregate'].includes(plan['Node Type']) && below)
    return memberOf(below, branch);
  const members = plan.Plans?.filter((child) => child['Parent Relationship'] === 'Member');
  const member = members?.[branch];
  if (plan['Node Type'] !== 'Append' || !member) {
    throw new Error(`The plan is no union with a branch ${branch}, but ${plan['Node Type']}.`);
  }
  return member;
}

function nodesOf(plan: Plan): string[] {
  const table = plan['Relation Name'];
  const node = table ? `${plan['Node Type']} on ${table}` : plan['Node Type'];
  return [node, ...(plan.Plans ?? []).flatMap(nodesOf)];
}
