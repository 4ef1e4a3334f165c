import { ConflictError, ForbiddenError, NotFoundError } from '@reference/kit';
import { eq, sql } from 'drizzle-orm';
import type { Db } from '../../database.ts';
import { type Drive, drives } from '../../schema/index.ts';
import { managesDrive, seesDrive } from '../permissions/access.ts';
import { driveDetail } from './columns.ts';

/**
 * A drive that a user owns or administers, also in the trash. A transaction locks it, as
 * `requirePageRight` locks a page.
 *
 * @throws NotFoundError when there is no such drive, or none that this user sees
 * @throws ForbiddenError when the user sees it without administering it
 */
export async function requireManagedDrive(
  db: Db,
  { userId, driveId }: { userId: string; driveId: string },
): Promise<Drive> {
  const [found] = await db
    .select({
      ...driveDetail,
      managed: sql<boolean>`${managesDrive(userId, drives.id)}`,
      visible: sql<boolean>`${seesDrive(userId)}`,
    })
    .from(drives)
    .where(eq(drives.id, driveId))
    .for('key share', { of: drives });
  if (!found?.visible) throw new NotFoundError('There is no such drive, or you may not see it.');
  const { managed, visible: _, ...drive } = found;
  if (!managed)
    throw new ForbiddenError('Only the owner and the administrators of this drive may do that.');
  return drive;
}

/**
 * The same, for a drive that must not be in the trash.
 *
 * @throws ConflictError when the drive is in the trash
 */
export async function requireLiveManagedDrive(
  db: Db,
  params: { userId: string; driveId: string },
): Promise<Drive> {
  const drive = await requireManagedDrive(db, params);
  if (drive.isTrashed) throw new ConflictError('This drive is in the trash. Restore it first.');
  return drive;
}
