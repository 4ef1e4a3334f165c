import { sealedCheck, sealedField, snakeTimestamps } from '@reference/kit';
import { foreignKey, pgEnum, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { nanoidKey, ownerId } from './columns.ts';
import { immutable, line } from './fields.ts';
import { sealingKeyIndex } from './sealed.ts';
import { users } from './users.ts';

/** The model providers whose API keys a user can store. */
export const keyProvider = pgEnum('key_provider', [
  'anthropic',
  'openai',
  'cursor',
  'gemini',
  'aigateway',
]);
export type KeyProvider = (typeof keyProvider.enumValues)[number];

/** A row is a user's API key at one model provider. */
export const keys = pgTable(
  'keys',
  {
    id: nanoidKey(),
    userId: ownerId(),
    provider: keyProvider('provider').notNull(),
    /** Sealed. */
    value: text('value').notNull(),
    /** The hint that lists show, such as `sk-…a1b2`, stored so that a list decrypts no secret. */
    valueHint: text('value_hint').notNull(),
    ...snakeTimestamps,
  },
  (t) => [
    foreignKey({
      name: 'keys_user_id_fkey',
      columns: [t.userId],
      foreignColumns: [users.id],
    }).onDelete('cascade'),
    /** Serves a user's keys, and the foreign key. */
    uniqueIndex('keys_user_id_provider_key').on(t.userId, t.provider),
    /** Serves key rotation. */
    sealingKeyIndex('keys_value_key_idx', t.value, t.id),
    sealedCheck('keys_value_check', t.value),
  ],
);

const keyFields = { value: sealedField, valueHint: line(16) };

export const insertKeySchema = createInsertSchema(keys, keyFields).strict();
export const selectKeySchema = createSelectSchema(keys);
export const updateKeySchema = createUpdateSchema(keys, keyFields)
  .omit({ ...immutable, provider: true })
  .strict();

export type Key = typeof keys.$inferSelect;
export type NewKey = typeof keys.$inferInsert;
