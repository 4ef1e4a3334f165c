import type { Sql } from 'postgres';

/** How long a tenant's node is remembered; a rebalance moves tenants. */
const rememberMs = 30_000;
const maxTenants = 10_000;

/**
 * Finds the node that holds a tenant's rows, from Citus' catalog on the coordinator, without a
 * connection to the node.
 *
 * @returns a function from a tenant to its node's name, for messages
 */
export function tenantNodes(sql: Sql): (tenantId: string) => Promise<string> {
  const known = new Map<string, { node: Promise<string>; until: number }>();
  const ask = async (tenantId: string) => {
    const [row] = await sql<{ node: string }[]>`
      select p.nodename || ':' || p.nodeport as node from pg_catalog.pg_dist_shard_placement p
      where p.shardid = get_shard_id_for_distribution_column('tenants'::regclass, ${tenantId}::uuid)`;
    return `Node ${row?.node ?? 'unknown'}`;
  };
  return (tenantId) => {
    const found = known.get(tenantId);
    if (found && found.until > Date.now()) return found.node;
    const node = ask(tenantId);
    node.catch(() => known.delete(tenantId));
    known.delete(tenantId);
    known.set(tenantId, { node, until: Date.now() + rememberMs });
    for (const oldest of known.keys()) {
      if (known.size <= maxTenants) break;
      known.delete(oldest);
    }
    return node;
  };
}
