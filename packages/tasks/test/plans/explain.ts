import type { Sql } from 'postgres';
import { z } from 'zod';

const planSchema = z.object({
  'Node Type': z.string(),
  'Relation Name': z.string().optional(),
  'Index Name': z.string().optional(),
  get Plans() {
    return z.array(planSchema).optional();
  },
});
type Plan = z.infer<typeof planSchema>;
const answerSchema = z.array(z.object({ 'QUERY PLAN': z.tuple([z.object({ Plan: planSchema })]) }));

/** A node of a plan, as `Index Scan on tasks using tasks_pkey`. */
export interface PlanNode {
  readonly text: string;
  readonly index: string | undefined;
}

/** The nodes of the plan that a prepared statement gets whatever its parameters are. */
export async function planNodes(sql: Sql, statement: string): Promise<PlanNode[]> {
  const rows = await sql.unsafe(`explain (generic_plan, format json) ${statement}`).simple();
  const [answer] = answerSchema.parse(rows.map((row) => ({ ...row })));
  return answer ? nodesOf(answer['QUERY PLAN'][0].Plan) : [];
}

function nodesOf(plan: Plan): PlanNode[] {
  const { 'Node Type': type, 'Relation Name': table, 'Index Name': index } = plan;
  const text = `${type}${table ? ` on ${table}` : ''}${index ? ` using ${index}` : ''}`;
  return [{ text, index }, ...(plan.Plans ?? []).flatMap(nodesOf)];
}
