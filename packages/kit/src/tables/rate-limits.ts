import { sql } from 'drizzle-orm';
import { bigint, check, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { camelTimestamps, instant } from '../timestamps.ts';

/**
 * A row is one share of a rate limit: how many requests it let pass in each of the latest 13
 * twelfths of the window. A small limit has one share; a large one has 16, so that requests of one
 * key do not wait for one another's row lock.
 */
export const rateLimits = pgTable(
  'rate_limits',
  {
    /** SHA-256 of window and key, so that the database holds no address that somebody tried. */
    keyHash: text('keyHash').notNull(),
    slot: integer('slot').notNull(),
    /** The number since 1970 of the twelfth that the last count is about. */
    bucket: bigint('bucket', { mode: 'number' }).notNull(),
    counts: integer('counts').array().notNull(),
    /** When no count matters any more. It moves once a twelfth, so most updates are HOT. */
    expiresAt: instant('expiresAt').notNull(),
    ...camelTimestamps,
  },
  (t) => [
    primaryKey({ name: 'rate_limits_pkey', columns: [t.keyHash, t.slot] }),
    /** Serves purging rows whose window is over. */
    index('rate_limits_expiresAt_idx').on(t.expiresAt),
    check('rate_limits_keyHash_check', sql`${t.keyHash} ~ '^[0-9a-f]{64}$'`),
    check('rate_limits_slot_check', sql`${t.slot} >= 0`),
    check('rate_limits_counts_check', sql`cardinality(${t.counts}) = 13`),
  ],
);

export const insertRateLimitSchema = createInsertSchema(rateLimits);
export const selectRateLimitSchema = createSelectSchema(rateLimits);
export const updateRateLimitSchema = createUpdateSchema(rateLimits).omit({
  keyHash: true,
  slot: true,
  createdAt: true,
  updatedAt: true,
});
export type RateLimit = typeof rateLimits.$inferSelect;
export type NewRateLimit = typeof rateLimits.$inferInsert;
