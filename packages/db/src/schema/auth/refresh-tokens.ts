import { camelTimestamps, instant } from '@reference/kit';
import { foreignKey, index, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { checkTokenHash, cuid } from '../columns.ts';
import { atLeast, immutable, line, sha256 } from '../fields.ts';
import { users } from './users.ts';

/** A row is one refresh token; each use revokes it and adds its successor to the same family. */
export const refreshTokens = pgTable(
  'refresh_tokens',
  {
    id: cuid(),
    tokenHash: text('tokenHash').notNull(),
    tokenPrefix: text('tokenPrefix').notNull(),
    userId: text('userId').notNull(),
    /** The user's tokenVersion when this was issued; a lower one than the user's is void. */
    tokenVersion: integer('tokenVersion').notNull(),
    /**
     * All descendants of one sign-in. Not a foreign key, because a family has no row of its own.
     */
    familyId: text('familyId').notNull(),
    expiresAt: instant('expiresAt').notNull(),
    revokedAt: instant('revokedAt'),
    replacedById: text('replacedById'),
    ...camelTimestamps,
  },
  (t) => [
    foreignKey({
      name: 'refresh_tokens_userId_fkey',
      columns: [t.userId],
      foreignColumns: [users.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'refresh_tokens_replacedById_fkey',
      columns: [t.replacedById],
      foreignColumns: [t.id],
    }).onDelete('set null'),
    /** Serves rotating a refresh token. */
    uniqueIndex('refresh_tokens_tokenHash_key').on(t.tokenHash),
    /** Serves deleting a user. */
    index('refresh_tokens_userId_idx').on(t.userId),
    /** Serves revoking a family. */
    index('refresh_tokens_familyId_idx').on(t.familyId),
    /** Serves deleting a token that replaced another. */
    index('refresh_tokens_replacedById_idx').on(t.replacedById),
    /** Serves deleting expired tokens in batches. */
    index('refresh_tokens_expiresAt_idx').on(t.expiresAt),
    checkTokenHash('refresh_tokens_tokenHash_check', t.tokenHash),
  ],
);

const refreshTokenFields = { tokenHash: sha256, tokenPrefix: line(20), tokenVersion: atLeast(0) };
export const insertRefreshTokenSchema = createInsertSchema(refreshTokens, refreshTokenFields);
export const selectRefreshTokenSchema = createSelectSchema(refreshTokens);
export const updateRefreshTokenSchema = createUpdateSchema(refreshTokens, refreshTokenFields).omit({
  ...immutable,
  userId: true,
  tokenHash: true,
  tokenPrefix: true,
  familyId: true,
});
export type RefreshToken = typeof refreshTokens.$inferSelect;
export type NewRefreshToken = typeof refreshTokens.$inferInsert;
