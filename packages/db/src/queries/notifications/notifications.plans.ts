import { type HotQuery, scanOrSort } from '../hot-query.ts';
import { countUnreadNotifications, listNotifications, listUnreadNotifications } from './inbox.ts';

/** notifications_unread_idx holds every column of these, so the table is not read. */
const fromIndexAlone = [
  ...scanOrSort,
  'Index Scan on notifications',
  'Bitmap Heap Scan on notifications',
];

export const notificationPlans: readonly HotQuery[] = [
  {
    name: 'countUnreadNotifications',
    run: (db, { userId }) => countUnreadNotifications(db, { userId }),
    forbidden: fromIndexAlone,
    statements: 1,
  },
  {
    name: 'listUnreadNotifications',
    run: (db, { userId }) => listUnreadNotifications(db, { userId }),
    forbidden: fromIndexAlone,
    statements: 1,
  },
  {
    name: 'listNotifications',
    run: (db, { userId }) => listNotifications(db, { userId }),
    forbidden: scanOrSort,
    statements: 1,
  },
];
