import { definePlans } from '@reference/audit/config';
import { migrate } from '@reference/migrator';
import { hotQueries } from '../../src/hot-queries.ts';
import { migrationsFolder } from '../../src/migrations-folder.ts';
import { createPostgresClient } from '../../src/postgres.client.ts';
import { fillPlanWorld } from './plan-world.ts';

/** The hot queries for `audit plans`; a scale is the number of commits. */
export const plans = definePlans({
  queries: hotQueries,
  migrate: (url) => migrate(url, { folder: migrationsFolder }),
  seed: async (url, scale) => {
    // Writing a million rows takes longer than a query may.
    const client = createPostgresClient({ url, max: 1, statementTimeoutMs: 0, deadlineMs: 0 });
    try {
      return await fillPlanWorld({ sql: client.queryClient, db: client.db }, scale);
    } finally {
      await client.close();
    }
  },
  open: (url) => {
    const client = createPostgresClient({ url, max: 1 });
    return { handle: client.db, close: () => client.close() };
  },
});
