import { aiPlans } from './queries/ai/ai.plans.ts';
import { auditPlans } from './queries/audit/audit.plans.ts';
import { authPlans } from './queries/auth/auth.plans.ts';
import { chatPlans } from './queries/chat/chat.plans.ts';
import { corePlans } from './queries/core/core.plans.ts';
import type { HotQuery } from './queries/hot-query.ts';
import { memberPlans } from './queries/members/members.plans.ts';
import { monitoringPlans } from './queries/monitoring/monitoring.plans.ts';
import { notificationPlans } from './queries/notifications/notifications.plans.ts';
import { permissionPlans } from './queries/permissions/permissions.plans.ts';
import { socialPlans } from './queries/social/social.plans.ts';
import { storagePlans } from './queries/storage/storage.plans.ts';
import { subscriptionPlans } from './queries/subscriptions/subscriptions.plans.ts';

/** Every query whose plan is held to its indexes. */
export const hotQueries: readonly HotQuery[] = [
  ...authPlans,
  ...corePlans,
  ...chatPlans,
  ...aiPlans,
  ...memberPlans,
  ...permissionPlans,
  ...notificationPlans,
  ...socialPlans,
  ...storagePlans,
  ...subscriptionPlans,
  ...monitoringPlans,
  ...auditPlans,
];
