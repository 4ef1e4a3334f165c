import { nodesOf, type PlanNode, planOf } from '../explain/plan.ts';

/** Sends SQL text without parameters, by the simple protocol, and gives the rows. */
export type RunText = (text: string) => PromiseLike<readonly object[]>;

/**
 * The nodes of the plan that a prepared statement gets whatever its parameters are, the upper first.
 *
 * @param statement with `$1` for its parameters
 * @param branch of a union of branches that rule each other out, which one to look at
 * @throws Error when the statement has no plan, or no such branch
 */
export const genericPlanNodes = async (
  run: RunText,
  statement: string,
  branch?: number,
): Promise<PlanNode[]> => {
  const [answer] = await run(`explain (generic_plan, format json) ${statement}`);
  const plan = planOf(answer && Object.values(answer)[0]);
  if (!plan) throw new Error(`The statement has no plan: ${statement}`);
  return nodesOf(branch === undefined ? plan.root : memberOf(plan.root, branch));
};

/** Nodes above a union that only pass on what its branches give. */
const PASSING_ON = ['Limit', 'Sort', 'Aggregate'];

const memberOf = (node: PlanNode, branch: number): PlanNode => {
  const [below] = node.children;
  if (PASSING_ON.includes(node.type) && below) return memberOf(below, branch);
  const member = node.children.filter(({ relationship }) => relationship === 'Member')[branch];
  if (node.type !== 'Append' || !member)
    throw new Error(`The plan is no union with a branch ${branch}, but ${node.type}.`);
  return member;
};
