import {
  type Client,
  type ClientConfig,
  createClient,
  type Database,
  InvalidInputError,
} from '@reference/kit';
import { z } from 'zod';
import { isDistributed } from './cluster/is-distributed.ts';
import { createNodeGuard, type GuardOptions } from './cluster/node-guard.ts';
import { tenantNodes } from './cluster/tenant-node.ts';
import { assertRoleIsHeldBack } from './role-check.ts';
import * as schema from './schema/index.ts';
import type { TenancySchema } from './tenant-tx.ts';

/** The database of the tenants' transactions. */
export interface Tenancy {
  readonly db: Database<TenancySchema>;
  /** Read replicas, for `readTenant`. */
  readonly replicas: readonly Database<TenancySchema>[];
  /** True if the tables are distributed over a Citus cluster, by its catalog at the start. */
  readonly distributed: boolean;
  /**
   * Runs a tenant's transaction within its node's share of the pool.
   * @throws UnavailableError at once; see `TenancyConfig.guard`
   */
  guard<T>(tenantId: string, work: () => Promise<T>): Promise<T>;
  /** The role that each transaction takes on, if the login role is another one. */
  readonly role: string | undefined;
  /** Ends the pools. */
  close(): Promise<void>;
}

export interface TenancyConfig extends Omit<ClientConfig, 'replicas'> {
  /** URLs of streaming replicas, for `readTenant`. */
  readonly replicas?: readonly string[] | undefined;
  /**
   * Bounds the part of the pool that one node of a cluster may hold while it does not answer, and
   * decides when calls to it are refused for a while; `false` for no bound. Default: on a cluster
   * the defaults of `GuardOptions`, on one server no bound. If set on one server, each tenant
   * counts as a node.
   */
  readonly guard?: GuardOptions | false | undefined;
  /**
   * Takes on this role in every transaction (`SET LOCAL ROLE`). For a server whose only login is
   * its superuser (embedded), and for tools that run with the owner's URL. An application logs in
   * with a member of tenancy_app instead, so that no injected statement can change the role back.
   */
  readonly role?: string | undefined;
}

const roleName = z.string().regex(/^[a-z_][a-z0-9_]{0,62}$/);

/**
 * Opens the tenants' database, unless its role can bypass tenant isolation.
 *
 * @param config the URL, or the config of `createClient` with the above
 * @returns the handle for `withTenant`
 * @throws ForbiddenError naming the role, when it is a superuser, has BYPASSRLS, owns a tenant table,
 *   or may become such a role
 * @throws InvalidInputError when the config is wrong, or a Citus cluster does not support it
 * @throws UnavailableError when the server can't be reached
 */
export async function createTenancy(config: string | TenancyConfig): Promise<Tenancy> {
  const { replicas, role, guard, ...client } =
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
  const [primary, ...others] = pools;
  if (!primary) throw new InvalidInputError('The config has no url.');
  let distributed: boolean;
  try {
    await Promise.all(pools.map((pool) => checkRole(pool, role)));
    distributed = await checkCluster(primary, { role, replicas: others.length });
  } catch (error) {
    await close();
    throw error;
  }
  return {
    db: primary.db,
    replicas: others.map((pool) => pool.db),
    distributed,
    guard: guardOf(primary, { distributed, guard, max: client.max }),
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

/** @returns whether the database is distributed */
async function checkCluster(
  { sql }: Client<TenancySchema>,
  { role, replicas }: { role: string | undefined; replicas: number },
): Promise<boolean> {
  if (!(await isDistributed(sql))) return false;
  if (replicas > 0) {
    throw new InvalidInputError(
      "This database is distributed: the coordinator's log position says nothing about writes on its workers, so replicas can't be asked for what a user wrote. Leave `replicas` out.",
    );
  }
  const [taken] = role
    ? await sql<
        { login: boolean }[]
      >`select rolcanlogin as login from pg_roles where rolname = ${role}`
    : [];
  if (taken && !taken.login) {
    throw new InvalidInputError(
      `This database is distributed: Citus connects to its workers as the current role, and "${role}" has no login. Connect as a login role that was granted it, and leave \`role\` out.`,
    );
  }
  return true;
}

function guardOf(
  { sql }: Client<TenancySchema>,
  {
    distributed,
    guard,
    max,
  }: { distributed: boolean; guard: TenancyConfig['guard']; max: number | undefined },
): Tenancy['guard'] {
  if (guard === false || (guard === undefined && !distributed)) return (_, work) => work();
  const nodes = createNodeGuard(max ?? sql.options.max, guard);
  const nodeOf = distributed ? tenantNodes(sql) : async (tenantId: string) => `Tenant ${tenantId}`;
  return async (tenantId, work) => nodes.run(await nodeOf(tenantId), work);
}
