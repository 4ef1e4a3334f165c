import { NotFoundError } from '@reference/kit';
import { eq } from 'drizzle-orm';
import type { Tx } from '../../database.ts';
import { drives } from '../../schema/index.ts';

/** Also a `mapConstraints` entry: the drive may be deleted between the check and the write. */
export const noSuchDrive = () =>
  new NotFoundError('There is no such drive, or you may not see it.');

/**
 * Lets one change of a drive's tree, members or grants happen at a time, until the transaction ends:
 * two moves at once could make a ring, and what a change reads of its actor's rights must still be
 * true when it commits. Readers, edits of pages and other drives go on.
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
