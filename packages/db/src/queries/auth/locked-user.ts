import { NotFoundError } from '@reference/kit';
import { eq } from 'drizzle-orm';
import type { Tx } from '../../database.ts';
import { users } from '../../schema/auth.ts';

/**
 * Locks a person until the transaction ends, so that changes of what they own (their list, their
 * storage, their links) follow one another.
 *
 * @throws NotFoundError when there is no such user
 */
export async function lockUser(tx: Tx, userId: string): Promise<void> {
  const [user] = await tx
    .select({ id: users.id })
    .from(users)
    .where(eq(users.id, userId))
    .for('no key update');
  if (!user) throw new NotFoundError('There is no such user. Check the user id.');
}
