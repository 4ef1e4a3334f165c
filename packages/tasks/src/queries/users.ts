import { type Keyring, mapConstraints, parseInput, transaction } from '@reference/kit';
import { and, eq, sql } from 'drizzle-orm';
import { nanoid } from 'nanoid';
import { z } from 'zod';
import type { Db, Tx } from '../database.ts';
import { email, line, url } from '../schema/fields.ts';
import { accounts, type User, users } from '../schema/users.ts';
import {
  findAccount,
  findUser,
  identitySchema,
  lockIdentity,
  sealTokens,
  takenIdentity,
} from './identities.ts';
import { noSuchUser } from './refusals.ts';

const profileColumns = {
  id: users.id,
  provider: users.provider,
  externalId: users.externalId,
  scope: users.scope,
  username: users.username,
  email: users.email,
  name: users.name,
  avatarUrl: users.avatarUrl,
  lastLoginAt: users.lastLoginAt,
  createdAt: users.createdAt,
  updatedAt: users.updatedAt,
};

/** A user without their tokens. */
export type UserProfile = Pick<User, keyof typeof profileColumns>;

const signInSchema = identitySchema.extend({
  email: email(z.string()).nullish(),
  name: line(255)(z.string()).nullish(),
  avatarUrl: url(z.string()).nullish(),
});

const identityNameSchema = identitySchema.pick({ provider: true, externalId: true });

/** An OAuth provider's identity, with its tokens in clear, and the profile. */
export type SignIn = z.input<typeof signInSchema>;
type CheckedSignIn = z.output<typeof signInSchema>;

/**
 * @returns the user that an OAuth identity created, or undefined; not one that it was linked to
 *   later
 */
export async function getUserByIdentity(
  db: Db,
  params: z.input<typeof identityNameSchema>,
): Promise<UserProfile | undefined> {
  const { provider, externalId } = parseInput(identityNameSchema, params);
  const [user] = await db
    .select(profileColumns)
    .from(users)
    .where(and(eq(users.provider, provider), eq(users.externalId, externalId)))
    .limit(1);
  return user;
}

/**
 * Signs a person in: finds or creates the user of an OAuth identity, and stores the new tokens. A
 * linked identity (`linkAccount`) signs in as its user, whose profile stays unchanged. Any number
 * of concurrent calls create one user.
 *
 * @param params the provider's answer, and the keyring that seals its tokens
 * @returns the user, and whether they are new
 * @throws InvalidInputError when the provider's answer is malformed
 */
export async function upsertUser(
  db: Db,
  { keyring, ...signIn }: SignIn & { readonly keyring: Keyring },
): Promise<{ user: UserProfile; created: boolean }> {
  const identity = parseInput(signInSchema, signIn);
  return mapConstraints(
    transaction(db, async (tx) => {
      await lockIdentity(tx, identity);
      const account = await findAccount(tx, identity);
      if (account) {
        return { user: await signInLinked(tx, { account, identity, keyring }), created: false };
      }
      const existing = await findUser(tx, identity);
      const id = existing?.id ?? nanoid();
      const values = await profileValues(keyring, id, identity);
      const [user] = existing
        ? await tx.update(users).set(values).where(eq(users.id, id)).returning(profileColumns)
        : await tx
            .insert(users)
            .values({ id, ...nameOf(identity), ...values })
            .returning(profileColumns);
      if (!user) throw noSuchUser();
      return { user, created: !existing };
    }),
    { users_provider_external_id_key: takenIdentity },
  );
}

const nameOf = ({ provider, externalId }: CheckedSignIn) => ({ provider, externalId });

async function profileValues(keyring: Keyring, id: string, identity: CheckedSignIn) {
  return {
    ...(await sealTokens(keyring, { table: 'users', rowId: id, userId: id }, identity)),
    scope: identity.scope ?? null,
    username: identity.username,
    email: identity.email ?? null,
    name: identity.name ?? null,
    avatarUrl: identity.avatarUrl ?? null,
    lastLoginAt: sql`now()`,
  };
}

async function signInLinked(
  tx: Tx,
  {
    account,
    identity,
    keyring,
  }: { account: { id: string; userId: string }; identity: CheckedSignIn; keyring: Keyring },
): Promise<UserProfile> {
  const { id, userId } = account;
  await tx
    .update(accounts)
    .set({
      ...(await sealTokens(keyring, { table: 'accounts', rowId: id, userId }, identity)),
      expiresAt: identity.expiresAt ?? null,
      scope: identity.scope ?? null,
      username: identity.username,
    })
    .where(eq(accounts.id, id));
  const [user] = await tx
    .update(users)
    .set({ lastLoginAt: sql`now()` })
    .where(eq(users.id, userId))
    .returning(profileColumns);
  if (!user) throw noSuchUser();
  return user;
}

/** A user's profile, without tokens. */
export async function getUser(
  db: Db,
  { userId }: { readonly userId: string },
): Promise<UserProfile | undefined> {
  const [user] = await db.select(profileColumns).from(users).where(eq(users.id, userId)).limit(1);
  return user;
}

/**
 * A user's profile, without tokens.
 * @throws NotFoundError
 */
export async function requireUser(
  db: Db,
  params: { readonly userId: string },
): Promise<UserProfile> {
  const user = await getUser(db, params);
  if (!user) throw noSuchUser();
  return user;
}

/**
 * Deletes a user for good, with all of their rows.
 * @throws NotFoundError
 */
export async function deleteUser(db: Db, { userId }: { readonly userId: string }): Promise<void> {
  // Rows of the user may be written meanwhile, so a deadlock runs it again.
  await transaction(db, async (tx) => {
    const deleted = await tx.delete(users).where(eq(users.id, userId)).returning({ id: users.id });
    if (deleted.length === 0) throw noSuchUser();
  });
}
