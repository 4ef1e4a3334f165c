import { largestCall, planNode, recorded } from '../plans/judged.ts';
import { defineRule } from './rule.ts';

const read = planNode('Index Scan', { relation: 'notes' });

export const planStatements = defineRule({
  id: 'plan-statements',
  group: 'plans',
  severity: 'error',
  needs: 'plans',
  title: 'A call sends no more statements than declared',
  why: 'A statement for each row of a list is fast with ten rows on the same machine, and seconds with five hundred over a network. The code does not show it if a helper sends it, so this counts on the wire.',
  source: 'measured here: statements are counted on the wire, whatever driver sends them',
  bad: [{ plans: [recorded({ statements: 1 }, { 1000: [read, read, read] })] }],
  good: [
    { plans: [recorded({ statements: 3 }, { 1000: [read, read, read] })] },
    { plans: [recorded({}, { 1000: [read, read, read] })] },
  ],
  *check({ plans }) {
    for (const query of plans ?? []) {
      const sent = largestCall(query)?.plans.length ?? 0;
      const { statements } = query.limits;
      if (statements === undefined || sent <= statements) continue;
      yield {
        object: query.name,
        message: `sends ${sent} statements, ${statements} are declared`,
        location: query.location,
      };
    }
  },
});
