import { InvalidInputError } from '@reference/kit';
import { and, eq, gt, isNull, type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { users } from '../../schema/auth.ts';
import { noSuchUser } from './users.ts';

/** A token as its holder gets it, once; the database keeps its hash. */
export interface Issued {
  readonly id: string;
  /** The plain token. */
  readonly token: string;
  readonly expiresAt: Date;
}

const maxSeconds = 400 * 86_400;

/**
 * When a token ends that lives some seconds from now, by the server's clock.
 * @throws InvalidInputError unless it is a whole number of seconds, 1 to 400 days' worth
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
 * then refuses the row by name.
 */
export const presentVersion = (userId: string) =>
  sql<number>`coalesce((select ${users.tokenVersion} from ${users} where ${users.id} = ${userId}), 0)`;

/** `mapConstraints` entry for that foreign key. */
export const unknownUser = () => noSuchUser();

/** Whether a token, joined to its user, still holds: of the user's version, not revoked or expired. */
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
