import { definePlans } from '@reference/audit/config';
import { migrate } from '@reference/migrator';
import { createDb } from '../../src/client.ts';
import { hotQueries } from '../../src/hot-queries.ts';
import { migrationsFolder } from '../../src/migrations.ts';
import { fillPlanWorld } from './plan-world.ts';

/** The hot queries for `audit plans`; a scale is the number of pages. */
export const plans = definePlans({
  queries: hotQueries,
  largeFrom: 40_000,
  migrate: (url) => migrate(url, { folder: migrationsFolder }),
  seed: async (url, scale) => {
    // Writing a million rows takes longer than a query may.
    const client = createDb({ url, max: 1, statementTimeoutMs: 0, deadlineMs: 0 });
    try {
      return await fillPlanWorld(client, scale);
    } finally {
      await client.close();
    }
  },
  open: (url) => {
    const client = createDb({ url, max: 1 });
    return { handle: client.db, close: () => client.close() };
  },
});
