import { camelTimestamps, instant } from '@reference/kit';
import { foreignKey, index, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { checkTokenHash, cuid } from '../columns.ts';
import { atLeast, immutable, ipAddress, line, optional, prose, sha256 } from '../fields.ts';
import { users } from './users.ts';

/** A row is one signed-in browser or program, until it expires or is revoked. */
export const sessions = pgTable(
  'sessions',
  {
    id: cuid(),
    tokenHash: text('tokenHash').notNull(),
    tokenPrefix: text('tokenPrefix').notNull(),
    userId: text('userId').notNull(),
    /** The user's tokenVersion when this was issued; a lower one than the user's is void. */
    tokenVersion: integer('tokenVersion').notNull(),
    userAgent: text('userAgent'),
    ipAddress: text('ipAddress'),
    expiresAt: instant('expiresAt').notNull(),
    lastUsedAt: instant('lastUsedAt'),
    revokedAt: instant('revokedAt'),
    revokedReason: text('revokedReason'),
    ...camelTimestamps,
  },
  (t) => [
    foreignKey({
      name: 'sessions_userId_fkey',
      columns: [t.userId],
      foreignColumns: [users.id],
    }).onDelete('cascade'),
    /** Serves verifying a session. */
    uniqueIndex('sessions_tokenHash_key').on(t.tokenHash),
    /** Serves a user's sessions, latest first. */
    index('sessions_userId_createdAt_idx').on(t.userId, t.createdAt, t.id),
    /** Serves deleting expired sessions in batches. */
    index('sessions_expiresAt_idx').on(t.expiresAt),
    checkTokenHash('sessions_tokenHash_check', t.tokenHash),
  ],
);

const sessionFields = {
  tokenHash: sha256,
  tokenPrefix: line(20),
  tokenVersion: atLeast(0),
  userAgent: optional(prose(1000)),
  ipAddress: optional(ipAddress),
  revokedReason: optional(line(200)),
};
export const insertSessionSchema = createInsertSchema(sessions, sessionFields);
export const selectSessionSchema = createSelectSchema(sessions);
export const updateSessionSchema = createUpdateSchema(sessions, sessionFields).omit({
  ...immutable,
  userId: true,
  tokenHash: true,
  tokenPrefix: true,
});
export type Session = typeof sessions.$inferSelect;
export type NewSession = typeof sessions.$inferInsert;
