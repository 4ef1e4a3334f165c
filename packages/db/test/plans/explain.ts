import type { Sql } from 'postgres';
import { z } from 'zod';

const planSchema = z.object({
  'Node Type': z.string(),
  'Relation Name': z.string().optional(),
  get Plans() {
    return z.array(planSchema).optional();
  },
});
type Plan = z.infer<typeof planSchema>;
const answerSchema = z.array(z.object({ 'QUERY PLAN': z.tuple([z.object({ Plan: planSchema })]) }));

/**
 * The nodes of the plan that a prepared statement gets whatever its parameters are, as
 * `Index Scan on pages`.
 */
export async function planNodes(sql: Sql, statement: string): Promise<string[]> {
  const rows = await sql.unsafe(`explain (generic_plan, format json) ${statement}`).simple();
  const [answer] = answerSchema.parse(rows.map((row) => ({ ...row })));
  return answer ? nodesOf(answer['QUERY PLAN'][0].Plan) : [];
}

function nodesOf(plan: Plan): string[] {
  const table = plan['Relation Name'];
  const node = table ? `${plan['Node Type']} on ${table}` : plan['Node Type'];
  return [node, ...(plan.Plans ?? []).flatMap(nodesOf)];
}
