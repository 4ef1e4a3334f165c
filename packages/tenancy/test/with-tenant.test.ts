import { capabilities } from '@reference/local-postgres';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createUser,
  listUsers,
  resumeTenant,
  suspendTenant,
  type Tenant,
  type TenantTx,
  tenantIdOf,
  updateUser,
  withTenant,
} from '../src/index.ts';
import { createTestTenancy, provision, type TestTenancy } from './test-tenancy.ts';

let test: TestTenancy;
let acme: Tenant;
let globex: Tenant;
beforeAll(async () => {
  test = await createTestTenancy();
  acme = (await provision(test.tenancy, 'acme')).tenant;
  globex = (await provision(test.tenancy, 'globex')).tenant;
});
afterAll(() => test?.close());

const emails = (tx: TenantTx) => listUsers(tx).then(({ items }) => items.map(({ email }) => email));

describe('withTenant', () => {
  it('shows a tenant its own rows and no others', async () => {
    expect(await withTenant(test.tenancy, acme.id, emails)).toEqual(['owner@acme.example']);
    expect(await withTenant(test.tenancy, globex.id, emails)).toEqual(['owner@globex.example']);
  });

  it('keeps a tenant to a query that names another one', async () => {
    const found = await withTenant(test.tenancy, acme.id, (tx) =>
      tx.db.execute(sql`select id from users where tenant_id = ${globex.id}`),
    );
    expect([...found]).toEqual([]);
  });

  it('leaves no tenant on the connection', async () => {
    const one = await test.connect({ max: 1 });
    await withTenant(one, acme.id, emails);
    const [row] = await one.db.execute(
      sql`select current_setting('app.tenant_id', true) as tenant`,
    );
    expect(row?.tenant ?? '').toBe('');
  });

  it('refuses a transaction kept after its end, raw handle included', async () => {
    const kept = await withTenant(test.tenancy, acme.id, async (tx) => ({ tx, db: tx.db }));
    expect(() => kept.tx.db).toThrow(expect.objectContaining({ code: 'USAGE' }));
    await expect(async () => kept.db.execute(sql`select 1`)).rejects.toMatchObject({
      code: 'USAGE',
    });
  });

  it('undoes a savepoint alone', async () => {
    const names = await withTenant(test.tenancy, acme.id, async (tx) => {
      await createUser(tx, { email: 'kept@acme.example' });
      await tx
        .savepoint(async (nested) => {
          await createUser(nested, { email: 'undone@acme.example' });
          throw new Error('undo');
        })
        .catch(() => {});
      return emails(tx);
    });
    expect(names).toEqual(['owner@acme.example', 'kept@acme.example']);
  });

  it('runs at the isolation level asked for, read only where asked', async () => {
    const level = await withTenant(
      test.tenancy,
      acme.id,
      (tx) => tx.db.execute(sql`select current_setting('transaction_isolation') as level`),
      { isolation: 'repeatable read' },
    );
    expect(level[0]?.level).toBe('repeatable read');
    await expect(
      withTenant(test.tenancy, acme.id, (tx) => createUser(tx, { email: 'x@acme.example' }), {
        readOnly: true,
      }),
    ).rejects.toMatchObject({ sqlstate: '25006' });
  });

  it('refuses a malformed id before it reaches the server', async () => {
    for (const id of ['', 'acme', "00000000-0000-0000-0000-000000000000'; reset role; --"]) {
      await expect(async () => withTenant(test.tenancy, id, emails)).rejects.toMatchObject({
        code: 'INVALID_INPUT',
      });
    }
  });

  it('refuses an unknown tenant, and runs nothing', async () => {
    let ran = false;
    const unknown = withTenant(test.tenancy, tenantIdOf('nobody'), async () => {
      ran = true;
    });
    await expect(unknown).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(ran).toBe(false);
  });

  it('refuses a suspended tenant until it is resumed', async () => {
    await suspendTenant(test.tenancy, globex.id);
    await expect(withTenant(test.tenancy, globex.id, emails)).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    expect(await withTenant(test.tenancy, globex.id, emails, { evenSuspended: true })).toHaveLength(
      1,
    );
    await resumeTenant(test.tenancy, globex.id);
    expect(await withTenant(test.tenancy, globex.id, emails)).toHaveLength(1);
  });

  it('caches no statement per tenant', async () => {
    const one = await test.connect({ max: 1 });
    for (const tenant of [acme, globex]) await withTenant(one, tenant.id, emails);
    const cached = await one.db.execute(
      sql`select statement from pg_prepared_statements where statement ~ ${'app\\.tenant_id = '}`,
    );
    expect([...cached]).toEqual([]);
  });
});

describe.skipIf(!capabilities.concurrency)('withTenant on several connections', () => {
  it('runs again after a deadlock', async () => {
    const [first, second] = await withTenant(test.tenancy, acme.id, async (tx) => [
      await createUser(tx, { email: 'deadlock1@acme.example' }),
      await createUser(tx, { email: 'deadlock2@acme.example' }),
    ]);
    if (!first || !second) throw new Error('unreachable');
    let runs = 0;
    const bothLocked = barrier(2);
    const crossing = (ids: readonly string[]) =>
      withTenant(test.tenancy, acme.id, async (tx) => {
        runs += 1;
        for (const id of ids) {
          await updateUser(tx, { userId: id, name: 'crossed' });
          await bothLocked();
        }
      });
    await Promise.all([crossing([first.id, second.id]), crossing([second.id, first.id])]);
    // The one that runs again may be first at the other's row, and meet it a second time.
    expect(runs).toBeGreaterThan(2);
  });
});

/** Each of the first `parties` callers waits for the others; later ones pass. */
function barrier(parties: number): () => Promise<void> {
  let arrived = 0;
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return async () => {
    arrived += 1;
    if (arrived >= parties) open();
    await opened;
  };
}
