import { fillTables, findText } from '@reference/audit/testing';
import { ConflictError, NotFoundError } from '@reference/kit';
import { checkPersonalPlan } from '@reference/kit/personal-plan';
import { capabilities } from '@reference/local-postgres';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import {
  createConversation,
  createUser,
  eraseUser,
  exportUser,
  getUser,
  personalPlan,
  withTenant,
} from '../../src/index.ts';
import { createTestTenancy, provision, type TestTenancy } from '../test-tenancy.ts';

let bench: TestTenancy;
beforeAll(async () => {
  bench = await createTestTenancy();
});
afterAll(() => bench.close());

/** A tenant with an owner and a member. */
async function makePair(slug: string) {
  const { tenant, owner } = await provision(bench.tenancy, slug);
  const member = await withTenant(bench.tenancy, tenant.id, (tx) =>
    createUser(tx, { email: `member@${slug}.example` }),
  );
  return { tenantId: tenant.id, owner: owner.id, member: member.id };
}

test('the plan covers every table that reaches the users, and says what the foreign keys say', async () => {
  await withTenant(bench.tenancy, (await makePair('planned')).tenantId, async (tx) => {
    expect(await checkPersonalPlan(tx.db, personalPlan)).toEqual([]);
  });
});

test('a person who is in every table is exported whole, and after that nowhere in the database', async () => {
  const filled = await createTestTenancy();
  try {
    const { admin, tenancy } = filled;
    const { id: userId, canary } = await fillTables(admin, personalPlan);
    const [row] = await admin`select tenant_id from users where id = ${userId}`;
    const tenantId = String(row?.tenant_id);
    await admin`insert into users (tenant_id, email, role) values (${tenantId}, 'left@example.com', 'owner')`;
    const tables: string[] = [];
    let text = '';
    await exportUser(tenancy, {
      tenantId,
      userId,
      write: async ({ table, rows }) => {
        tables.push(table);
        text += JSON.stringify(rows);
      },
    });
    expect(tables).toEqual(['users', ...Object.keys(personalPlan.tables)]);
    expect(text.split(canary).length).toBeGreaterThan(5);
    expect((await findText(admin, [userId, canary])).length).toBeGreaterThan(2);
    expect(await eraseUser(tenancy, { tenantId, userId })).toEqual({ tenantDeleted: false });
    expect(await findText(admin, [userId, canary])).toEqual([]);
    await expect(eraseUser(tenancy, { tenantId, userId })).rejects.toThrow(NotFoundError);
    await expect(exportUser(tenancy, { tenantId, userId, write: async () => {} })).rejects.toThrow(
      NotFoundError,
    );
  } finally {
    await filled.close();
  }
});

test('with the last person the tenant goes: documents, JSON and vectors, and no other tenant', async () => {
  const filled = await createTestTenancy();
  try {
    const { admin, tenancy } = filled;
    // Nobody owns these documents until then: here they are filled as the person's.
    const whole = {
      ...personalPlan,
      tables: {
        ...personalPlan.tables,
        documents: { through: [''] },
        document_chunks: { through: [''] },
      },
    };
    const { id: userId, canary, canaryNumber } = await fillTables(admin, whole);
    const [row] = await admin`select tenant_id from users where id = ${userId}`;
    const tenantId = String(row?.tenant_id);
    const texts = [userId, tenantId, canary, canaryNumber];
    expect((await findText(admin, texts)).join('\n')).toMatch(/document_chunks_p\d\d: /);
    // Killed after it had suspended the tenant: the same call goes on.
    await admin`update tenants set is_active = false where id = ${tenantId}`;
    await admin`delete from document_chunks where tenant_id = ${tenantId}`;
    expect(await eraseUser(tenancy, { tenantId, userId })).toEqual({ tenantDeleted: true });
    expect(await findText(admin, texts)).toEqual([]);
    const [left] = await admin`select (select count(*)::int from tenants) as tenants,
      (select count(*)::int from document_chunks) as chunks`;
    expect(left).toEqual({ tenants: 1, chunks: 1 });
  } finally {
    await filled.close();
  }
});

test('the only owner is not erased while others are there, and nothing of theirs', async () => {
  const { tenancy } = bench;
  const { tenantId, owner, member } = await makePair('owned');
  await expect(eraseUser(tenancy, { tenantId, userId: owner })).rejects.toThrow(ConflictError);
  await eraseUser(tenancy, { tenantId, userId: member });
  await withTenant(tenancy, tenantId, async (tx) => {
    expect(await getUser(tx, { userId: owner })).toBeDefined();
    expect(await getUser(tx, { userId: member })).toBeUndefined();
  });
  await expect(eraseUser(tenancy, { tenantId, userId: 'nobody' })).rejects.toThrow(NotFoundError);
});

test('another tenant’s person is not found, and stays', async () => {
  const { tenancy } = bench;
  const one = await makePair('mine');
  const other = await makePair('theirs');
  const wrong = { tenantId: one.tenantId, userId: other.member };
  await expect(eraseUser(tenancy, wrong)).rejects.toThrow(NotFoundError);
  await withTenant(tenancy, other.tenantId, async (tx) => {
    expect(await getUser(tx, { userId: other.member })).toBeDefined();
  });
});

test.skipIf(!capabilities.concurrency)(
  'of two owners who leave at once one stays, and of what a person writes while being erased nothing',
  async () => {
    const { tenancy, admin } = bench;
    for (let round = 0; round < 5; round++) {
      const { tenantId, owner, member } = await makePair(`race-${round}`);
      await admin`update users set role = 'owner' where id = ${member}`;
      const third = await withTenant(tenancy, tenantId, (tx) =>
        createUser(tx, { email: 'third@example.com' }),
      );
      const results = await Promise.allSettled([
        eraseUser(tenancy, { tenantId, userId: owner }),
        eraseUser(tenancy, { tenantId, userId: member }),
        withTenant(tenancy, tenantId, (tx) => createConversation(tx, { userId: owner })),
        withTenant(tenancy, tenantId, (tx) => createConversation(tx, { userId: third.id })),
      ]);
      const erased = results.slice(0, 2).filter(({ status }) => status === 'fulfilled');
      expect(erased).toHaveLength(1);
      expect(results[3]?.status).toBe('fulfilled');
      const [left] = await admin`select count(*)::int as orphans from conversations c
        where tenant_id = ${tenantId} and not exists (select from users u where u.id = c.user_id)`;
      expect(left).toEqual({ orphans: 0 });
    }
  },
);

test.skipIf(!capabilities.concurrency)(
  'the last person waits for one who is joining, and then does not take the tenant along',
  async () => {
    const { tenancy, admin } = bench;
    const { tenant, owner } = await provision(tenancy, 'joining');
    let commit = () => {};
    const released = new Promise<void>((resolve) => {
      commit = resolve;
    });
    let joined = () => {};
    const hasJoined = new Promise<void>((resolve) => {
      joined = resolve;
    });
    const joining = withTenant(tenancy, tenant.id, async (tx) => {
      const user = await createUser(tx, { email: 'new@joining.example' });
      joined();
      await released;
      return user;
    });
    await Promise.race([hasJoined, joining]);
    const leaving = eraseUser(tenancy, { tenantId: tenant.id, userId: owner.id });
    try {
      const waiting = async () => {
        const [row] = await admin`
          select count(*)::int as waiting from pg_stat_activity
          where wait_event_type = 'Lock' and datname = current_database()`;
        return row?.waiting;
      };
      await vi.waitFor(async () => expect(await waiting()).toBe(1), { timeout: 30_000 });
    } finally {
      commit();
      await Promise.allSettled([joining, leaving]);
    }
    await expect(leaving).rejects.toThrow(ConflictError);
    const { id: userId } = await joining;
    await withTenant(tenancy, tenant.id, async (tx) => {
      expect(await getUser(tx, { userId })).toBeDefined();
    });
  },
  60_000,
);
