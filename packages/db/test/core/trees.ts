import type { Db } from '../../src/database.ts';
import type { PageRight } from '../../src/queries/permissions/access.ts';
import { pagePermissions, pages } from '../../src/schema/index.ts';

/** Adds documents under a parent, in order, and returns their ids. */
export async function addPages(
  db: Db,
  driveId: string,
  titles: readonly string[],
  parentId: string | null = null,
): Promise<string[]> {
  const rows = await db
    .insert(pages)
    .values(
      titles.map((title, index) => ({
        driveId,
        parentId,
        title,
        type: 'DOCUMENT' as const,
        position: index + 1,
      })),
    )
    .returning({ id: pages.id });
  return rows.map(({ id }) => id);
}

/** Gives a user exactly these rights on a page. */
export async function grant(
  db: Db,
  pageId: string,
  userId: string,
  rights: readonly PageRight[],
  expiresAt: Date | null = null,
): Promise<void> {
  const values = {
    canView: rights.includes('canView'),
    canEdit: rights.includes('canEdit'),
    canShare: rights.includes('canShare'),
    canDelete: rights.includes('canDelete'),
    expiresAt,
  };
  await db
    .insert(pagePermissions)
    .values({ pageId, userId, ...values })
    .onConflictDoUpdate({ target: [pagePermissions.pageId, pagePermissions.userId], set: values });
}
