import type { Plan, PlanNode } from '../explain/plan.ts';
import type { Location } from '../model/model.ts';
import type { Limits } from './hot-query.ts';

/** The measurements of one call of a hot query at one scale. */
export interface PlannedCall {
  readonly query: string;
  readonly scale: number;
  readonly plans: readonly Plan[];
  /** Pages of 8 kB that its statements read. */
  readonly pages: number;
  /** The median of its calls, if the run timed them. */
  readonly milliseconds?: number | undefined;
}

/** A hot query with its measurements, for the rules about plans. */
export interface JudgedQuery {
  readonly name: string;
  readonly limits: Limits;
  /** From the smallest scale to the largest. */
  readonly calls: readonly PlannedCall[];
  readonly failures: readonly { readonly scale: number; readonly message: string }[];
  /** True if its tables are large at the largest scale, so that scans and sorts are judged. */
  readonly isLarge: boolean;
  readonly location?: Location | undefined;
}

/** The call at the largest scale. */
export const largestCall = ({ calls }: JudgedQuery): PlannedCall | undefined => calls.at(-1);

/** The beginning of a plan's statement, for a message. */
export const statementOf = ({ query }: Plan): string =>
  (query ?? '').replace(/\s+/g, ' ').slice(0, 160);

export const nodeName = ({ type, relation }: PlanNode): string =>
  `${type}${relation ? ` on ${relation}` : ''}`;

/** From this many rows on a table is large; below, reading all of it is the best plan. */
const LARGE = 1000;

const rowsRead = (node: PlanNode): number => ((node.rows ?? 0) + node.removed) * node.loops;

/** True if no node below read rows, because a condition without columns was false. */
const readsNothing = ({ loops, children }: PlanNode): boolean =>
  children.length > 0 ? children.every(readsNothing) : loops === 0;

/**
 * True if a node costs nothing: it never ran, reads all of a small table, or sorts one or no row.
 */
export const costsNothing = (node: PlanNode): boolean =>
  // A planned node that never ran is, for example, the other arm of a union.
  node.loops === 0 ||
  (node.type === 'Seq Scan'
    ? rowsRead(node) < LARGE
    : node.type.endsWith('Sort') &&
      node.children.some(
        (child) => readsNothing(child) || (child.type === 'Seq Scan' && rowsRead(child) < LARGE),
      ));

/** A node for the example of a rule. */
export const planNode = (type: string, fields: Partial<PlanNode> = {}): PlanNode => ({
  type,
  cost: 0,
  estimated: 0,
  loops: 1,
  removed: 0,
  children: [],
  ...fields,
});

/** A hot query for the example of a rule: for each scale, the root of each of its statements' plans. */
export const recorded = (
  limits: Limits,
  calls: Readonly<Record<number, readonly PlanNode[]>>,
  failures: JudgedQuery['failures'] = [],
): JudgedQuery => ({
  name: 'listNotes',
  limits,
  calls: Object.entries(calls).map(([scale, roots]) => ({
    query: 'listNotes',
    scale: Number(scale),
    plans: roots.map((root) => ({ root, query: 'select …' })),
    pages: roots.reduce((sum, { buffers }) => sum + (buffers ?? 0), 0),
  })),
  failures,
  isLarge: true,
});
