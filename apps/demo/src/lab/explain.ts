import type { Sql } from '../catalog/read-catalog.ts';
import { type PlanNode, parsePlan } from './plan.ts';

/** Undefined for what has no plan: settings, and messages of several statements. */
export type Plan = PlanNode | undefined;

/** Sent on purpose: nothing that was explained is kept. */
class Undo extends Error {}

/**
 * The plan of each statement for any parameters (`generic_plan`), in their order. The settings of a statement
 * for its transaction (a role, a tenant, a search's settings) are applied before those that follow
 * are explained, so that row security is part of their plans.
 */
export async function explainAll(
  sql: Sql,
  statements: readonly { readonly text: string }[],
): Promise<Plan[]> {
  const plans: Plan[] = [];
  try {
    await sql.begin(async (tx) => {
      for (const { text } of statements) {
        if (isPlanned(text)) {
          const rows = await tx.unsafe(`explain (generic_plan, format json) ${text}`).simple();
          plans.push(parsePlan(rows.map((row) => ({ ...row }))));
        } else {
          if (isSetting(text)) await tx.unsafe(text).simple();
          plans.push(undefined);
        }
      }
      throw new Undo();
    });
  } catch (error) {
    if (!(error instanceof Undo)) throw error;
  }
  return plans;
}

const isPlanned = (text: string) =>
  /^\(?(select|with|insert|update|delete)\b/i.test(text) && !/;\s*\S/.test(text);

const isSetting = (text: string) => /^set local\b/i.test(text);
