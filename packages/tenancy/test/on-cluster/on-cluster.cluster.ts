import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  addDocument,
  appendMessage,
  clusterProblems,
  createConversation,
  hashingEmbedder,
  listConversations,
  listDocuments,
  listMessages,
  listUsers,
  type SearchParams,
  searchTenant,
  withTenant,
} from '../../src/index.ts';
import { seedTwoTenants } from '../isolation/fixture.ts';
import { rowChecks } from '../isolation/row-checks.ts';
import { discoverTables, type Scene } from '../isolation/scene.ts';
import { sideDoorChecks } from '../isolation/side-door-checks.ts';
import { provision } from '../test-tenancy.ts';
import { sceneOnCluster } from './as-cluster-tenant.ts';
import { type LiveCluster, openLiveCluster, runId } from './live-cluster.ts';

const embedder = hashingEmbedder();
const modes = ['vector', 'text', 'hybrid'] satisfies SearchParams['mode'][];

let cluster: LiveCluster;
beforeAll(async () => {
  cluster = await openLiveCluster();
});
afterAll(() => cluster?.close());

it('lacks nothing', async () => {
  expect(cluster.tenancy.distributed).toBe(true);
  expect(await clusterProblems(cluster.admin)).toEqual([]);
});

describe('routing', () => {
  /** How many statements went to several shards, from Citus' own counters (Citus 13 and newer). */
  async function multiShard(): Promise<number> {
    const [row] = await cluster.admin<{ n: string }[]>`
      select coalesce(sum(query_execution_multi_shard), 0)::text as n
      from citus_stat_counters where name = current_database()`;
    return Number(row?.n);
  }

  it('sends each statement of a tenant to one shard', async () => {
    const [counted] = await cluster.admin<{ on: boolean }[]>`
      select coalesce(current_setting('citus.enable_stat_counters', true), 'off') = 'on' as on`;
    expect(
      counted?.on,
      'ALTER DATABASE … SET citus.enable_stat_counters = on, then run again',
    ).toBe(true);
    const { tenancy } = cluster;
    const { tenant, owner } = await provision(tenancy, `route-${runId}`);
    const before = await multiShard();
    for (let turn = 0; turn < 6; turn++) {
      await addDocument(
        tenancy,
        tenant.id,
        { title: `Note ${turn}`, text: `# Note ${turn}\n\nApples and bridges, ${turn}.` },
        { embedder },
      );
      for (const mode of modes) {
        await searchTenant(tenancy, tenant.id, { question: 'apples', embedder, mode });
      }
      await withTenant(tenancy, tenant.id, async (tx) => {
        const { id } = await createConversation(tx, { userId: owner.id, title: `Talk ${turn}` });
        await appendMessage(tx, { conversationId: id, role: 'user', content: 'Hello' });
        await listMessages(tx, { conversationId: id });
        await listUsers(tx);
        await listConversations(tx, { userId: owner.id });
        await listDocuments(tx);
      });
    }
    expect((await multiShard()) - before).toBe(0);
  });
});

describe('isolation, through a login', () => {
  let scene: Scene;
  beforeAll(async () => {
    const { admin, app, tenancy } = cluster;
    scene = sceneOnCluster(app, admin, {
      ...(await seedTwoTenants(tenancy, runId)),
      tables: await discoverTables(admin),
    });
  });
  for (const check of [...rowChecks, ...sideDoorChecks]) {
    it(check.name, () => check.run(scene));
  }
});

it('finds the true neighbours of every tenant', async () => {
  const { admin, tenancy } = cluster;
  const subjects = ['apples', 'bridges', 'clouds', 'drums', 'eagles', 'ferries'];
  let right = 0;
  let wanted = 0;
  for (let n = 0; n < 20; n++) {
    const { tenant } = await provision(tenancy, `recall-${n}-${runId}`);
    const text = Array.from(
      { length: 20 + n * 10 },
      (_, at) =>
        `# Note ${at}\n\nNote ${at} is about ${subjects[(at * 7 + n) % 6]} and ${at % 13}.`,
    ).join('\n\n');
    await addDocument(tenancy, tenant.id, { title: `Notes ${n}`, text }, { embedder });
    for (const question of subjects) {
      const [vector] = await embedder.embed([question]);
      const truth = await admin<{ distance: number }[]>`
        select (embedding <=> ${JSON.stringify(vector)}::vector) + 0 as distance
        from document_chunks where tenant_id = ${tenant.id} order by 1 limit 10`;
      const hits = await searchTenant(tenancy, tenant.id, { question, embedder, mode: 'vector' });
      // Many notes are equally near, so distances are compared, not ids.
      const farthest = Number(truth.at(-1)?.distance) + 1e-6;
      right += hits.filter(({ score }) => 1 - score <= farthest).length;
      wanted += truth.length;
    }
  }
  expect(right / wanted).toBeGreaterThanOrEqual(0.95);
});
