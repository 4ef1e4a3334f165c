import { ConflictError, InvalidInputError, NotFoundError } from '@reference/kit';
import { and, asc, desc, eq, isNull, ne, type Placeholder, type SQL, sql } from 'drizzle-orm';
import type { Tx } from '../../database.ts';
import { pages } from '../../schema/index.ts';
import { hasPageRight } from '../permissions/access.ts';
import { lockDrive } from './locked-drive.ts';
import { positionBetween } from './position.ts';

/** A page's place among its siblings. */
export type Place = 'first' | 'last' | { readonly before: string } | { readonly after: string };

/**
 * Locks the drive of a page (see `lockDrive`).
 * @throws NotFoundError when there is no such page
 */
export async function lockDriveOf(tx: Tx, pageId: string): Promise<void> {
  const [page] = await tx
    .select({ driveId: pages.driveId })
    .from(pages)
    .where(eq(pages.id, pageId));
  if (!page) throw new NotFoundError('There is no such page, or you may not see it.');
  await lockDrive(tx, page.driveId);
}

/**
 * Gives the position for a place among siblings. It renumbers them if no `real` is left there, so
 * the transaction must hold the drive's lock.
 *
 * @param target.pageId the page that moves; it does not count among the siblings
 * @param target.userId the caller, for whom only visible siblings count
 * @throws InvalidInputError when the place names a page that is not a sibling there
 */
export async function positionAt(tx: Tx, target: Target): Promise<number> {
  const found = await gapAt(tx, target);
  const position = positionBetween(found.above, found.below);
  if (position !== null) return position;
  await renumberSiblings(tx, target);
  const widened = await gapAt(tx, target);
  const afterwards = positionBetween(widened.above, widened.below);
  if (afterwards === null)
    throw new ConflictError(
      'This page has more children than positions. Divide them among folders.',
    );
  return afterwards;
}

interface Target {
  driveId: string;
  parentId: string | null;
  place: Place;
  pageId?: string;
  userId?: string;
}

interface Gap {
  above: number | null;
  below: number | null;
}

async function gapAt(tx: Tx, { driveId, parentId, place, pageId, userId }: Target): Promise<Gap> {
  const siblings = and(
    childrenOf(driveId, parentId),
    pageId === undefined ? undefined : ne(pages.id, pageId),
  );
  const edge = async (direction: typeof asc, beyond = siblings) => {
    const [row] = await tx
      .select({ position: pages.position })
      .from(pages)
      .where(beyond)
      .orderBy(parentFirst(direction), direction(pages.position), direction(pages.id))
      .limit(1);
    return row?.position ?? null;
  };
  if (place === 'first') return { above: null, below: await edge(asc) };
  if (place === 'last') return { above: await edge(desc), below: null };

  const anchorId = 'before' in place ? place.before : place.after;
  const [anchor] = await tx
    .select({ position: pages.position })
    .from(pages)
    .where(
      and(
        siblings,
        eq(pages.id, anchorId),
        userId === undefined ? undefined : hasPageRight(userId, 'canView'),
      ),
    );
  if (!anchor) {
    throw new InvalidInputError(
      'The page to place it next to is not among the other children of that parent.',
    );
  }
  const key = sql`(${pages.position}, ${pages.id})`;
  const anchorKey = sql`(${anchor.position}::real, ${anchorId}::text)`;
  return 'before' in place
    ? { above: await edge(desc, and(siblings, sql`${key} < ${anchorKey}`)), below: anchor.position }
    : { above: anchor.position, below: await edge(asc, and(siblings, sql`${key} > ${anchorKey}`)) };
}

/**
 * Gives the siblings whole numbers in their order. `updatedAt` stays, because no page was changed.
 */
async function renumberSiblings(
  tx: Tx,
  { driveId, parentId }: { driveId: string; parentId: string | null },
): Promise<void> {
  await tx.execute(sql`
    update ${pages} set "position" = numbered.position
    from (
      select ${pages.id}, row_number() over (order by ${pages.position}, ${pages.id})::real as position
      from ${pages} where ${childrenOf(driveId, parentId)}
    ) numbered
    where ${pages.id} = numbered.id and ${pages.position} <> numbered.position`);
}

/**
 * The condition that a page is a child of a page, or a root page of a drive, in a form that an
 * index serves.
 */
export const childrenOf = (
  driveId: string | Placeholder,
  parentId: string | Placeholder | null,
): SQL | undefined =>
  and(
    eq(pages.driveId, driveId),
    parentId === null ? isNull(pages.parentId) : eq(pages.parentId, parentId),
    eq(pages.isTrashed, false),
  );

/**
 * The parent, to order children by before their position. It is constant, but the planner cannot
 * infer that from IS NULL, and would sort the root's pages instead of reading them in index order.
 */
export const parentFirst = (direction: typeof asc): SQL => direction(pages.parentId);
