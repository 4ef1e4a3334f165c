import { ConflictError, ForbiddenError, NotFoundError } from '@reference/kit';
import { eq, sql } from 'drizzle-orm';
import type { Db } from '../../database.ts';
import { drives, type PageType, pages } from '../../schema/index.ts';
import { hasPageRight, managesDrive, type PageRight } from '../permissions/access.ts';
import { requireLiveManagedDrive } from './drive-rights.ts';

const verbs: Record<PageRight, string> = {
  canView: 'view',
  canEdit: 'edit',
  canShare: 'share',
  canDelete: 'delete',
};

/**
 * Also a `mapConstraints` entry, because without a transaction the page may be deleted before the
 * write.
 */
export const noSuchPage = () => new NotFoundError('There is no such page, or you may not see it.');

/** The facts about a page that a write needs. */
export interface PageStanding {
  id: string;
  driveId: string;
  type: PageType;
  parentId: string | null;
  originalParentId: string | null;
  position: number;
  revision: number;
  isTrashed: boolean;
  driveIsTrashed: boolean;
  managed: boolean;
}

/** The right that a user needs on a page, and the page's lock until the transaction ends. */
export interface PageRightParams {
  userId: string;
  pageId: string;
  right: PageRight;
  /**
   * `key share`, the default, keeps the page from being deleted. With `no key update`, changes of
   * what belongs to the page also follow one another.
   */
  hold?: 'key share' | 'no key update';
}

/**
 * A page on which a user has a right. A transaction locks the page, so it is not purged before a
 * row that refers to it is committed.
 *
 * @throws NotFoundError when there is no such page, or none that this user may see
 * @throws ForbiddenError when the user sees it but lacks the right
 */
export async function requirePageRight(
  db: Db,
  { userId, pageId, right, hold = 'key share' }: PageRightParams,
): Promise<PageStanding> {
  const [page] = await db
    .select({
      id: pages.id,
      driveId: pages.driveId,
      type: pages.type,
      parentId: pages.parentId,
      originalParentId: pages.originalParentId,
      position: pages.position,
      revision: pages.revision,
      isTrashed: pages.isTrashed,
      driveIsTrashed: drives.isTrashed,
      managed: sql<boolean>`${managesDrive(userId)}`,
      visible: sql<boolean>`${hasPageRight(userId, 'canView')}`,
      allowed: sql<boolean>`${hasPageRight(userId, right)}`,
    })
    .from(pages)
    .innerJoin(drives, eq(drives.id, pages.driveId))
    .where(eq(pages.id, pageId))
    .for(hold, { of: pages });
  if (!page?.visible) throw noSuchPage();
  const { visible: _, allowed, ...standing } = page;
  if (!allowed) throw new ForbiddenError(`You may not ${verbs[right]} this page.`);
  return standing;
}

/**
 * The same, for a page that must not be in the trash.
 *
 * @throws ConflictError when the page or its drive is in the trash
 */
export async function requireLivePage(db: Db, params: PageRightParams): Promise<PageStanding> {
  const page = await requirePageRight(db, params);
  if (page.isTrashed) throw new ConflictError('This page is in the trash. Restore it first.');
  if (page.driveIsTrashed)
    throw new ConflictError('The drive of this page is in the trash. Restore it first.');
  return page;
}

/**
 * Checks that a user may create or move a page there.
 * @returns whether they administer the drive
 */
export async function mayAddTo(
  db: Db,
  { userId, driveId, parentId }: { userId: string; driveId: string; parentId: string | null },
): Promise<boolean> {
  if (parentId === null) {
    await requireLiveManagedDrive(db, { userId, driveId });
    return true;
  }
  const parent = await requireLivePage(db, { userId, pageId: parentId, right: 'canEdit' });
  if (parent.driveId !== driveId)
    throw new NotFoundError('The parent page lies in another drive. Name one of this drive.');
  return parent.managed;
}
