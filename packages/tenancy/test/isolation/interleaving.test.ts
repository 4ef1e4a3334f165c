import { randomUUID } from 'node:crypto';
import { capabilities } from '@reference/local-postgres';
import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createUser,
  deleteUser,
  type Tenancy,
  type TenantTx,
  users,
  withTenant,
} from '../../src/index.ts';
import { createTestTenancy, provision, type TestTenancy } from '../test-tenancy.ts';

let test: TestTenancy;
let poolOfOne: Tenancy;
const tenantIds: string[] = [];
beforeAll(async () => {
  test = await createTestTenancy();
  poolOfOne = await test.connect({ max: 1 });
  for (const slug of ['north', 'east', 'south', 'west']) {
    tenantIds.push((await provision(test.tenancy, slug)).tenant.id);
  }
});
afterAll(() => test?.close());

/** The expected user ids of a tenant, beside the owner it was provisioned with. */
type Model = Map<string, Set<string>>;

/** One transaction of one tenant; what it writes counts only when it ends well. */
type Operation = {
  readonly tenant: number;
  readonly steps: readonly (
    | 'create'
    | 'delete'
    | 'read'
    | 'probe'
    | 'undone savepoint'
    | 'savepoint'
  )[];
  readonly ending: 'commit' | 'throw' | 'fail in the server';
};

const operation: fc.Arbitrary<Operation> = fc.record({
  tenant: fc.nat({ max: 3 }),
  steps: fc.array(
    fc.constantFrom('create', 'delete', 'read', 'probe', 'undone savepoint', 'savepoint'),
    { minLength: 1, maxLength: 4 },
  ),
  ending: fc.oneof(
    { weight: 4, arbitrary: fc.constant('commit') },
    { weight: 1, arbitrary: fc.constant('throw') },
    { weight: 1, arbitrary: fc.constant('fail in the server') },
  ),
});

/** The ids that the transaction sees, and proof that no row of another tenant is among them. */
async function visible(tx: TenantTx): Promise<Set<string>> {
  const rows = await tx.db
    .select({ id: users.id, tenantId: users.tenantId, role: users.role })
    .from(users);
  for (const row of rows) expect(row.tenantId).toBe(tx.tenantId);
  return new Set(rows.filter(({ role }) => role !== 'owner').map(({ id }) => id));
}

async function create(tx: TenantTx, ids: Set<string>): Promise<void> {
  const { id } = await createUser(tx, { email: `${randomUUID()}@tenant.example` });
  ids.add(id);
}

async function run(tenancy: Tenancy, model: Model, { tenant, steps, ending }: Operation) {
  const tenantId = tenantIds[tenant] ?? '';
  const committed = model.get(tenantId) ?? new Set<string>();
  // Retries run the whole callback again, so each run starts from what is committed.
  let pending = new Set<string>();
  const foreign = [...model].flatMap(([owner, ids]) => (owner === tenantId ? [] : [...ids]));
  const work = withTenant(tenancy, tenantId, async (tx) => {
    pending = new Set(committed);
    for (const step of steps) {
      if (step === 'create') await create(tx, pending);
      if (step === 'read') expect(await visible(tx)).toEqual(pending);
      if (step === 'delete') {
        const [first] = pending;
        if (first) {
          await deleteUser(tx, { userId: first });
          pending.delete(first);
        }
      }
      if (step === 'probe') {
        const changed = await tx.db.execute(
          sql`update users set name = 'stolen' where id = any(${`{${foreign.join(',')}}`}::uuid[]) returning 1`,
        );
        expect([...changed]).toEqual([]);
      }
      if (step === 'savepoint') await tx.savepoint((nested) => create(nested, pending));
      if (step === 'undone savepoint') {
        const undone = tx.savepoint(async (nested) => {
          await create(nested, new Set());
          throw new Error('undo');
        });
        await expect(undone).rejects.toThrow('undo');
      }
    }
    if (ending === 'throw') throw new Error('abort');
    if (ending === 'fail in the server') await tx.db.execute(sql`select 1 / 0`);
  });
  if (ending === 'commit') {
    await work;
    model.set(tenantId, pending);
  } else {
    await expect(work).rejects.toThrow();
  }
}

async function expectModel(model: Model): Promise<void> {
  for (const [tenantId, ids] of model) {
    expect(await withTenant(poolOfOne, tenantId, visible)).toEqual(ids);
  }
  const [stolen] = await test.admin`select count(*)::int as n from users where name = 'stolen'`;
  expect(stolen?.n).toBe(0);
}

const freshModel = async (): Promise<Model> => {
  await test.admin`delete from users where role <> 'owner'`;
  return new Map(tenantIds.map((id) => [id, new Set<string>()]));
};

// Embedded, one session serves them all, slowly: a fifth of them there.
const share = () => (capabilities.concurrency ? 1 : 0.2);

describe('a thousand transactions of random tenants', () => {
  it('on a pool of one, never show a foreign row and lose nothing', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(operation, { minLength: 50, maxLength: 50 }),
        async (operations) => {
          const model = await freshModel();
          for (const each of operations) await run(poolOfOne, model, each);
          await expectModel(model);
        },
      ),
      { numRuns: 20 * share(), endOnFailure: true },
    );
  }, 240_000);

  it('interleaved on the pool, a tenant’s own in order, never show a foreign row and lose nothing', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(operation, { minLength: 100, maxLength: 100 }),
        async (operations) => {
          const model = await freshModel();
          // The model can't say in what order two writers of one tenant meet; four tenants at once can.
          await Promise.all(
            tenantIds.map(async (_, tenant) => {
              for (const each of operations.filter((one) => one.tenant === tenant)) {
                await run(test.tenancy, model, each);
              }
            }),
          );
          await expectModel(model);
        },
      ),
      { numRuns: 5 * share(), endOnFailure: true },
    );
  }, 240_000);
});
