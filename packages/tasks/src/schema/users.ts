import { instant, sealedCheck, sealedField, snakeTimestamps } from '@reference/kit';
import { foreignKey, pgEnum, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { nanoidKey, ownerId } from './columns.ts';
import { email, immutable, line, prose, url } from './fields.ts';
import { sealingKeyIndex } from './sealed.ts';

/** The OAuth providers through which people sign in. */
export const oauthProvider = pgEnum('oauth_provider', ['github', 'vercel']);
export type OAuthProvider = (typeof oauthProvider.enumValues)[number];

/** A row is a person, by the OAuth identity with which they first signed in. */
export const users = pgTable(
  'users',
  {
    id: nanoidKey(),
    provider: oauthProvider('provider').notNull(),
    /** The person's id at the provider. Not a foreign key: the account lives there. */
    externalId: text('external_id').notNull(),
    /** Sealed. */
    accessToken: text('access_token').notNull(),
    /** Sealed. */
    refreshToken: text('refresh_token'),
    scope: text('scope'),
    username: text('username').notNull(),
    email: text('email'),
    name: text('name'),
    avatarUrl: text('avatar_url'),
    lastLoginAt: instant('last_login_at').notNull().defaultNow(),
    ...snakeTimestamps,
  },
  (t) => [
    /** Serves signing in. */
    uniqueIndex('users_provider_external_id_key').on(t.provider, t.externalId),
    /** Serve key rotation. */
    sealingKeyIndex('users_access_token_key_idx', t.accessToken, t.id),
    sealingKeyIndex('users_refresh_token_key_idx', t.refreshToken, t.id),
    sealedCheck('users_access_token_check', t.accessToken),
    sealedCheck('users_refresh_token_check', t.refreshToken),
  ],
);

/** A row is a further OAuth identity that a user has linked and can sign in with. */
export const accounts = pgTable(
  'accounts',
  {
    id: nanoidKey(),
    userId: ownerId(),
    provider: oauthProvider('provider').notNull(),
    /** The person's id at the provider. Not a foreign key: the account lives there. */
    externalUserId: text('external_user_id').notNull(),
    /** Sealed. */
    accessToken: text('access_token').notNull(),
    /** Sealed. */
    refreshToken: text('refresh_token'),
    /** When the access token expires. */
    expiresAt: instant('expires_at'),
    scope: text('scope'),
    username: text('username').notNull(),
    ...snakeTimestamps,
  },
  (t) => [
    foreignKey({
      name: 'accounts_user_id_fkey',
      columns: [t.userId],
      foreignColumns: [users.id],
    }).onDelete('cascade'),
    /** Serves a user's accounts, and the foreign key. */
    uniqueIndex('accounts_user_id_provider_key').on(t.userId, t.provider),
    /** Serves signing in with a linked account. */
    uniqueIndex('accounts_provider_external_user_id_key').on(t.provider, t.externalUserId),
    /** Serve key rotation. */
    sealingKeyIndex('accounts_access_token_key_idx', t.accessToken, t.id),
    sealingKeyIndex('accounts_refresh_token_key_idx', t.refreshToken, t.id),
    sealedCheck('accounts_access_token_check', t.accessToken),
    sealedCheck('accounts_refresh_token_check', t.refreshToken),
  ],
);

// drizzle-zod types a refined column as required in an insert, also a nullable one: hence `.partial`.
const userFields = {
  externalId: line(255),
  accessToken: sealedField,
  refreshToken: sealedField,
  scope: prose(2000),
  username: line(255),
  email,
  name: line(255),
  avatarUrl: url,
};
const accountFields = {
  externalUserId: line(255),
  accessToken: sealedField,
  refreshToken: sealedField,
  scope: prose(2000),
  username: line(255),
};

export const insertUserSchema = createInsertSchema(users, userFields)
  .partial({ refreshToken: true, scope: true, email: true, name: true, avatarUrl: true })
  .strict();
export const selectUserSchema = createSelectSchema(users);
export const updateUserSchema = createUpdateSchema(users, userFields)
  .omit({ id: true, createdAt: true, updatedAt: true, provider: true, externalId: true })
  .strict();

export const insertAccountSchema = createInsertSchema(accounts, accountFields)
  .partial({ refreshToken: true, scope: true })
  .strict();
export const selectAccountSchema = createSelectSchema(accounts);
export const updateAccountSchema = createUpdateSchema(accounts, accountFields)
  .omit({ ...immutable, provider: true, externalUserId: true })
  .strict();

export type User = typeof users.$inferSelect;
export type NewUser = typeof users.$inferInsert;
export type Account = typeof accounts.$inferSelect;
export type NewAccount = typeof accounts.$inferInsert;
