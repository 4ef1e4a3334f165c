import { definePlans } from '@reference/audit/config';
import { migrate } from '@reference/migrator';
import postgres from 'postgres';
import { hotQueries } from '../../src/hot-queries.ts';
import { migrationsFolder } from '../../src/migrations.ts';
import { createTenancy } from '../../src/tenancy.ts';
import { fillPlanWorld } from './plan-world.ts';

/** The hot queries for `audit plans`, as the application's role; a scale is the number of messages. */
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
  open: async (url) => {
    const tenancy = await createTenancy({ url, max: 1, role: 'tenancy_app' });
    return { handle: tenancy, close: () => tenancy.close() };
  },
});
