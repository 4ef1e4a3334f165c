import { capabilities } from '@reference/local-postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  getPlan,
  getSubscription,
  listBillingEvents,
  listPlans,
  listSubscriptions,
  processBillingEvent,
  requirePlanLimits,
  upsertPlan,
  upsertSubscription,
} from '../../src/queries/subscriptions.ts';
import { plans } from '../../src/schema/index.ts';
import { addUser } from '../people.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';

let workspace: Workspace;
let userId: string;
let counter = 0;
let stripeSubscriptionId: string;
const limits = { storageBytes: 1000, maxFileBytes: 100, aiRequestsPerDay: 10 };
beforeAll(async () => {
  workspace = await openWorkspace();
  const { db } = workspace;
  await upsertPlan(db, { key: 'free', name: 'Free', monthlyPriceCents: 0, limits });
  await upsertPlan(db, {
    key: 'pro',
    name: 'Pro',
    monthlyPriceCents: 900,
    limits: { ...limits, storageBytes: 9000 },
  });
});
afterAll(() => workspace.close());
beforeEach(async () => {
  userId = await addUser(workspace.db);
  stripeSubscriptionId = `sub_${++counter}`;
});

const invalid = { code: 'INVALID_INPUT' };
const missing = { code: 'NOT_FOUND' };
const conflict = { code: 'CONFLICT' };
const report = (more: object = {}) => ({
  userId,
  planKey: 'pro',
  stripeSubscriptionId,
  status: 'ACTIVE' as const,
  currentPeriodStart: new Date('2026-11-01T00:00:00Z'),
  currentPeriodEnd: new Date('2026-12-01T00:00:00Z'),
  ...more,
});

test('plans are kept by key, and listed by it', async () => {
  const { db } = workspace;
  const first = await getPlan(db, { key: 'free' });
  const again = await upsertPlan(db, { key: 'free', name: 'Gratis', monthlyPriceCents: 0, limits });
  expect(again).toEqual({ ...first, name: 'Gratis' });
  expect((await listPlans(db)).items.map(({ key }) => key)).toEqual(['free', 'pro']);
  expect(await getPlan(db, { key: 'none' })).toBeUndefined();
  for (const bad of [
    { key: 'Not A Key' },
    { monthlyPriceCents: -1 },
    { limits: { ...limits, storageBytes: -1 } },
    { limits: {} },
  ]) {
    // @ts-expect-error: what a caller without types may send
    const failed = upsertPlan(db, { key: 'x', name: 'X', monthlyPriceCents: 0, limits, ...bad });
    await expect(failed).rejects.toMatchObject(invalid);
  }
});

test('a subscription follows what the provider reports, and decides the limits', async () => {
  const { db } = workspace;
  expect(await requirePlanLimits(db, { userId })).toMatchObject({ storageBytes: 1000 });
  const { id } = await upsertSubscription(db, report({ status: 'TRIALING' }));
  expect(await upsertSubscription(db, report())).toEqual({ id });
  expect(await getSubscription(db, { userId })).toMatchObject({
    id,
    planKey: 'pro',
    status: 'ACTIVE',
  });
  expect(await requirePlanLimits(db, { userId })).toMatchObject({ storageBytes: 9000 });
  await upsertSubscription(db, report({ status: 'CANCELED' }));
  expect(await getSubscription(db, { userId })).toBeUndefined();
  expect(await requirePlanLimits(db, { userId })).toMatchObject({ storageBytes: 1000 });
  await upsertSubscription(db, report({ stripeSubscriptionId: `${stripeSubscriptionId}b` }));
  expect((await listSubscriptions(db, { userId })).items).toHaveLength(2);
  expect((await listSubscriptions(db, { userId: await addUser(db) })).items).toEqual([]);
});

test('a user has one living subscription, and nobody takes over another’s', async () => {
  const { db } = workspace;
  await upsertSubscription(db, report());
  await expect(
    upsertSubscription(db, report({ stripeSubscriptionId: `${stripeSubscriptionId}b` })),
  ).rejects.toMatchObject(conflict);
  const other = await addUser(db);
  await expect(upsertSubscription(db, report({ userId: other }))).rejects.toMatchObject(conflict);
  expect(await getSubscription(db, { userId: other })).toBeUndefined();
});

test('refuses unknown users and plans, and a period that ends before it begins', async () => {
  const { db } = workspace;
  await expect(upsertSubscription(db, report({ userId: 'nobody' }))).rejects.toMatchObject(missing);
  await expect(upsertSubscription(db, report({ planKey: 'none' }))).rejects.toMatchObject(missing);
  await expect(
    upsertSubscription(db, report({ currentPeriodEnd: new Date('2026-01-01T00:00:00Z') })),
  ).rejects.toMatchObject(invalid);
  await expect(upsertSubscription(db, report({ status: 'FOREVER' }))).rejects.toMatchObject(
    invalid,
  );
});

test('a plan in use can’t be deleted', async () => {
  await upsertSubscription(workspace.db, report());
  await expect(workspace.db.delete(plans)).rejects.toMatchObject({
    constraint: 'subscriptions_planId_fkey',
  });
});

describe('billing events', () => {
  const event = (type = 'invoice.paid') => ({ id: `evt_${++counter}`, type, payload: { n: 1 } });

  test('an event acts once; one whose effect failed acts when it comes again', async () => {
    const { db } = workspace;
    const delivered = event();
    let acts = 0;
    const failing = processBillingEvent(db, delivered, async (tx) => {
      await upsertSubscription(tx, report());
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await getSubscription(db, { userId })).toBeUndefined();
    const act = async () => {
      acts += 1;
    };
    expect(await processBillingEvent(db, delivered, act)).toEqual({ processed: true });
    expect(await processBillingEvent(db, delivered, act)).toEqual({ processed: false });
    expect(acts).toBe(1);
  });

  test('are listed by type, without their payload', async () => {
    const { db } = workspace;
    for (let n = 0; n < 3; n++) await processBillingEvent(db, event('a.b'), async () => {});
    const first = await listBillingEvents(db, { type: 'a.b', limit: 2 });
    const second = await listBillingEvents(db, { type: 'a.b', limit: 2, after: first.nextCursor });
    expect([...first.items, ...second.items]).toHaveLength(3);
    expect(first.items[0]).not.toHaveProperty('payload');
  });

  test('refuses an oversized payload and NUL', async () => {
    const act = async () => {};
    for (const payload of [{ text: 'x'.repeat(256_001) }, { text: 'a\0b' }]) {
      await expect(
        processBillingEvent(workspace.db, { ...event(), payload }, act),
      ).rejects.toMatchObject(invalid);
    }
  });

  test.skipIf(!capabilities.concurrency)('ten deliveries at once act once', async () => {
    const { db } = workspace;
    for (let round = 0; round < 10; round++) {
      const delivered = event();
      const outcomes = await Promise.all(
        Array.from({ length: 10 }, () =>
          processBillingEvent(db, delivered, async (tx) => {
            await tx.insert(plans).values({
              key: delivered.id.replace('_', '-'),
              name: 'once',
              monthlyPriceCents: 0,
              limits,
            });
          }),
        ),
      );
      expect(outcomes.filter(({ processed }) => processed)).toHaveLength(1);
    }
  });
});
