import { randomUUID } from 'node:crypto';
import { snakeTimestamps } from '@reference/kit';
import { sql } from 'drizzle-orm';
import { check, index, integer, pgTable, text, varchar } from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { z } from 'zod';

/** A row is a person's goal, counted per period. */
export const goals = pgTable(
  'goals',
  {
    id: text('id').primaryKey().$defaultFn(randomUUID),
    userId: varchar('user_id', { length: 255 }).notNull(),
    type: varchar('type', { length: 64 }).notNull(),
    target: integer('target').notNull(),
    period: varchar('period', { length: 32 }).notNull(),
    current: integer('current').notNull().default(0),
    progress: integer('progress').notNull().default(0),
    streak: integer('streak').notNull().default(0),
    label: varchar('label', { length: 255 }).notNull(),
    icon: varchar('icon', { length: 64 }),
    ...snakeTimestamps,
  },
  (t) => [
    check('goals_progress_check', sql`${t.progress} between 0 and 100`),
    check('goals_target_check', sql`${t.target} > 0`),
    // Serves getGoals: a person's goals, newest first.
    index('goals_user_id_created_at_idx').on(t.userId, t.createdAt, t.id),
  ],
);

const bounds = { target: z.int().positive(), progress: z.int().min(0).max(100) };

export const goalInsertSchema = createInsertSchema(goals, {
  target: bounds.target,
  progress: bounds.progress.optional(),
});
export const goalSelectSchema = createSelectSchema(goals);
export const goalUpdateSchema = createUpdateSchema(goals, {
  target: bounds.target.optional(),
  progress: bounds.progress.optional(),
});

export type GoalDataTarget = typeof goals.$inferInsert;
export type GoalDataSelect = typeof goals.$inferSelect;
