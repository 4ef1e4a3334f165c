import { sql } from 'drizzle-orm';
import { check, index, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { z } from 'zod';
import { camelTimestamps, instant } from '../timestamps.ts';

/** A row is a request that was answered: the same key gets the same answer until it expires. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    /** The key's owner and purpose: two people may choose the same key. */
    scope: text('scope').notNull(),
    keyHash: text('keyHash').notNull(),
    /** SHA-256 of the request, to tell another request under the same key. */
    requestHash: text('requestHash').notNull(),
    /** Null only inside the transaction that runs the request. */
    answer: jsonb('answer').$type<unknown>(),
    expiresAt: instant('expiresAt').notNull(),
    ...camelTimestamps,
  },
  (t) => [
    primaryKey({ name: 'idempotency_keys_pkey', columns: [t.scope, t.keyHash] }),
    /** Serves purging keys that have expired. */
    index('idempotency_keys_expiresAt_idx').on(t.expiresAt),
    check('idempotency_keys_keyHash_check', sql`${t.keyHash} ~ '^[0-9a-f]{64}$'`),
    check('idempotency_keys_requestHash_check', sql`${t.requestHash} ~ '^[0-9a-f]{64}$'`),
  ],
);

const fields = { answer: () => z.json().nullish() };
export const insertIdempotencyKeySchema = createInsertSchema(idempotencyKeys, fields);
export const selectIdempotencyKeySchema = createSelectSchema(idempotencyKeys);
export const updateIdempotencyKeySchema = createUpdateSchema(idempotencyKeys, fields).omit({
  scope: true,
  keyHash: true,
  createdAt: true,
  updatedAt: true,
});
export type IdempotencyKey = typeof idempotencyKeys.$inferSelect;
export type NewIdempotencyKey = typeof idempotencyKeys.$inferInsert;
