export { tenantPlans as hotQueries } from './queries/tenant.plans.ts';
