import { capabilities } from '@reference/local-postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  distribute,
  distributeStatement,
  distributionObstacles,
  distributionPlan,
  listUsers,
  withTenant,
} from '../src/index.ts';
import { createTestTenancy, provision, type TestTenancy } from './test-tenancy.ts';

let test: TestTenancy;
beforeAll(async () => {
  test = await createTestTenancy();
});
afterAll(() => test?.close());

/** Breaks the schema, asks, and takes it back. */
async function obstaclesAfter(breaking: string) {
  const rollback = new Error('roll back');
  let found: string[] = [];
  await test.admin
    .begin(async (sql) => {
      await sql.unsafe(breaking);
      found = (await distributionObstacles(sql)).map(
        ({ table, object, problem }) => `${table}: ${object} ${problem}`,
      );
      throw rollback;
    })
    .catch((error: unknown) => {
      if (error !== rollback) throw error;
    });
  return found;
}

describe('distribution over a cluster', () => {
  it('takes tenants by id and every other table by tenant_id, referenced tables first', async () => {
    const plan = await distributionPlan(test.admin);
    expect(plan.map(distributeStatement)).toEqual([
      "select create_distributed_table('tenants', 'id', shard_count => 32)",
      "select create_distributed_table('users', 'tenant_id', colocate_with => 'tenants')",
      "select create_distributed_table('conversations', 'tenant_id', colocate_with => 'tenants')",
      "select create_distributed_table('documents', 'tenant_id', colocate_with => 'tenants')",
      "select create_distributed_table('document_chunks', 'tenant_id', colocate_with => 'tenants')",
      "select create_distributed_table('messages', 'tenant_id', colocate_with => 'tenants')",
    ]);
    const [tables] = await test.admin`
      select count(*)::int as n from pg_class c where c.relkind in ('r', 'p') and not c.relispartition
        and c.relnamespace = 'public'::regnamespace`;
    expect(plan).toHaveLength(tables?.n);
  });

  it('nothing in the catalog stands against it: every key carries the distribution column', async () => {
    expect(await distributionObstacles(test.admin)).toEqual([]);
  });

  const cases: [string, string, string][] = [
    [
      'a unique key without the tenant',
      'create unique index users_email_alone on users (email)',
      'users: users_email_alone is unique without the tenant',
    ],
    [
      'a foreign key without the tenant',
      `alter table users add constraint users_alone unique (id);
       alter table conversations add constraint conversations_owner foreign key (user_id) references users (id)`,
      'conversations: conversations_owner refers to users without the tenant',
    ],
    [
      'a foreign key that pairs the tenant with another column',
      `alter table users add constraint users_swapped unique (id, tenant_id);
       alter table conversations add constraint conversations_swapped
         foreign key (tenant_id, user_id) references users (id, tenant_id) not valid`,
      'conversations: conversations_swapped refers to users without the tenant',
    ],
    [
      'a policy with a subquery',
      'create policy users_by_list on users using (tenant_id in (select id from tenants))',
      'users: users_by_list is a policy with a subquery',
    ],
    [
      'a table without the tenant',
      'create table plans (id uuid primary key)',
      'plans: plans has no column tenant_id',
    ],
  ];
  for (const [what, breaking, expected] of cases) {
    it(`refuses ${what}, naming it`, async () => {
      expect(await obstaclesAfter(breaking)).toContain(expected);
    });
  }

  it('says what is missing on a server without Citus', async () => {
    await expect(distribute(test.admin)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('CREATE EXTENSION citus'),
    });
  });
});

describe.skipIf(!capabilities.concurrency)(
  'distribution, with a stand-in for the extension',
  () => {
    it('distributes what is left, in order, and nothing the second time', async () => {
      // The names that Citus brings: what is checked is which statements are sent, and when.
      const rollback = new Error('roll back');
      await test.admin
        .begin(async (sql) => {
          await sql.unsafe(`
          update pg_extension set extname = 'citus' where extname = 'vector';
          create schema stand_in;
          create table stand_in.pg_dist_partition (logicalrelid regclass, partmethod "char");
          create function stand_in.create_distributed_table(
            name regclass, key text, shard_count int default null, colocate_with text default 'default')
            returns void language sql as $$ insert into stand_in.pg_dist_partition values (name, 'h') $$;
          set local search_path = public, stand_in;
          select create_distributed_table('tenants', 'id', shard_count => 32)`);
          const done = await distribute(sql);
          expect(done).toEqual([
            'users',
            'conversations',
            'documents',
            'document_chunks',
            'messages',
          ]);
          expect(await distribute(sql)).toEqual([]);
          throw rollback;
        })
        .catch((error: unknown) => {
          if (error !== rollback) throw error;
        });
    });
  },
);

describe('a tenancy on a distributed database', () => {
  it('tells Citus to pass settings on, before it sets the tenant', async () => {
    const { tenant } = await provision(test.tenancy, 'spread');
    const spread = await test.connect({ max: 1, distributed: true });
    const settings = await withTenant(spread, tenant.id, async (tx) => {
      const { items } = await listUsers(tx);
      expect(items).toHaveLength(1);
      return tx.db.execute(
        `select current_setting('citus.propagate_set_commands') as propagate, current_setting('app.tenant_id') as tenant`,
      );
    });
    expect(settings[0]).toEqual({ propagate: 'local', tenant: tenant.id });
  });
});
