import { nodesOf } from '../explain/plan.ts';
import {
  costsNothing,
  largestCall,
  nodeName,
  planNode,
  recorded,
  statementOf,
} from '../plans/judged.ts';
import { defineRule } from './rule.ts';

const filtered = (removed: number) =>
  planNode('Index Scan', { relation: 'notes', rows: 20, removed });

export const planRemoved = defineRule({
  id: 'plan-removed',
  group: 'plans',
  severity: 'error',
  needs: 'plans',
  title: 'A hot query does not read rows that filters remove',
  why: 'Rows that a filter removes were read in vain, and their number grows with the table while the answer does not. A condition that an index holds, or a partial index, never reads them.',
  source: 'PostgreSQL manual 14.1 Using EXPLAIN (Rows Removed by Filter)',
  options: {
    /**
     * The most rows that filters may remove for each row that a plan gives; a query's `removed`
     * takes precedence.
     */
    ratio: 50,
  },
  bad: [
    { plans: [recorded({}, { 10000: [filtered(5_000)] })] },
    {
      plans: [
        recorded(
          { removed: 1_500 },
          { 10000: [planNode('Index Scan', { relation: 'notes', rows: 0, removed: 2_000 })] },
        ),
      ],
    },
  ],
  good: [
    { plans: [recorded({}, { 10000: [filtered(900)] })] },
    { plans: [recorded({ removed: 500 }, { 10000: [filtered(5_000)] })] },
    {
      plans: [
        recorded(
          { removed: 2_500 },
          { 10000: [planNode('Index Scan', { relation: 'notes', rows: 0, removed: 2_000 })] },
        ),
      ],
    },
    { plans: [{ ...recorded({}, { 10000: [filtered(5_000)] }), isLarge: false }] },
  ],
  *check({ plans }, { ratio }) {
    for (const query of plans ?? [])
      for (const plan of query.isLarge ? (largestCall(query)?.plans ?? []) : [])
        for (const node of nodesOf(plan.root)) {
          const given = (node.rows ?? 0) * node.loops;
          // A search without a result has a limit as well.
          const allowed = Math.max(given, 1) * (query.limits.removed ?? ratio);
          const thrown = node.removed * node.loops;
          if (costsNothing(node)) continue;
          if (thrown <= Math.max(1000, allowed)) continue;
          yield {
            object: query.name,
            message: `${nodeName(node)} removes ${Math.round(thrown)} rows to give ${Math.round(given)}: ${statementOf(plan)}`,
            location: query.location,
          };
        }
  },
});
