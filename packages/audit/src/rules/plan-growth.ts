import { planNode, recorded } from '../plans/judged.ts';
import { defineRule } from './rule.ts';

/**
 * A call may always read this many more pages (4 MB), because a small table is read whole, and with
 * its first growth the plan changes and not the query.
 */
const SLACK = 500;

const reading = (buffers: number) => [planNode('Index Scan', { relation: 'notes', buffers })];

export const planGrowth = defineRule({
  id: 'plan-growth',
  group: 'plans',
  severity: 'error',
  needs: 'plans',
  title: 'A hot query does not read more with every row that the tables get',
  why: 'A page of twenty rows by an index reads a few pages at any size; one that reads ten times as much for ten times the rows is slow on the day the product succeeds. A plan at one size does not show it, two sizes do.',
  source: 'measured here: pages read, at 1,000 to 1,000,000 rows',
  options: {
    /**
     * How many times the pages may grow when the rows grow tenfold; a query's `growth` takes
     * precedence.
     */
    growth: 4,
  },
  bad: [
    { plans: [recorded({}, { 1000: reading(100), 10000: reading(1_000) })] },
    {
      plans: [recorded({}, { 10000: reading(100), 100000: reading(140), 1000000: reading(1_400) })],
    },
  ],
  good: [
    { plans: [recorded({}, { 1000: reading(3), 10000: reading(400) })] },
    { plans: [recorded({ growth: 12 }, { 1000: reading(100), 10000: reading(1_000) })] },
    { plans: [recorded({}, { 1000: [], 10000: reading(9_000) })] },
  ],
  *check({ plans }, { growth: common }) {
    for (const { name, calls, limits, location } of plans ?? [])
      for (const [place, call] of calls.entries()) {
        const before = calls[place - 1];
        if (!before || before.plans.length === 0) continue;
        const allowed = (limits.growth ?? common) ** Math.log10(call.scale / before.scale);
        if (call.pages <= before.pages * allowed + SLACK) continue;
        yield {
          object: name,
          message: `reads ${before.pages} pages at scale ${before.scale} and ${call.pages} at ${call.scale}`,
          location,
        };
      }
  },
});
