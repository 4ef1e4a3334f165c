import { exec } from 'node:child_process';
import { promisify } from 'node:util';
import { DbError } from '@reference/kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createUser, listUsers, type Tenancy, withTenant } from '../../src/index.ts';
import { provision } from '../test-tenancy.ts';
import { type LiveCluster, openLiveCluster, runId } from './live-cluster.ts';

/** `host:port` of a node that is not in the cluster yet, to rebalance to. */
const spare = process.env.TENANCY_CLUSTER_SPARE;
/** Shell commands that kill a worker and start it again, such as `docker kill worker-1`. */
const kill = process.env.TENANCY_CLUSTER_KILL;
const start = process.env.TENANCY_CLUSTER_START;

let cluster: LiveCluster;
beforeAll(async () => {
  cluster = await openLiveCluster();
});
afterAll(() => cluster?.close());

/** Eight writers, each for a tenant of its own, until `during` has ended. */
async function writeDuring(tenancy: Tenancy, name: string, during: () => Promise<unknown>) {
  const acknowledged = new Map<string, string[]>();
  const failures: unknown[] = [];
  let running = true;
  const writers = Array.from({ length: 8 }, async (_, writer) => {
    const { tenant } = await provision(tenancy, `${name}-${writer}-${runId}`);
    const emails: string[] = [];
    acknowledged.set(tenant.id, emails);
    for (let n = 0; running; n++) {
      const email = `user-${n}@${name}.example`;
      try {
        await withTenant(tenancy, tenant.id, (tx) => createUser(tx, { email, name: email }));
        emails.push(email);
      } catch (error) {
        failures.push(error);
      }
    }
  });
  try {
    await during();
  } finally {
    running = false;
    await Promise.all(writers);
  }
  return { acknowledged, failures };
}

/** Writes that were acknowledged and are not there. */
async function lostOf(tenancy: Tenancy, acknowledged: ReadonlyMap<string, readonly string[]>) {
  const lost: string[] = [];
  for (const [tenantId, emails] of acknowledged) {
    const stored = new Set<string>();
    await withTenant(tenancy, tenantId, async (tx) => {
      let after: string | undefined;
      do {
        const page = await listUsers(tx, { limit: 100, ...(after && { after }) });
        for (const { email } of page.items) stored.add(email);
        after = page.nextCursor ?? undefined;
      } while (after);
    });
    lost.push(...emails.filter((email) => !stored.has(email)));
  }
  return lost;
}

describe.skipIf(!spare)('a rebalance to another node (TENANCY_CLUSTER_SPARE=host:port)', () => {
  it('fails no write and loses none', async () => {
    const { admin, tenancy } = cluster;
    const [host = '', port = '5432'] = (spare ?? '').split(':');
    const { acknowledged, failures } = await writeDuring(tenancy, 'rebalance', async () => {
      await admin`select citus_add_node(${host}, ${Number(port)})`;
      await admin`select rebalance_table_shards()`;
    });
    expect(failures).toEqual([]);
    expect(await lostOf(tenancy, acknowledged)).toEqual([]);
  });
});

describe.skipIf(!kill || !start)(
  'a worker that is killed (TENANCY_CLUSTER_KILL, TENANCY_CLUSTER_START)',
  () => {
    it('fails with typed errors and loses no acknowledged write', async () => {
      const { tenancy } = cluster;
      const run = promisify(exec);
      const { acknowledged, failures } = await writeDuring(tenancy, 'killed', async () => {
        await new Promise((resolve) => setTimeout(resolve, 2000));
        await run(kill ?? '');
        await new Promise((resolve) => setTimeout(resolve, 5000));
        await run(start ?? '');
        await new Promise((resolve) => setTimeout(resolve, 10_000));
      });
      const untyped = failures.filter(
        (error) => !(error instanceof DbError) || error.code === 'DATABASE',
      );
      expect(untyped).toEqual([]);
      expect(failures.length).toBeGreaterThan(0);
      expect(await lostOf(tenancy, acknowledged)).toEqual([]);
    });
  },
);
