export { type Complained, complaintsOf } from './complaints.ts';
export type { PlanNode } from './explain/plan.ts';
export { type FilledPerson, fillTables } from './personal/fill-tables.ts';
export { findText } from './personal/find-text.ts';
export { openStatementCounter, type StatementCounter } from './plans/count-statements.ts';
export { genericPlanNodes, type RunText } from './plans/generic-plan.ts';
export { nodeName } from './plans/judged.ts';
export { type PlanFinding, type PlannedCall, runPlans } from './plans/run-plans.ts';
export { vacuumFilled } from './plans/vacuum.ts';
