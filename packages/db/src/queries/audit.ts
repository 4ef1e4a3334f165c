export { listAuditAnchors } from './audit/anchors.ts';
export { appendActivityLogs } from './audit/append.ts';
export type { AuditAnchor, BrokenEntry } from './audit/chain.ts';
export { forgetInAuditTrail, pruneAuditTrail, redactInAuditTrail } from './audit/retention.ts';
export { type AuditReport, verifyAuditTrail } from './audit/verify.ts';
