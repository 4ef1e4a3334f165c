import { camelTimestamps, instant } from '@reference/kit';
import {
  foreignKey,
  index,
  integer,
  pgEnum,
  pgTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { checkTokenHash, cuid } from '../columns.ts';
import { atLeast, immutable, sha256 } from '../fields.ts';
import { users } from './users.ts';

export const verificationTokenType = pgEnum('VerificationTokenType', [
  'EMAIL',
  'PASSWORD_RESET',
  'MAGIC_LINK',
]);
export type VerificationTokenType = (typeof verificationTokenType.enumValues)[number];

/** A row is a one-time link sent by e-mail. */
export const verificationTokens = pgTable(
  'verification_tokens',
  {
    id: cuid(),
    tokenHash: text('tokenHash').notNull(),
    userId: text('userId').notNull(),
    type: verificationTokenType('type').notNull(),
    /** The user's tokenVersion when this was issued; a lower one than the user's is void. */
    tokenVersion: integer('tokenVersion').notNull(),
    expiresAt: instant('expiresAt').notNull(),
    usedAt: instant('usedAt'),
    ...camelTimestamps,
  },
  (t) => [
    foreignKey({
      name: 'verification_tokens_userId_fkey',
      columns: [t.userId],
      foreignColumns: [users.id],
    }).onDelete('cascade'),
    /** Serves consuming a link. */
    uniqueIndex('verification_tokens_tokenHash_key').on(t.tokenHash),
    /** Serves voiding a user's older links of the same type. */
    index('verification_tokens_userId_type_idx').on(t.userId, t.type),
    checkTokenHash('verification_tokens_tokenHash_check', t.tokenHash),
  ],
);

const verificationTokenFields = { tokenHash: sha256, tokenVersion: atLeast(0) };
export const insertVerificationTokenSchema = createInsertSchema(
  verificationTokens,
  verificationTokenFields,
);
export const selectVerificationTokenSchema = createSelectSchema(verificationTokens);
export const updateVerificationTokenSchema = createUpdateSchema(
  verificationTokens,
  verificationTokenFields,
).omit({ ...immutable, userId: true, tokenHash: true, type: true });
export type VerificationToken = typeof verificationTokens.$inferSelect;
export type NewVerificationToken = typeof verificationTokens.$inferInsert;
