import { type HotQuery, scanOrSort } from '../hot-query.ts';
import { listProviderSettings } from './provider-keys.ts';
import { listAiUsage, summarizeAiUsage } from './usage.ts';

export const aiPlans: readonly HotQuery[] = [
  {
    name: 'listAiUsage, further pages',
    run: async (db, { userId }) => {
      const { nextCursor } = await listAiUsage(db, { userId, limit: 5 });
      await listAiUsage(db, { userId, limit: 5, after: nextCursor });
    },
    forbidden: scanOrSort,
    statements: 2,
  },
  {
    name: 'summarizeAiUsage',
    run: (db, { userId }) => {
      const to = new Date();
      return summarizeAiUsage(db, { userId, from: new Date(to.getTime() - 30 * 86_400_000), to });
    },
    // Not forbidden: the days are sorted.
    forbidden: ['Seq Scan'],
    statements: 1,
  },
  {
    name: 'listProviderSettings',
    run: (db, { userId }) => listProviderSettings(db, { userId }),
    forbidden: scanOrSort,
    statements: 1,
  },
];
