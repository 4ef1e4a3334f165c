import { nodesOf, type PlanNode, planOf } from '../explain/plan.ts';

/** Sends SQL text without parameters by the simple protocol, and returns the rows. */
export type RunText = (text: string) => PromiseLike<readonly object[]>;

/**
 * The nodes of a prepared statement's generic plan, from the top.
 *
 * @param statement with `$1` for its parameters
 * @param branch the branch to read, in a union of branches that exclude one another
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

/** Nodes above a union that only pass on the rows of its branches. */
const PASSING_ON = ['Limit', 'Sort', 'Aggregate'];

const memberOf = (node: PlanNode, branch: number): PlanNode => {
  const [below] = node.children;
  if (PASSING_ON.includes(node.type) && below) return memberOf(below, branch);
  const member = node.children.filter(({ relationship }) => relationship === 'Member')[branch];
  if (node.type !== 'Append' || !member)
    throw new Error(`The plan is no union with a branch ${branch}, but ${node.type}.`);
  return member;
};
