import { ConflictError, InvalidInputError, transaction } from '@reference/kit';
import { eq, sql } from 'drizzle-orm';
import type { Db, Tx } from '../../database.ts';
import { pages } from '../../schema/index.ts';
import { pageSummary } from './columns.ts';
import { mayAddTo, requireLivePage } from './page-rights.ts';
import type { PageSummary } from './pages.ts';
import { lockDriveOf, type Place, positionAt } from './tree-order.ts';

/**
 * Moves a page with its subtree, to another parent or another place among its siblings.
 *
 * @param params.parentId the new parent, or null for the root of the drive
 * @param params.place default: the end
 * @throws NotFoundError, ForbiddenError when the user does not see or may not edit the page or the
 *   parent, or does not administer the drive at its root
 * @throws InvalidInputError for a parent that is the page itself or under it, a parent in another
 *   drive, or a place next to a page that is not there or that the user may not see
 * @throws ConflictError when the page or the parent is in the trash
 */
export async function movePage(
  db: Db,
  params: { userId: string; pageId: string; parentId: string | null; place?: Place },
): Promise<PageSummary> {
  const { userId, pageId, parentId, place = 'last' } = params;
  return transaction(db, async (tx) => {
    await lockDriveOf(tx, pageId);
    const page = await requireLivePage(tx, { userId, pageId, right: 'canEdit' });
    if (parentId !== page.parentId) {
      await mayAddTo(tx, { userId, driveId: page.driveId, parentId });
      if (parentId !== null) await rejectCycle(tx, { pageId, parentId });
    } else if (parentId !== null) {
      await requireLivePage(tx, { userId, pageId: parentId, right: 'canView' });
    }
    const { driveId } = page;
    const position = await positionAt(tx, { driveId, parentId, place, pageId, userId });
    const [moved] = await tx
      .update(pages)
      .set({ parentId, position })
      .where(eq(pages.id, pageId))
      .returning(pageSummary);
    if (!moved) throw new ConflictError('This page was deleted meanwhile.');
    return moved;
  });
}

async function rejectCycle(
  tx: Tx,
  { pageId, parentId }: { pageId: string; parentId: string },
): Promise<void> {
  const [found]: { inside: boolean }[] = await tx.execute(sql`
    with recursive ancestry as (
      select ${pages.id}, ${pages.parentId} from ${pages} where ${pages.id} = ${parentId}
      union
      select ${pages.id}, ${pages.parentId} from ancestry join ${pages} on ${pages.id} = ancestry."parentId"
    )
    select exists (select 1 from ancestry where id = ${pageId}) as inside`);
  if (found?.inside)
    throw new InvalidInputError(
      'A page cannot be moved into itself or under one of its own pages.',
    );
}
