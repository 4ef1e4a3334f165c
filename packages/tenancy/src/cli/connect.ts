import { requireUrl } from '@reference/kit';
import { createTenancy, type Tenancy } from '../tenancy.ts';

/**
 * Opens the database of TENANCY_DATABASE_URL for a command. The URL may be the owner's, as for
 * migrations: every transaction takes on tenancy_app, so that row security holds here too.
 */
export const connect = (max = 5): Promise<Tenancy> =>
  createTenancy({
    url: requireUrl(process.env, 'TENANCY_DATABASE_URL'),
    role: 'tenancy_app',
    max,
  });
