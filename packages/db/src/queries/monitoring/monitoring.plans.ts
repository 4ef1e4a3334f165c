import { type HotQuery, scanOrSort } from '../hot-query.ts';
import { listActivity } from './read.ts';

export const monitoringPlans: readonly HotQuery[] = [
  {
    name: 'listActivity',
    run: (db, { driveId }) => listActivity(db, { subject: 'driveId', id: driveId }),
    forbidden: scanOrSort,
    statements: 1,
  },
];
