import { authPlans } from './queries/auth/auth.plans.ts';
import type { HotQuery } from './queries/hot-query.ts';
import { memberPlans } from './queries/members/members.plans.ts';
import { permissionPlans } from './queries/permissions/permissions.plans.ts';

/** Every query whose plan is held to its indexes. */
export const hotQueries: readonly HotQuery[] = [...authPlans, ...memberPlans, ...permissionPlans];
