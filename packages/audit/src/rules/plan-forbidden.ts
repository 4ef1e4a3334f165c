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

/** Below a condition without columns, which was false or true. */
const sortOf = (loops: number) =>
  planNode('Sort', {
    children: [
      planNode('Result', { children: [planNode('Index Scan', { relation: 'notes', loops })] }),
    ],
  });

const scan = planNode('Seq Scan', { relation: 'notes', rows: 20, removed: 90_000 });

export const planForbidden = defineRule({
  id: 'plan-forbidden',
  group: 'plans',
  severity: 'error',
  needs: 'plans',
  title: 'The plan of a hot query has no scan or sort that an index should avoid',
  why: 'A sequential scan of a large table and a sort of all matches cost more with the size of the table, for a page of twenty rows. The query declares which nodes it must not have (`forbidden`), and a plan that has one has lost its index.',
  source: 'PostgreSQL manual 14.1 Using EXPLAIN, 11.4 Indexes and ORDER BY',
  bad: [
    { plans: [recorded({ forbidden: ['Seq Scan'] }, { 10000: [scan] })] },
    {
      plans: [
        recorded(
          { forbidden: ['Seq Scan on notes'] },
          { 10000: [planNode('Limit', { children: [scan] })] },
        ),
      ],
    },
    { plans: [recorded({ forbidden: ['Sort'] }, { 10000: [sortOf(1)] })] },
  ],
  good: [
    { plans: [recorded({ forbidden: ['Seq Scan on pages'] }, { 10000: [scan] })] },
    {
      plans: [
        recorded(
          { forbidden: ['Seq Scan'] },
          { 10000: [planNode('Seq Scan', { relation: 'plans', rows: 5 })] },
        ),
        recorded({ forbidden: ['Seq Scan'] }, { 10000: [{ ...scan, loops: 0 }] }),
        recorded({ forbidden: ['Sort'] }, { 10000: [sortOf(0)] }),
        { ...recorded({ forbidden: ['Seq Scan'] }, { 10000: [scan] }), isLarge: false },
      ],
    },
  ],
  *check({ plans }) {
    for (const query of plans ?? []) {
      const { forbidden = [] } = query.limits;
      for (const plan of query.isLarge ? (largestCall(query)?.plans ?? []) : [])
        for (const node of nodesOf(plan.root)) {
          const name = nodeName(node);
          if (costsNothing(node)) continue;
          if (!forbidden.some((bad) => name === bad || name.startsWith(`${bad} on `))) continue;
          yield {
            object: query.name,
            message: `has a ${name}: ${statementOf(plan)}`,
            location: query.location,
          };
        }
    }
  },
});
