import { randomBytes } from 'node:crypto';
import type postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  clusterProblems,
  createConversation,
  createTenancy,
  createUser,
  distribute,
  embedQuery,
  hashingEmbedder,
  listUsers,
  provisionTenant,
  searchChunks,
  type Tenancy,
  walPosition,
  withTenant,
} from '../../src/index.ts';
import {
  becomeOnPglite,
  createTestTenancy,
  openAdmin,
  provision,
  type TestTenancy,
} from '../test-tenancy.ts';
import { type CitusProxy, startCitusProxy } from './citus-proxy.ts';
import { commandsSent, installStandIn } from './stand-in.ts';

const tables = ['tenants', 'users', 'conversations', 'documents', 'document_chunks', 'messages'];

describe('distribution, with a stand-in for the extension', () => {
  let test: TestTenancy;
  beforeAll(async () => {
    test = await createTestTenancy();
    await installStandIn(test.admin);
  });
  afterAll(() => test?.close());

  const forced = async () => {
    const [row] = await test.admin<{ lifted: number }[]>`
      select count(*) filter (where not relforcerowsecurity)::int as lifted
      from pg_class where relnamespace = 'public'::regnamespace and relrowsecurity`;
    return row?.lifted === 0;
  };

  it('goes on after a run that was cut short, as an owner whom FORCE holds back', async () => {
    const owner = `tenancy_owner_${randomBytes(6).toString('hex')}`;
    await test.admin.unsafe(`create role ${owner} login password 'secret'`);
    const url = new URL(test.adminUrl);
    url.username = owner;
    url.password = 'secret';
    const sql = openAdmin(url.href, 1);
    try {
      await test.admin.unsafe(`grant create on schema public to ${owner}`);
      for (const { name } of await test.admin<{ name: string }[]>`
        select c.oid::regclass::text as name from pg_class c
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relrowsecurity`) {
        await test.admin.unsafe(`alter table ${name} owner to ${owner}`);
      }
      // A killed run: one table done, FORCE still lifted from another.
      await test.admin`insert into pg_catalog.pg_dist_partition values ('tenants'::regclass, 'h')`;
      await test.admin`alter table documents no force row level security`;
      expect(await clusterProblems(test.admin)).toContainEqual({
        problem: 'Table documents has no forced row security.',
        fix: 'Run tenancy:distribute, which restores it.',
      });
      await expect(test.connect({ max: 1 })).rejects.toMatchObject({
        message: expect.stringContaining('documents has no forced row security'),
      });

      await becomeOnPglite(test.admin, owner);
      expect(await distribute(sql)).toEqual(tables.slice(1));
      expect(await forced()).toBe(true);
      expect(await distribute(sql)).toEqual([]);
    } finally {
      await sql.end();
      await becomeOnPglite(test.admin, 'postgres');
      await test.admin.unsafe(
        `reassign owned by ${owner} to postgres; drop owned by ${owner}; drop role ${owner}`,
      );
    }
  });

  it('gives shards their storage back and marks the text operator on every node', async () => {
    await distribute(test.admin);
    const commands = await commandsSent(test.admin);
    expect(commands).toContain(
      'shards of document_chunks_p00: alter table %s alter column embedding set storage plain',
    );
    expect(commands).toContain(
      'every node: alter function pg_catalog.ts_match_vq(tsvector, tsquery) leakproof',
    );
    expect(await clusterProblems(test.admin)).toEqual([]);
  });

  it('FORCE is back when a table could not be distributed', async () => {
    const failing: postgres.Sql = test.admin;
    await test.admin`delete from pg_catalog.pg_dist_partition where logicalrelid = 'messages'::regclass`;
    await test.admin`alter function pg_catalog.create_distributed_table rename to hidden`;
    try {
      await expect(distribute(failing)).rejects.toThrow(/create_distributed_table/);
      expect(await forced()).toBe(true);
    } finally {
      await test.admin`alter function pg_catalog.hidden rename to create_distributed_table`;
      await distribute(test.admin);
    }
  });

  it('names a table of a later migration, a node without the mark, and a shard without its storage', async () => {
    await test.admin`create table notes (tenant_id uuid not null, id uuid, primary key (tenant_id, id))`;
    await test.admin`insert into pg_catalog.stand_in_answers values
      ('%proleakproof%', 3, 'f'), ('%attstorage%', 2, 'x')`;
    try {
      const problems = await clusterProblems(test.admin);
      expect(problems.map(({ problem }) => problem)).toEqual([
        "Table notes lies on the coordinator alone, away from its tenants' other rows.",
        'Text search on worker-2:5432 reads every chunk of a tenant: its operator is not marked LEAKPROOF there.',
        ...Array.from(
          { length: 16 },
          (_, part) =>
            `Shards of document_chunks_p${String(part).padStart(2, '0')}.embedding have lost the column's storage, so an exact search reads TOAST.`,
        ),
      ]);
      expect(problems[1]?.fix).toBe(
        'As a superuser on that node: alter function pg_catalog.ts_match_vq(tsvector, tsquery) leakproof;',
      );
    } finally {
      await test.admin`drop table notes`;
      await test.admin`delete from pg_catalog.stand_in_answers`;
    }
  });
});

describe('a tenancy on a cluster, as it answers', () => {
  const embedder = hashingEmbedder();
  let test: TestTenancy;
  let proxy: CitusProxy;
  let tenancy: Tenancy;
  beforeAll(async () => {
    test = await createTestTenancy();
    await installStandIn(test.admin);
    await distribute(test.admin);
    await becomeOnPglite(test.admin, test.login);
    proxy = await startCitusProxy(test.appUrl);
    tenancy = await createTenancy({ url: proxy.url, max: 2 });
  });
  afterAll(async () => {
    await tenancy?.close();
    await proxy?.close();
    await test?.close();
  });

  it('is found in the catalog', () => {
    expect(tenancy.distributed).toBe(true);
    expect(test.tenancy.distributed).toBe(false);
  });

  it('enters a tenant and searches, with settings that Citus can pass on', async () => {
    const { tenant } = await provision(tenancy, 'spread');
    const found = await withTenant(tenancy, tenant.id, async (tx) => {
      const query = await embedQuery(embedder, 'anything');
      expect(await searchChunks(tx, { query })).toEqual([]);
      expect((await listUsers(tx)).items).toHaveLength(1);
      return tx.db.execute(
        `select current_setting('citus.propagate_set_commands') as propagate, current_setting('app.tenant_id') as tenant`,
      );
    });
    expect(found[0]).toEqual({ propagate: 'local', tenant: tenant.id });
    // Citus has to be told to pass settings on before it meets one.
    const entry = proxy.messages.find((message) => message.includes(tenant.id)) ?? '';
    expect(entry.indexOf('citus.propagate_set_commands')).toBeGreaterThan(-1);
    expect(entry.indexOf('citus.propagate_set_commands')).toBeLessThan(
      entry.indexOf('app.tenant_id'),
    );
  });

  it('refuses what it would refuse: plain settings beside a query', async () => {
    const plain = test.tenancy;
    const throughProxy: Tenancy = { ...tenancy, distributed: plain.distributed };
    const { tenant } = await provision(plain, 'plain');
    await expect(withTenant(throughProxy, tenant.id, (tx) => listUsers(tx))).rejects.toMatchObject({
      sqlstate: 'XX000',
    });
  });

  it('gives violations their names, which workers leave out of the fields', async () => {
    const { tenant } = await provision(tenancy, 'named');
    await expect(provision(tenancy, 'named')).rejects.toMatchObject({
      code: 'CONFLICT',
      message: 'The slug "named" is taken. Choose another one.',
    });
    await withTenant(tenancy, tenant.id, async (tx) => {
      await expect(
        tx.savepoint((nested) =>
          createUser(nested, { email: 'OWNER@named.example', name: 'Again' }),
        ),
      ).rejects.toMatchObject({
        message: 'A user with this e-mail address is in the tenant already.',
      });
      await expect(
        tx.savepoint((nested) =>
          createConversation(nested, {
            userId: '6f9619ff-8b86-4011-b42d-00c04fc964ff',
            title: 'Of nobody',
          }),
        ),
      ).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });
  });

  it('refuses replicas, a role without a login, and a position in the log', async () => {
    await expect(createTenancy({ url: proxy.url, replicas: [test.appUrl] })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('Leave `replicas` out'),
    });
    await expect(createTenancy({ url: test.adminUrl, role: 'tenancy_app' })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('has no login'),
    });
    await expect(walPosition(tenancy)).rejects.toMatchObject({ code: 'USAGE' });
  });

  it('keeps tenants apart', async () => {
    const [a, b] = await Promise.all([provision(tenancy, 'left'), provision(tenancy, 'right')]);
    const emails = await withTenant(tenancy, a.tenant.id, async (tx) =>
      (await listUsers(tx)).items.map(({ email }) => email),
    );
    expect(emails).toEqual(['owner@left.example']);
    await expect(
      provisionTenant(tenancy, { name: 'x', slug: 'right', owner: { email: 'x@right.example' } }),
    ).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(b.tenant.id).not.toBe(a.tenant.id);
  });
});
