import { eq } from 'drizzle-orm';
import type { Tx } from '../../database.ts';
import { drives } from '../../schema/index.ts';

/**
 * Waits until no other transaction changes who may do what in this drive. Every change of a member,
 * an owner, an invitation or a grant begins here, so that what it then reads of the actor's rights
 * is still true when it commits. Reads, and writes of pages, do not wait.
 */
export async function lockDrive(tx: Tx, driveId: string): Promise<void> {
  await tx
    .select({ id: drives.id })
    .from(drives)
    .where(eq(drives.id, driveId))
    .limit(1)
    .for('no key update');
}
