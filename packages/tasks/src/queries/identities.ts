import { ConflictError, type Keyring } from '@reference/kit';
import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Tx } from '../database.ts';
import { line, prose, secretSchema } from '../schema/fields.ts';
import { accounts, oauthProvider, users } from '../schema/users.ts';
import { sealedPlace } from './secrets.ts';

const text = z.string();

export const identitySchema = z.strictObject({
  provider: z.enum(oauthProvider.enumValues),
  /** The person's id at the provider. */
  externalId: line(255)(text),
  accessToken: secretSchema,
  refreshToken: secretSchema.nullish(),
  /** When the access token expires; stored for linked accounts. */
  expiresAt: z.date().nullish(),
  scope: prose(2000)(text).nullish(),
  username: line(255)(text),
});

/** An OAuth provider's identity, with its tokens in clear. */
export type OAuthIdentity = z.input<typeof identitySchema>;

type IdentityName = Pick<OAuthIdentity, 'provider' | 'externalId'>;

/**
 * Locks an identity until the transaction ends, so that its sign-ins and linkings follow one
 * another: it is in `users` or in `accounts`, never in both, and no constraint spans two tables.
 */
export async function lockIdentity(tx: Tx, { provider, externalId }: IdentityName): Promise<void> {
  await tx.execute(
    sql`select pg_advisory_xact_lock(hashtextextended(${`${provider}:${externalId}`}, 0))`,
  );
}

/** The linked account with an identity, of any user. */
export async function findAccount(tx: Tx, { provider, externalId }: IdentityName) {
  const [account] = await tx
    .select({ id: accounts.id, userId: accounts.userId })
    .from(accounts)
    .where(and(eq(accounts.provider, provider), eq(accounts.externalUserId, externalId)))
    .limit(1);
  return account;
}

/** The user who first signed in with an identity. */
export async function findUser(tx: Tx, { provider, externalId }: IdentityName) {
  const [user] = await tx
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.provider, provider), eq(users.externalId, externalId)))
    .limit(1);
  return user;
}

/** The two token columns of a row, sealed for it. */
export async function sealTokens(
  keyring: Keyring,
  row: { readonly table: 'users' | 'accounts'; readonly rowId: string; readonly userId: string },
  tokens: { readonly accessToken: string; readonly refreshToken?: string | null | undefined },
): Promise<{ accessToken: string; refreshToken: string | null }> {
  const { accessToken, refreshToken } = tokens;
  return {
    accessToken: await keyring.seal(accessToken, sealedPlace({ ...row, column: 'access_token' })),
    refreshToken: refreshToken
      ? await keyring.seal(refreshToken, sealedPlace({ ...row, column: 'refresh_token' }))
      : null,
  };
}

/** `mapConstraints` entries, for a writer that did not use `lockIdentity`. */
export const takenIdentity = () =>
  new ConflictError('This account belongs to another user. Sign in with it instead.');
