export { TakeError } from './errors.ts';
export { type Host, readHost } from './host/read-host.ts';
export { type Item, items } from './items.ts';
export type { Choices, Plan } from './plan/plan.ts';
export { planItems } from './plan/plan-items.ts';
export { openSource, type SourceTree } from './source/tree.ts';
export { type Draft, draftDiff, draftRemove, draftTake, draftUpdate, writeDraft } from './take.ts';
