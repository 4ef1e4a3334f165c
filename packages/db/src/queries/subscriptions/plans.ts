import {
  type KeysetPage,
  keyset,
  listPage,
  NotFoundError,
  type PageRequest,
  parseInput,
} from '@reference/kit';
import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { Db } from '../../database.ts';
import { insertPlanSchema, type Plan, plans } from '../../schema/index.ts';
import { onlyRow } from '../rows.ts';

const offer = {
  id: plans.id,
  key: plans.key,
  name: plans.name,
  monthlyPriceCents: plans.monthlyPriceCents,
  limits: plans.limits,
};
/** A plan as a customer sees it. */
export type Offer = Pick<Plan, keyof typeof offer>;

const planSchema = insertPlanSchema.pick({
  key: true,
  name: true,
  monthlyPriceCents: true,
  limits: true,
});

/**
 * Creates a plan, or updates the one of this key.
 * @throws InvalidInputError for a negative price or limit, or a malformed key
 */
export async function upsertPlan(db: Db, params: z.input<typeof planSchema>): Promise<Offer> {
  const { key, ...terms } = parseInput(planSchema, params);
  const rows = await db
    .insert(plans)
    .values({ key, ...terms })
    .onConflictDoUpdate({ target: plans.key, set: terms })
    .returning(offer);
  return onlyRow(rows);
}

/** @returns the plan of a key, or undefined */
export async function getPlan(db: Db, params: { key: string }): Promise<Offer | undefined> {
  const [plan] = await db.select(offer).from(plans).where(eq(plans.key, params.key)).limit(1);
  return plan;
}

/** @throws NotFoundError when no plan has this key */
export async function requirePlan(db: Db, params: { key: string }): Promise<Offer> {
  const plan = await getPlan(db, params);
  if (!plan) throw new NotFoundError('There is no such plan. Add it with upsertPlan.');
  return plan;
}

const byKey = keyset([{ column: plans.key }]);

/** Lists all plans, by key. */
export async function listPlans(db: Db, params: PageRequest = {}): Promise<KeysetPage<Offer>> {
  return listPage(byKey, params, (seek) =>
    db
      .select({ ...offer, ...seek.select })
      .from(plans)
      .where(seek.where)
      .orderBy(...seek.orderBy)
      .limit(seek.limit),
  );
}
