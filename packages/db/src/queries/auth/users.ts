import {
  ConflictError,
  mapConstraints,
  NotFoundError,
  parseInput,
  transaction,
} from '@reference/kit';
import { and, eq, ne, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Db } from '../../database.ts';
import { insertUserSchema, users } from '../../schema/auth.ts';
import { appendActivityLogs } from '../audit/append.ts';
import { onlyRow } from '../rows.ts';
import { noSuchUser } from './issued.ts';
import { hashPassword, passwordSchema, spendPasswordTime, verifyHash } from './passwords.ts';

/** The columns of a user that any caller may read: no password, no version. */
const userColumns = {
  id: users.id,
  email: users.email,
  role: users.role,
  displayName: users.displayName,
  avatarUrl: users.avatarUrl,
  emailVerifiedAt: users.emailVerifiedAt,
  lastLoginAt: users.lastLoginAt,
  createdAt: users.createdAt,
};
export type Account = Pick<typeof users.$inferSelect, keyof typeof userColumns>;

/** The condition that `users_email_key` serves: addresses are equal whatever their case. */
export const hasEmail = (email: string) => sql`lower(${users.email}) = lower(${email})`;

const createUserSchema = insertUserSchema
  .pick({ email: true, displayName: true, avatarUrl: true, googleId: true, emailVerifiedAt: true })
  .extend({ password: passwordSchema.optional() });

/**
 * Creates a person, with a password, a Google account, or neither (they then sign in by link).
 *
 * @throws InvalidInputError for a malformed address, or a password under 8 or over 72 bytes
 * @throws ConflictError when the address or the Google account is taken
 */
export async function createUser(
  db: Db,
  params: z.input<typeof createUserSchema>,
): Promise<Account> {
  const { password, ...fields } = parseInput(createUserSchema, params);
  const hash = password === undefined ? null : await hashPassword(password);
  const rows = await mapConstraints(
    db
      .insert(users)
      .values({ ...fields, password: hash })
      .returning(userColumns),
    {
      users_email_key: () =>
        new ConflictError('This e-mail address has an account. Sign in, or use another address.'),
      users_googleId_key: () =>
        new ConflictError('This Google account belongs to another user. Sign in with Google.'),
    },
  );
  return onlyRow(rows);
}

/** @returns the user, or undefined */
export async function getUser(db: Db, params: { userId: string }): Promise<Account | undefined> {
  const [user] = await db
    .select(userColumns)
    .from(users)
    .where(eq(users.id, params.userId))
    .limit(1);
  return user;
}

/** @throws NotFoundError when there is no such user */
export async function requireUser(db: Db, params: { userId: string }): Promise<Account> {
  const user = await getUser(db, params);
  if (!user) throw noSuchUser();
  return user;
}

/** @returns the user with this address, whatever its case, or undefined */
export async function getUserByEmail(
  db: Db,
  params: { email: string },
): Promise<Account | undefined> {
  const [user] = await db.select(userColumns).from(users).where(hasEmail(params.email)).limit(1);
  return user;
}

/**
 * Checks an address and a password, and records the time of a success. An unknown address, a user
 * without a password and a wrong password take the same time and get the same answer.
 *
 * @returns the user, or undefined
 */
export async function verifyPassword(
  db: Db,
  params: { email: string; password: string },
): Promise<Account | undefined> {
  const [found] = await db
    .select({ id: users.id, password: users.password })
    .from(users)
    .where(hasEmail(params.email))
    .limit(1);
  if (!found?.password) {
    await spendPasswordTime(params.password);
    return undefined;
  }
  if (!(await verifyHash(params.password, found.password))) return undefined;
  const [user] = await db
    .update(users)
    .set({ lastLoginAt: sql`now()` })
    .where(eq(users.id, found.id))
    .returning(userColumns);
  return user;
}

/**
 * Sets a new password and voids every session and token issued before.
 *
 * @throws InvalidInputError for a password under 8 or over 72 bytes
 * @throws NotFoundError when there is no such user
 */
export async function changePassword(
  db: Db,
  params: { userId: string; password: string },
): Promise<void> {
  const { password } = parseInput(z.object({ password: passwordSchema }), params);
  const changed = await db
    .update(users)
    .set({
      password: await hashPassword(password),
      tokenVersion: sql`${users.tokenVersion} + 1`,
    })
    .where(eq(users.id, params.userId))
    .returning({ id: users.id });
  if (changed.length === 0) throw noSuchUser();
}

/**
 * Makes a user an administrator of the whole installation, and records that. It voids their
 * sessions and tokens, so that none goes on under the former role. A second call changes nothing.
 *
 * @returns whether anything changed
 * @throws NotFoundError when no user has this address
 */
export async function promoteAdmin(
  db: Db,
  params: { email: string },
): Promise<{ userId: string; promoted: boolean }> {
  return transaction(db, async (tx) => {
    const [promoted] = await tx
      .update(users)
      .set({ role: 'ADMIN', tokenVersion: sql`${users.tokenVersion} + 1` })
      .where(and(hasEmail(params.email), ne(users.role, 'ADMIN')))
      .returning({ userId: users.id });
    if (!promoted) {
      const user = await getUserByEmail(tx, params);
      if (user) return { userId: user.id, promoted: false };
      throw new NotFoundError(`No user has the address ${params.email}. Check the spelling.`);
    }
    const change = { before: { role: 'USER' }, after: { role: 'ADMIN' } };
    await appendActivityLogs(tx, {
      lines: [{ action: 'user.promote', targetUserId: promoted.userId, ...change }],
    });
    return { ...promoted, promoted: true };
  });
}
