import { planFailed } from './plan-failed.ts';
import { planForbidden } from './plan-forbidden.ts';
import { planGrowth } from './plan-growth.ts';
import { planRemoved } from './plan-removed.ts';
import { planStatements } from './plan-statements.ts';
import type { Rule } from './rule.ts';

/** The rules about hot queries, which `audit plans` runs. */
export const planRules: readonly Rule[] = [
  planFailed,
  planForbidden,
  planRemoved,
  planGrowth,
  planStatements,
];
