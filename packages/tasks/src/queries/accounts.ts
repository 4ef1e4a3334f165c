import {
  ConflictError,
  type Keyring,
  mapConstraints,
  NotFoundError,
  parseInput,
  transaction,
} from '@reference/kit';
import { and, asc, eq } from 'drizzle-orm';
import { nanoid } from 'nanoid';
import type { Db } from '../database.ts';
import { type Account, accounts, type OAuthProvider, users } from '../schema/users.ts';
import {
  findAccount,
  findUser,
  identitySchema,
  lockIdentity,
  type OAuthIdentity,
  sealTokens,
  takenIdentity,
} from './identities.ts';
import { noSuchUser } from './refusals.ts';
import { sealedPlace } from './secrets.ts';

const summaryColumns = {
  id: accounts.id,
  provider: accounts.provider,
  externalUserId: accounts.externalUserId,
  username: accounts.username,
  scope: accounts.scope,
  expiresAt: accounts.expiresAt,
  createdAt: accounts.createdAt,
  updatedAt: accounts.updatedAt,
};

/** A linked account without its tokens. */
export type AccountSummary = Pick<Account, keyof typeof summaryColumns>;

/** A user's tokens at one provider, in clear. */
export interface OAuthTokens {
  readonly accessToken: string;
  readonly refreshToken: string | null;
  /** When the access token expires, if the provider says so. */
  readonly expiresAt: Date | null;
  readonly scope: string | null;
}

/**
 * Links a further OAuth identity to a user, who can then sign in with it too. A second call stores
 * the new tokens.
 *
 * @throws ConflictError when the identity belongs to another user or is this user's own sign-in, or
 *   when another identity of the same provider is linked
 * @throws NotFoundError when there is no such user
 */
export async function linkAccount(
  db: Db,
  {
    userId,
    keyring,
    ...oauth
  }: OAuthIdentity & { readonly userId: string; readonly keyring: Keyring },
): Promise<AccountSummary> {
  const identity = parseInput(identitySchema, oauth);
  return mapConstraints(
    transaction(db, async (tx) => {
      await lockIdentity(tx, identity);
      const owner = await findUser(tx, identity);
      if (owner) throw owner.id === userId ? ownIdentity() : takenIdentity();
      const linked = await findAccount(tx, identity);
      if (linked && linked.userId !== userId) throw takenIdentity();

      const id = linked?.id ?? nanoid();
      const values = {
        ...(await sealTokens(keyring, { table: 'accounts', rowId: id, userId }, identity)),
        expiresAt: identity.expiresAt ?? null,
        scope: identity.scope ?? null,
        username: identity.username,
      };
      const { provider, externalId: externalUserId } = identity;
      const [account] = linked
        ? await tx
            .update(accounts)
            .set(values)
            .where(and(eq(accounts.id, id), eq(accounts.userId, userId)))
            .returning(summaryColumns)
        : await tx
            .insert(accounts)
            .values({ id, userId, provider, externalUserId, ...values })
            .returning(summaryColumns);
      if (!account) throw noSuchAccount();
      return account;
    }),
    {
      accounts_user_id_fkey: noSuchUser,
      accounts_user_id_provider_key: () =>
        new ConflictError('Another account of this provider is linked. Unlink that one first.'),
      accounts_provider_external_user_id_key: takenIdentity,
    },
  );
}

const ownIdentity = () => new ConflictError('This is the account that the user signs in with.');

/** Lists a user's linked accounts, at most one a provider, without tokens. */
export async function listAccounts(
  db: Db,
  { userId }: { readonly userId: string },
): Promise<AccountSummary[]> {
  return db
    .select(summaryColumns)
    .from(accounts)
    .where(eq(accounts.userId, userId))
    .orderBy(asc(accounts.provider));
}

/**
 * Unlinks an account from a user.
 * @throws NotFoundError
 */
export async function unlinkAccount(
  db: Db,
  { userId, provider }: { readonly userId: string; readonly provider: OAuthProvider },
): Promise<void> {
  const unlinked = await db
    .delete(accounts)
    .where(and(eq(accounts.userId, userId), eq(accounts.provider, provider)))
    .returning({ id: accounts.id });
  if (unlinked.length === 0) throw noSuchAccount();
}

/**
 * Decrypts a user's tokens at one provider: those of their sign-in, else those of a linked account.
 *
 * @returns the tokens in clear, or undefined when the user has none there
 * @throws SealingError when a stored token was moved, is damaged, or its key is gone
 */
export async function getOAuthTokens(
  db: Db,
  {
    userId,
    provider,
    keyring,
  }: { readonly userId: string; readonly provider: OAuthProvider; readonly keyring: Keyring },
): Promise<OAuthTokens | undefined> {
  const [user] = await db
    .select({
      id: users.id,
      accessToken: users.accessToken,
      refreshToken: users.refreshToken,
      scope: users.scope,
    })
    .from(users)
    .where(and(eq(users.id, userId), eq(users.provider, provider)))
    .limit(1);
  if (user) {
    const row = { table: 'users', rowId: user.id, userId } as const;
    return { ...(await openTokens(keyring, row, user)), expiresAt: null, scope: user.scope };
  }
  const [account] = await db
    .select({
      id: accounts.id,
      accessToken: accounts.accessToken,
      refreshToken: accounts.refreshToken,
      expiresAt: accounts.expiresAt,
      scope: accounts.scope,
    })
    .from(accounts)
    .where(and(eq(accounts.userId, userId), eq(accounts.provider, provider)))
    .limit(1);
  if (!account) return undefined;
  const { expiresAt, scope } = account;
  const row = { table: 'accounts', rowId: account.id, userId } as const;
  return { ...(await openTokens(keyring, row, account)), expiresAt, scope };
}

async function openTokens(
  keyring: Keyring,
  row: { readonly table: 'users' | 'accounts'; readonly rowId: string; readonly userId: string },
  sealed: { readonly accessToken: string; readonly refreshToken: string | null },
): Promise<{ accessToken: string; refreshToken: string | null }> {
  const open = (column: 'access_token' | 'refresh_token', value: string) =>
    keyring.open(value, sealedPlace({ ...row, column }));
  return {
    accessToken: await open('access_token', sealed.accessToken),
    refreshToken: sealed.refreshToken && (await open('refresh_token', sealed.refreshToken)),
  };
}

const noSuchAccount = () => new NotFoundError('There is no such linked account.');
