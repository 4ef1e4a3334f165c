import { NotFoundError } from '@reference/kit';
import { eq } from 'drizzle-orm';
import type { Tx } from '../../database.ts';
import { drives } from '../../schema/index.ts';

/**
 * Also a `mapConstraints` entry, because the drive may be deleted between the check and the write.
 */
export const noSuchDrive = () =>
  new NotFoundError('There is no such drive, or you may not see it.');

/**
 * Locks a drive until the transaction ends, so that changes of its tree, members and grants follow
 * one another: two concurrent moves could make a cycle, and the actor's rights must still hold at
 * commit. Readers, edits of pages and other drives go on.
 *
 * @throws NotFoundError when there is no such drive
 */
export async function lockDrive(tx: Tx, driveId: string): Promise<void> {
  const [drive] = await tx
    .select({ id: drives.id })
    .from(drives)
    .where(eq(drives.id, driveId))
    .for('no key update');
  if (!drive) throw noSuchDrive();
}
