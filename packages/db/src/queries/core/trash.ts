import {
  ConflictError,
  type KeysetPage,
  keyset,
  listPage,
  type PageRequest,
  transaction,
} from '@reference/kit';
import { and, desc, eq, isNull, sql } from 'drizzle-orm';
import type { Db, Tx } from '../../database.ts';
import { pages } from '../../schema/index.ts';
import { hasPageRight, managesDrive } from '../permissions/access.ts';
import { onlyRow } from '../rows.ts';
import { pageSummary } from './columns.ts';
import { requireLivePage, requirePageRight } from './page-rights.ts';
import type { PageSummary } from './pages.ts';
import { reviveActs, trashActs } from './trash-act.ts';
import { childrenOf, lockDriveOf, positionAt } from './tree-order.ts';

/** Counts the live pages of a subtree that a user may view. */
async function countSeenUnder(
  tx: Tx,
  { userId, pageId }: { userId: string; pageId: string },
): Promise<number> {
  const [counted]: { count: number }[] = await tx.execute(sql`
    with recursive subtree as (
      select ${pages.id}, ${pages.driveId} from ${pages} where ${pages.id} = ${pageId}
      union
      select ${pages.id}, ${pages.driveId} from subtree join ${pages}
        on ${pages.driveId} = subtree."driveId" and ${pages.parentId} = subtree.id
      where not ${pages.isTrashed}
    )
    select count(*)::int as count from subtree join ${pages} on ${pages.id} = subtree.id
    where ${hasPageRight(userId, 'canView')}`);
  return counted?.count ?? 0;
}

/**
 * Trashes a page with its subtree, also pages that the user may not see, because a right to delete
 * covers the whole branch. The owner and the ADMINs can restore it.
 *
 * @returns how many pages were trashed, without those that the user may not see
 * @throws NotFoundError, ForbiddenError when the user does not see or may not delete the page
 * @throws ConflictError when it is in the trash already
 */
export async function trashPage(
  db: Db,
  { userId, pageId }: { userId: string; pageId: string },
): Promise<{ trashed: number }> {
  return transaction(db, async (tx) => {
    await lockDriveOf(tx, pageId);
    const page = await requireLivePage(tx, { userId, pageId, right: 'canDelete' });
    const seen = page.managed ? null : await countSeenUnder(tx, { userId, pageId });
    const trashed = await trashActs(tx, page.driveId, [pageId]);
    return { trashed: seen ?? trashed };
  });
}

/**
 * Restores a page from the trash with exactly the pages that were trashed with it. It returns to
 * its former place, or to the end of the drive's root if its former parent is deleted or in the
 * trash.
 *
 * @returns the page, and how many pages were restored, itself included
 * @throws NotFoundError when the user does not administer the drive, because nobody else sees the
 *   trash
 * @throws ConflictError when it is not in the trash, went there with a page above it, or its drive is
 *   in the trash
 */
export async function restorePage(
  db: Db,
  { userId, pageId }: { userId: string; pageId: string },
): Promise<{ page: PageSummary; restored: number }> {
  return transaction(db, async (tx) => {
    await lockDriveOf(tx, pageId);
    const page = await requirePageRight(tx, { userId, pageId, right: 'canDelete' });
    if (page.driveIsTrashed)
      throw new ConflictError('The drive of this page is in the trash. Restore it first.');
    if (!page.isTrashed) throw new ConflictError('This page is not in the trash.');
    if (page.parentId !== null) {
      throw new ConflictError(
        `This page went to the trash with a page above it. Restore that one: ${await actOf(tx, pageId)}.`,
      );
    }
    const { driveId } = page;
    const parentId = await liveParent(tx, page.originalParentId);
    const home = { driveId, parentId, pageId };
    const position =
      parentId === page.originalParentId
        ? await formerPosition(tx, home, page.position)
        : await positionAt(tx, { ...home, place: 'last' });
    const count = await reviveActs(tx, driveId, [pageId]);
    const restored = await tx
      .update(pages)
      .set({ parentId, position })
      .where(eq(pages.id, pageId))
      .returning(pageSummary);
    return { page: onlyRow(restored), restored: count };
  });
}

async function liveParent(db: Db, parentId: string | null): Promise<string | null> {
  if (parentId === null) return null;
  const [parent] = await db
    .select({ id: pages.id })
    .from(pages)
    .where(and(eq(pages.id, parentId), eq(pages.isTrashed, false)));
  return parent?.id ?? null;
}

/** Its former position, or the one after the page that took that meanwhile. */
async function formerPosition(
  tx: Tx,
  home: { driveId: string; parentId: string | null; pageId: string },
  position: number,
): Promise<number> {
  const [taken] = await tx
    .select({ id: pages.id })
    .from(pages)
    .where(and(childrenOf(home.driveId, home.parentId), eq(pages.position, position)))
    .orderBy(desc(pages.id))
    .limit(1);
  return taken ? positionAt(tx, { ...home, place: { after: taken.id } }) : position;
}

/** The id of the page that the trash act of this one began with. */
async function actOf(db: Db, pageId: string): Promise<string> {
  const rows: { id: string }[] = await db.execute(sql`
    with recursive ancestry as (
      select ${pages.id}, ${pages.parentId} from ${pages} where ${pages.id} = ${pageId}
      union
      select ${pages.id}, ${pages.parentId} from ancestry join ${pages} on ${pages.id} = ancestry."parentId"
    )
    select id from ancestry where "parentId" is null`);
  return rows[0]?.id ?? pageId;
}

const latestTrashed = keyset([
  {
    expression: sql`${pages.trashedAt}`,
    type: 'timestamptz(3)',
    direction: 'desc',
    nullable: false,
  },
  { column: pages.id, direction: 'desc' },
]);

/**
 * Lists the pages of a drive that can be restored: those that began a trash act, latest first.
 * Empty for anyone but the owner and the ADMINs.
 */
export async function listTrashedPages(
  db: Db,
  params: PageRequest & { userId: string; driveId: string },
): Promise<KeysetPage<PageSummary>> {
  return listPage(latestTrashed, params, (seek) =>
    db
      .select({ ...pageSummary, ...seek.select })
      .from(pages)
      .where(
        and(
          eq(pages.driveId, params.driveId),
          sql`${pages.isTrashed}`,
          isNull(pages.parentId),
          managesDrive(params.userId),
          seek.where,
        ),
      )
      .orderBy(...seek.orderBy)
      .limit(seek.limit),
  );
}
