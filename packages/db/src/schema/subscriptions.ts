import { camelTimestamps, instant } from '@reference/kit';
import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgEnum,
  pgTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { z } from 'zod';
import { users } from './auth.ts';
import { cuid } from './columns.ts';
import { atLeast, immutable, line, optional, slug } from './fields.ts';
import { boundedJson } from './json.ts';

const countSchema = z.int().min(0);
/** The limits of a plan: bytes stored in all, bytes of one file, AI requests a day. */
export const planLimitsSchema = z.object({
  storageBytes: countSchema,
  maxFileBytes: countSchema,
  aiRequestsPerDay: countSchema,
});
export type PlanLimits = z.infer<typeof planLimitsSchema>;

/** A row is an offer that people subscribe to. */
export const plans = pgTable(
  'plans',
  {
    id: cuid(),
    /** Its name in code and configuration, such as `free`. */
    key: text('key').notNull(),
    name: text('name').notNull(),
    monthlyPriceCents: integer('monthlyPriceCents').notNull(),
    limits: jsonb('limits').$type<PlanLimits>().notNull(),
    ...camelTimestamps,
  },
  (t) => [
    /** Serves a plan by its key. */
    uniqueIndex('plans_key_key').on(t.key),
    check('plans_monthlyPriceCents_check', sql`${t.monthlyPriceCents} >= 0`),
  ],
);

const planFields = {
  key: slug,
  name: line(100),
  monthlyPriceCents: atLeast(0),
  limits: () => planLimitsSchema,
};
export const insertPlanSchema = createInsertSchema(plans, planFields);
export const selectPlanSchema = createSelectSchema(plans, { limits: () => planLimitsSchema });
export const updatePlanSchema = createUpdateSchema(plans, planFields).omit(immutable);
export type Plan = typeof plans.$inferSelect;
export type NewPlan = typeof plans.$inferInsert;

export const subscriptionStatus = pgEnum('SubscriptionStatus', [
  'TRIALING',
  'ACTIVE',
  'PAST_DUE',
  'CANCELED',
]);
export type SubscriptionStatus = (typeof subscriptionStatus.enumValues)[number];

/** A row is a person's subscription to a plan, as the payment provider last reported it. */
export const subscriptions = pgTable(
  'subscriptions',
  {
    id: cuid(),
    userId: text('userId').notNull(),
    planId: text('planId').notNull(),
    /** Not a foreign key, because the subscription is Stripe's. Null for one without payment. */
    stripeSubscriptionId: text('stripeSubscriptionId'),
    status: subscriptionStatus('status').notNull(),
    currentPeriodStart: instant('currentPeriodStart').notNull(),
    currentPeriodEnd: instant('currentPeriodEnd').notNull(),
    cancelAtPeriodEnd: boolean('cancelAtPeriodEnd').notNull().default(false),
    ...camelTimestamps,
  },
  (t) => [
    foreignKey({
      name: 'subscriptions_userId_fkey',
      columns: [t.userId],
      foreignColumns: [users.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'subscriptions_planId_fkey',
      columns: [t.planId],
      foreignColumns: [plans.id],
    }).onDelete('restrict'),
    /** Serves a provider's event about a subscription. */
    uniqueIndex('subscriptions_stripeSubscriptionId_key').on(t.stripeSubscriptionId),
    /** Serves a person's limits: they have one active subscription. */
    uniqueIndex('subscriptions_living_key').on(t.userId).where(sql`${t.status} <> 'CANCELED'`),
    /** Serves a person's subscriptions, latest first. */
    index('subscriptions_userId_createdAt_idx').on(t.userId, t.createdAt, t.id),
    /** Serves refusing to delete a plan in use. */
    index('subscriptions_planId_idx').on(t.planId),
    check('subscriptions_period_check', sql`${t.currentPeriodStart} < ${t.currentPeriodEnd}`),
  ],
);

const subscriptionFields = { stripeSubscriptionId: optional(line(255)) };
export const insertSubscriptionSchema = createInsertSchema(subscriptions, subscriptionFields);
export const selectSubscriptionSchema = createSelectSchema(subscriptions);
export const updateSubscriptionSchema = createUpdateSchema(subscriptions, subscriptionFields).omit({
  ...immutable,
  userId: true,
});
export type Subscription = typeof subscriptions.$inferSelect;
export type NewSubscription = typeof subscriptions.$inferInsert;

/** A provider's event, unchanged; at most 256 KB. */
export const billingPayloadSchema = boundedJson(z.record(z.string(), z.json()), 256_000);
export type BillingPayload = z.infer<typeof billingPayloadSchema>;

/** A row is one processed event of the payment provider, which is not processed again. */
export const billingEvents = pgTable(
  'billing_events',
  {
    /** The provider's own event id. */
    id: text('id').primaryKey(),
    type: text('type').notNull(),
    payload: jsonb('payload').$type<BillingPayload>().notNull(),
    processedAt: instant('processedAt').notNull().defaultNow(),
    ...camelTimestamps,
  },
  (t) => [
    /** Serves the latest events of a type. */
    index('billing_events_type_processedAt_idx').on(t.type, t.processedAt, t.id),
  ],
);

const billingEventFields = {
  id: line(255),
  type: line(255),
  payload: () => billingPayloadSchema,
};
export const insertBillingEventSchema = createInsertSchema(billingEvents, billingEventFields);
export const selectBillingEventSchema = createSelectSchema(billingEvents);
export const updateBillingEventSchema = createUpdateSchema(billingEvents, billingEventFields).omit({
  ...immutable,
  type: true,
});
export type BillingEvent = typeof billingEvents.$inferSelect;
export type NewBillingEvent = typeof billingEvents.$inferInsert;
