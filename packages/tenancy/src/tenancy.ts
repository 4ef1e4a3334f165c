import {
  type Client,
  type ClientConfig,
  createClient,
  type Database,
  InvalidInputError,
} from '@reference/kit';
import { z } from 'zod';
import { assertRoleIsHeldBack } from './role-check.ts';
import * as schema from './schema/index.ts';
import type { TenancySchema } from './tenant-tx.ts';

/** Where a tenant's transactions run. */
export interface Tenancy {
  readonly db: Database<TenancySchema>;
  /** Read replicas, for `readTenant`. */
  readonly replicas: readonly Database<TenancySchema>[];
  /** Whether the tables are spread over a Citus cluster. */
  readonly distributed: boolean;
  /** The role that each transaction takes on, when the login role is another one. */
  readonly role: string | undefined;
  /** Ends the pools. */
  close(): Promise<void>;
}

export interface TenancyConfig extends Omit<ClientConfig, 'replicas'> {
  /** URLs of streaming replicas, for `readTenant`. */
  readonly replicas?: readonly string[] | undefined;
  /** True when `tenancy:distribute` has spread the tables over a Citus cluster. */
  readonly distributed?: boolean | undefined;
  /**
   * Takes on this role in every transaction (`SET LOCAL ROLE`). For a server whose only login is its
   * superuser (embedded), and for tools that run with the owner's URL. An application logs in with a
   * role that was granted tenancy_app instead, so that no injected statement can change back.
   */
  readonly role?: string | undefined;
}

const roleName = z.string().regex(/^[a-z_][a-z0-9_]{0,62}$/);

/**
 * Opens the tenants' database, and refuses to when its role would reach around tenant isolation.
 *
 * @param config the URL, or a config: what `createClient` takes, and the above
 * @returns what `withTenant` takes
 * @throws ForbiddenError naming the role, when it is a superuser, has BYPASSRLS, owns a tenant table,
 *   or may become such a role
 * @throws InvalidInputError when the config is wrong
 * @throws UnavailableError when the server can't be reached
 */
export async function createTenancy(config: string | TenancyConfig): Promise<Tenancy> {
  const { replicas, distributed, role, ...client } =
    typeof config === 'string' ? { url: config } : config;
  if (role !== undefined && !roleName.safeParse(role).success) {
    throw new InvalidInputError('The role is not a plain PostgreSQL role name.');
  }
  const pools = [client.url, ...(replicas ?? [])].map((url) =>
    createClient({ applicationName: 'tenancy', ...client, url }, { schema }),
  );
  const close = async () => {
    await Promise.all(pools.map((pool) => pool.close()));
  };
  try {
    await Promise.all(pools.map((pool) => checkRole(pool, role)));
  } catch (error) {
    await close();
    throw error;
  }
  const [primary, ...others] = pools;
  if (!primary) throw new InvalidInputError('The config has no url.');
  return {
    db: primary.db,
    replicas: others.map((pool) => pool.db),
    distributed: distributed ?? false,
    role,
    close,
  };
}

async function checkRole(pool: Client<TenancySchema>, role: string | undefined): Promise<void> {
  await pool.sql.begin('read only', async (sql) => {
    if (role) await sql`set local role ${sql(role)}`;
    await assertRoleIsHeldBack(sql);
  });
}
