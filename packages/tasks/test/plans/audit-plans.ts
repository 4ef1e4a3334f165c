import { definePlans } from '@reference/audit/config';
import { migrate } from '@reference/migrator';
import postgres from 'postgres';
import { createTasksClient } from '../../src/client.ts';
import { hotQueries } from '../../src/hot-queries.ts';
import { migrationsFolder } from '../../src/migrations.ts';
import { fillPlanWorld } from './plan-world.ts';

/** The hot queries for `audit plans`; a scale is the number of tasks. */
export const plans = definePlans({
  queries: hotQueries,
  migrate: (url) => migrate(url, { folder: migrationsFolder }),
  seed: async (url, scale) => {
    const sql = postgres(url, { max: 1, onnotice: () => undefined });
    try {
      return await fillPlanWorld(sql, scale);
    } finally {
      await sql.end();
    }
  },
  open: (url) => {
    const client = createTasksClient({ url, max: 1 });
    return { handle: client.db, close: () => client.close() };
  },
});
