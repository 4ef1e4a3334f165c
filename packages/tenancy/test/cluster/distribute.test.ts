import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  distribute,
  distributeStatement,
  distributionObstacles,
  distributionPlan,
} from '../../src/index.ts';
import { createTestTenancy, type TestTenancy } from '../test-tenancy.ts';

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

  // A node appends "_" and the shard's number.
  it('has no constraint whose name Citus would have to shorten', async () => {
    const long = await test.admin<{ name: string }[]>`
      select conname as name from pg_constraint x join pg_class c on c.oid = x.conrelid
      where c.relnamespace = 'public'::regnamespace and not c.relispartition
        and length(conname) + length('_102008') > 63`;
    expect([...long]).toEqual([]);
  });

  it('says what is missing on a server without Citus', async () => {
    await expect(distribute(test.admin)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('CREATE EXTENSION citus'),
    });
  });
});
