import { InvalidInputError, NotFoundError } from '@reference/kit';
import { and, eq, gt, isNull, type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import type { Db } from '../../database.ts';
import { users } from '../../schema/auth.ts';

/** A token, which its holder gets once; the database stores its hash. */
export interface Issued {
  readonly id: string;
  /** The plain token. */
  readonly token: string;
  readonly expiresAt: Date;
}

const maxSeconds = 400 * 86_400;

/**
 * The expiry of a token that lives some seconds from now, by the server's clock.
 * @throws InvalidInputError unless it is a whole number of seconds, at most 400 days
 */
export function endOfLife(seconds: number): SQL {
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > maxSeconds) {
    throw new InvalidInputError(
      `A token lives for a whole number of seconds, from 1 to ${maxSeconds} (400 days).`,
    );
  }
  return sql`now() + make_interval(secs => ${seconds})`;
}

/**
 * A user's present tokenVersion, for an insert. For an unknown user it is 0, and the foreign key
 * refuses the row.
 */
export const presentVersion = (userId: string) =>
  sql<number>`coalesce((select ${users.tokenVersion} from ${users} where ${users.id} = ${userId}), 0)`;

/** Also a `mapConstraints` entry for a foreign key to users. */
export const noSuchUser = () => new NotFoundError('There is no such user. Check the user id.');

/**
 * Voids every session and token of a user at once, because each carries the version of its issue.
 *
 * @returns the new version
 * @throws NotFoundError when there is no such user
 */
export async function raiseTokenVersion(db: Db, params: { userId: string }): Promise<number> {
  const [raised] = await db
    .update(users)
    .set({ tokenVersion: sql`${users.tokenVersion} + 1` })
    .where(eq(users.id, params.userId))
    .returning({ tokenVersion: users.tokenVersion });
  if (!raised) throw noSuchUser();
  return raised.tokenVersion;
}

/**
 * The condition that a token, joined to its user, is valid: of the user's version, not revoked or
 * expired.
 */
export const holds = (token: {
  tokenVersion: PgColumn;
  revokedAt: PgColumn;
  expiresAt: PgColumn;
}): SQL | undefined =>
  and(
    eq(token.tokenVersion, users.tokenVersion),
    isNull(token.revokedAt),
    gt(token.expiresAt, sql`now()`),
  );
