import { type HotQuery, scanOrSort } from '../hot-query.ts';
import { listAuditAnchors } from './anchors.ts';
import { pruneAuditTrail } from './retention.ts';
import { verifyAuditTrail } from './verify.ts';

export const auditPlans: readonly HotQuery[] = [
  {
    name: 'listAuditAnchors',
    run: (db) => listAuditAnchors(db),
    forbidden: scanOrSort,
    statements: 1,
  },
  {
    name: 'verifyAuditTrail',
    run: (db, { driveId }) => verifyAuditTrail(db, { scope: `drive ${driveId}` }),
    forbidden: scanOrSort,
    // begin, the head, a thousand entries, commit
    statements: 4,
  },
  {
    name: 'pruneAuditTrail',
    run: (db, { driveId }) =>
      pruneAuditTrail(db, { scope: `drive ${driveId}`, before: new Date(0) }),
    // The last of the batch is found by sorting the batch.
    forbidden: ['Seq Scan'],
    // begin, the head, the oldest entries, commit
    statements: 4,
  },
];
