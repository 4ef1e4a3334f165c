import { chatPlans } from './queries/chat.plans.ts';
import { connectorPlans } from './queries/connector.plans.ts';
import type { HotQuery } from './queries/hot-query.ts';

/** Every query whose plan is held to its indexes. */
export const hotQueries: readonly HotQuery[] = [...connectorPlans, ...chatPlans];
