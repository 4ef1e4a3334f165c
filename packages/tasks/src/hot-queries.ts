import { accountPlans } from './queries/account.plans.ts';
import type { HotQuery } from './queries/hot-query.ts';
import { taskPlans } from './queries/task.plans.ts';

/** Every query whose plan is held to its indexes. */
export const hotQueries: readonly HotQuery[] = [...taskPlans, ...accountPlans];
