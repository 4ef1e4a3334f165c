import { InvalidInputError, keyset, listPage, NotFoundError, parseInput } from '@reference/kit';
import { and, eq, sql } from 'drizzle-orm';
import {
  type GoalDataSelect,
  type GoalDataTarget,
  goalInsertSchema,
  goals,
} from '../schemas/index.ts';
import type { PostgresDatabase } from './database.ts';
import type { Page, PageParams } from './page.ts';

/** A goal and its owner. */
export interface OwnGoal {
  readonly userId: string;
  readonly goalId: string;
}

const columns = {
  id: goals.id,
  userId: goals.userId,
  type: goals.type,
  target: goals.target,
  period: goals.period,
  current: goals.current,
  progress: goals.progress,
  streak: goals.streak,
  label: goals.label,
  icon: goals.icon,
  createdAt: goals.createdAt,
  updatedAt: goals.updatedAt,
};

const newestFirst = keyset([
  { column: goals.createdAt, direction: 'desc' },
  { column: goals.id, direction: 'desc' },
]);

const newGoal = goalInsertSchema.pick({
  userId: true,
  type: true,
  target: true,
  period: true,
  label: true,
  icon: true,
});

/**
 * Creates a person's goal.
 *
 * @returns its id
 * @throws InvalidInputError naming each wrong field; the target must be positive
 */
export async function createGoal(
  db: PostgresDatabase,
  params: Pick<GoalDataTarget, 'userId' | 'type' | 'target' | 'period' | 'label' | 'icon'>,
): Promise<string> {
  const values = parseInput(newGoal, params);
  const [row] = await db.insert(goals).values(values).returning({ id: goals.id });
  if (!row) throw new NotFoundError('The new goal is gone already.');
  return row.id;
}

/** Lists a person's goals, newest first. */
export async function getGoals(
  db: PostgresDatabase,
  params: PageParams & { readonly userId: string },
): Promise<Page<GoalDataSelect>> {
  const { items, nextCursor } = await listPage(
    newestFirst,
    { after: params.cursor, limit: params.limit },
    (seek) =>
      db
        .select({ ...columns, ...seek.select })
        .from(goals)
        .where(and(eq(goals.userId, params.userId), seek.where))
        .orderBy(...seek.orderBy)
        .limit(seek.limit),
  );
  return { items, nextCursor };
}

/**
 * Adds to a goal's count. `progress` is the share of the target in whole percent, at most 100;
 * concurrent calls add up.
 *
 * @param params.amount a positive integer
 * @throws NotFoundError when the goal is not this person's
 */
export async function addGoalProgress(
  db: PostgresDatabase,
  params: OwnGoal & { readonly amount: number },
): Promise<GoalDataSelect> {
  if (!Number.isInteger(params.amount) || params.amount <= 0) {
    throw new InvalidInputError('The amount must be a positive integer.');
  }
  const current = sql`${goals.current} + ${params.amount}::integer`;
  const [row] = await db
    .update(goals)
    .set({
      current,
      progress: sql`least(100, (${current}) * 100::bigint / ${goals.target})`,
    })
    .where(own(params))
    .returning(columns);
  if (!row) throw missing(params);
  return row;
}

/**
 * Begins a goal's next period: the streak grows if the last one reached its target, else it ends.
 * @throws NotFoundError when the goal is not this person's
 */
export async function startGoalPeriod(
  db: PostgresDatabase,
  params: OwnGoal,
): Promise<GoalDataSelect> {
  const [row] = await db
    .update(goals)
    .set({
      streak: sql`case when ${goals.progress} = 100 then ${goals.streak} + 1 else 0 end`,
      current: 0,
      progress: 0,
    })
    .where(own(params))
    .returning(columns);
  if (!row) throw missing(params);
  return row;
}

/** @throws NotFoundError when the goal is not this person's */
export async function deleteGoal(db: PostgresDatabase, params: OwnGoal): Promise<void> {
  const rows = await db.delete(goals).where(own(params)).returning({ id: goals.id });
  if (rows.length === 0) throw missing(params);
}

const own = ({ userId, goalId }: OwnGoal) => and(eq(goals.userId, userId), eq(goals.id, goalId));
const missing = ({ userId, goalId }: OwnGoal) =>
  new NotFoundError(`User ${userId} has no goal ${goalId}.`);
