import { requireUrl } from '@reference/kit';
import { createTenancy, type Tenancy } from '../tenancy.ts';

/**
 * Opens the database of TENANCY_DATABASE_URL for a command. The URL may be the owner's, as for
 * migrations, because every transaction takes on tenancy_app, and so is under row security.
 */
export const connect = (max = 5): Promise<Tenancy> =>
  createTenancy({
    url: requireUrl(process.env, 'TENANCY_DATABASE_URL'),
    role: 'tenancy_app',
    max,
  });
