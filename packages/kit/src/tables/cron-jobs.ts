import { sql } from 'drizzle-orm';
import { check, integer, pgTable, text } from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { camelTimestamps, instant } from '../timestamps.ts';

/** A row is a recurring job: when it is due, and how its last run ended. */
export const cronJobs = pgTable(
  'cron_jobs',
  {
    /** Its name in code. The table holds one row for each, so it has no other index. */
    name: text('name').primaryKey(),
    dueAt: instant('dueAt').notNull(),
    startedAt: instant('startedAt').notNull(),
    finishedAt: instant('finishedAt'),
    /** Runs in a row that failed; 0 after one that did not. */
    failures: integer('failures').notNull().default(0),
    lastError: text('lastError'),
    ...camelTimestamps,
  },
  (t) => [check('cron_jobs_failures_check', sql`${t.failures} >= 0`)],
);

export const insertCronJobSchema = createInsertSchema(cronJobs);
export const selectCronJobSchema = createSelectSchema(cronJobs);
export const updateCronJobSchema = createUpdateSchema(cronJobs).omit({
  name: true,
  createdAt: true,
  updatedAt: true,
});
export type CronJob = typeof cronJobs.$inferSelect;
export type NewCronJob = typeof cronJobs.$inferInsert;
