import type { HotQuery } from '../hot-query.ts';
import { getSubscription, listSubscriptions } from './subscriptions.ts';

export const subscriptionPlans: readonly HotQuery[] = [
  {
    name: 'getSubscription',
    run: (db, { userId }) => getSubscription(db, { userId }),
    // There are only a few plans, so a full scan is fastest.
    forbidden: ['Seq Scan on subscriptions', 'Sort'],
    statements: 1,
  },
  {
    name: 'listSubscriptions',
    run: (db, { userId }) => listSubscriptions(db, { userId }),
    forbidden: ['Seq Scan on subscriptions', 'Sort'],
    statements: 1,
  },
];
