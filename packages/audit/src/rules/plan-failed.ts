import { planNode, recorded } from '../plans/judged.ts';
import { defineRule } from './rule.ts';

export const planFailed = defineRule({
  id: 'plan-failed',
  group: 'plans',
  severity: 'error',
  needs: 'plans',
  title: 'A hot query runs, and ends',
  why: 'A query that is declared hot is called all day, and one that fails on a filled database was never right. One that does not end within a minute holds its connection until the pool is empty.',
  source: '`definePlans` in this package',
  bad: [{ plans: [recorded({}, {}, [{ scale: 1000, message: 'column "a" does not exist' }])] }],
  good: [{ plans: [recorded({}, { 1000: [planNode('Result')] })] }],
  *check({ plans }) {
    for (const { name, failures, location } of plans ?? [])
      for (const { scale, message } of failures)
        yield { object: name, message: `fails at scale ${scale}: ${message}`, location };
  },
});
