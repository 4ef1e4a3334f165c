export { listAuditAnchors } from './audit/anchors.ts';
export { appendActivityLogs } from './audit/append.ts';
export { forgetInAuditTrail, pruneAuditTrail, redactInAuditTrail } from './audit/retention.ts';
export {
  type AuditAnchor,
  type AuditReport,
  type BrokenEntry,
  verifyAuditTrail,
} from './audit/verify.ts';
