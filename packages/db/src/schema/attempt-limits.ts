import { camelTimestamps, instant } from '@reference/kit';
import { sql } from 'drizzle-orm';
import { check, index, integer, pgTable, text } from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { checkTokenHash } from './columns.ts';
import { atLeast, sha256 } from './fields.ts';

/** A row is how often something limited was tried under one key in the key's present window. */
export const attemptLimits = pgTable(
  'attempt_limits',
  {
    /** SHA-256 of the key, so that no address that somebody tried stands in the database. */
    keyHash: text('keyHash').primaryKey(),
    /** In the window; stops one above the most that is allowed. */
    attempts: integer('attempts').notNull(),
    windowEndsAt: instant('windowEndsAt').notNull(),
    ...camelTimestamps,
  },
  (t) => [
    /** Serves purging windows that are over. */
    index('attempt_limits_windowEndsAt_idx').on(t.windowEndsAt),
    checkTokenHash('attempt_limits_keyHash_check', t.keyHash),
    check('attempt_limits_attempts_check', sql`${t.attempts} >= 1`),
  ],
);

const attemptLimitFields = { keyHash: sha256, attempts: atLeast(1) };
export const insertAttemptLimitSchema = createInsertSchema(attemptLimits, attemptLimitFields);
export const selectAttemptLimitSchema = createSelectSchema(attemptLimits);
export const updateAttemptLimitSchema = createUpdateSchema(attemptLimits, attemptLimitFields).omit({
  keyHash: true,
  createdAt: true,
  updatedAt: true,
});
export type AttemptLimit = typeof attemptLimits.$inferSelect;
export type NewAttemptLimit = typeof attemptLimits.$inferInsert;
