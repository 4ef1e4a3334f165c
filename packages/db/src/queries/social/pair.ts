import { InvalidInputError } from '@reference/kit';
import { type AnyColumn, type SQL, sql } from 'drizzle-orm';

/**
 * The two ids of a pair in the tables' order. The database orders them, because its collation may
 * differ from JavaScript's comparison.
 */
export const pairOf = (userId: string, otherId: string): { user1Id: SQL; user2Id: SQL } => ({
  user1Id: sql`least(${userId}::text, ${otherId}::text)`,
  user2Id: sql`greatest(${userId}::text, ${otherId}::text)`,
});

/** The condition that a row belongs to the pair. */
export const isPair = (
  table: { user1Id: AnyColumn; user2Id: AnyColumn },
  userId: string,
  otherId: string | AnyColumn,
): SQL =>
  sql`${table.user1Id} = least(${userId}::text, ${otherId}::text) and ${table.user2Id} = greatest(${userId}::text, ${otherId}::text)`;

/** @throws InvalidInputError when the other person is the user themselves */
export function refuseSelf(userId: string, otherId: string): void {
  if (userId === otherId) {
    throw new InvalidInputError('The other person is yourself. Name someone else.');
  }
}
