import {
  ConflictError,
  type KeysetPage,
  keyset,
  listPage,
  mapConstraints,
  type PageRequest,
  parseInput,
} from '@reference/kit';
import { and, eq, ne, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Db } from '../../database.ts';
import {
  insertSubscriptionSchema,
  type PlanLimits,
  plans,
  type Subscription,
  subscriptions,
} from '../../schema/index.ts';
import { noSuchUser } from '../auth/issued.ts';
import { onlyRow } from '../rows.ts';
import { requirePlan } from './plans.ts';

const summary = {
  id: subscriptions.id,
  planKey: plans.key,
  status: subscriptions.status,
  currentPeriodStart: subscriptions.currentPeriodStart,
  currentPeriodEnd: subscriptions.currentPeriodEnd,
  cancelAtPeriodEnd: subscriptions.cancelAtPeriodEnd,
  createdAt: subscriptions.createdAt,
};
export type SubscriptionSummary = Pick<Subscription, Exclude<keyof typeof summary, 'planKey'>> & {
  planKey: string;
};

/** @returns a user's active subscription with the limits of its plan, or undefined */
export async function getSubscription(
  db: Db,
  params: { userId: string },
): Promise<(SubscriptionSummary & { limits: PlanLimits }) | undefined> {
  const [subscription] = await db
    .select({ ...summary, limits: plans.limits })
    .from(subscriptions)
    .innerJoin(plans, eq(plans.id, subscriptions.planId))
    .where(
      and(eq(subscriptions.userId, params.userId), ne(subscriptions.status, sql.raw(`'CANCELED'`))),
    )
    .limit(1);
  return subscription;
}

/**
 * Gives a user's limits: from their active subscription, else from the plan `free`.
 * @throws NotFoundError when they have no subscription and no plan `free` exists
 */
export async function requirePlanLimits(db: Db, params: { userId: string }): Promise<PlanLimits> {
  const subscription = await getSubscription(db, params);
  return subscription?.limits ?? (await requirePlan(db, { key: 'free' })).limits;
}

const latestFirst = keyset([
  { column: subscriptions.createdAt, direction: 'desc' },
  { column: subscriptions.id, direction: 'desc' },
]);

/** Lists a user's subscriptions, latest first, canceled ones too. */
export async function listSubscriptions(
  db: Db,
  params: PageRequest & { userId: string },
): Promise<KeysetPage<SubscriptionSummary>> {
  return listPage(latestFirst, params, (seek) =>
    db
      .select({ ...summary, ...seek.select })
      .from(subscriptions)
      .innerJoin(plans, eq(plans.id, subscriptions.planId))
      .where(and(eq(subscriptions.userId, params.userId), seek.where))
      .orderBy(...seek.orderBy)
      .limit(seek.limit),
  );
}

const reportSchema = insertSubscriptionSchema
  .pick({
    userId: true,
    status: true,
    currentPeriodStart: true,
    currentPeriodEnd: true,
    cancelAtPeriodEnd: true,
  })
  .extend({ stripeSubscriptionId: z.string().min(1).max(255), planKey: z.string() })
  .refine(({ currentPeriodStart, currentPeriodEnd }) => currentPeriodStart < currentPeriodEnd, {
    path: ['currentPeriodEnd'],
    message: 'must be later than currentPeriodStart',
  });

/**
 * Stores the payment provider's report of a subscription, new or known. Its owner never changes.
 *
 * @throws NotFoundError when there is no such user or plan
 * @throws ConflictError when the user has another active subscription, or this one is someone
 *   else's
 */
export async function upsertSubscription(
  db: Db,
  params: z.input<typeof reportSchema>,
): Promise<{ id: string }> {
  const { planKey, userId, stripeSubscriptionId, ...terms } = parseInput(reportSchema, params);
  const { id: planId } = await requirePlan(db, { key: planKey });
  const rows = await mapConstraints(
    db
      .insert(subscriptions)
      .values({ userId, stripeSubscriptionId, planId, ...terms })
      .onConflictDoUpdate({
        target: subscriptions.stripeSubscriptionId,
        set: { planId, ...terms },
        setWhere: eq(subscriptions.userId, userId),
      })
      .returning({ id: subscriptions.id }),
    {
      subscriptions_userId_fkey: noSuchUser,
      subscriptions_living_key: () =>
        new ConflictError('This user has another active subscription. Cancel that one first.'),
    },
  );
  if (rows.length === 0) {
    throw new ConflictError('This subscription belongs to another user. Check the event.');
  }
  return onlyRow(rows);
}
