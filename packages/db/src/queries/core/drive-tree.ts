import { InvalidInputError, type Placeholders, prepared } from '@reference/kit';
import { and, not, type SQL, sql } from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/pg-core';
import type { Db } from '../../database.ts';
import { pages } from '../../schema/index.ts';
import { pagesInDrive } from '../permissions/access.ts';
import { assembleTree, type TreeNode, treeOf } from './assemble-tree.ts';
import { packed, unpack } from './packed-tree.ts';

/** The most pages that one tree holds; read a larger drive level by level with `listChildPages`. */
export const maxTreePages = 50_000;

interface TreeParams {
  readonly userId: string;
  readonly driveId: string;
  readonly limit: number;
}

/** The pages of a branch, in order; at most one of the branches has any. */
const pagesWhere = (db: Db, condition: SQL, limit: Placeholders<TreeParams>['limit']) =>
  db
    .select({
      id: pages.id,
      parentId: pages.parentId,
      title: pages.title,
      type: pages.type,
      position: pages.position,
    })
    .from(pages)
    .where(and(condition, not(pages.isTrashed)))
    .orderBy(pages.parentId, pages.position, pages.id)
    .limit(limit);

/** At most one branch has pages, so the union needs no sort. */
const rowsOf = prepared((db: Db, { userId, driveId, limit }: Placeholders<TreeParams>) => {
  const { whole, granted } = pagesInDrive(userId, driveId, 'canView');
  return unionAll(pagesWhere(db, whole, limit), pagesWhere(db, granted, limit));
});

/**
 * A row for each branch. Pages that are packed before the union pass through fewer nodes of the
 * plan.
 */
const packedOf = prepared((db: Db, { userId, driveId, limit }: Placeholders<TreeParams>) => {
  const { whole, granted } = pagesInDrive(userId, driveId, 'canView');
  const pack = (condition: SQL, isWhole: SQL<boolean>) => {
    const tree = pagesWhere(db, condition, limit).as('tree');
    return db.select({ ...packed(tree), whole: isWhole }).from(tree);
  };
  return unionAll(pack(whole, sql`true`), pack(granted, sql`false`));
});

/**
 * Gives all pages of a drive that a user may see, as a tree in order.
 *
 * It sends one flat statement in index order and builds the tree in memory, which is cheaper than a
 * recursive CTE. A user who may view the whole drive sees the live tree; anyone else sees the pages
 * granted to them, with a page whose parent was not granted at the top.
 *
 * @returns the root pages; none for a drive that the user may not see
 * @throws InvalidInputError when the drive holds more than 50,000 pages
 */
export async function getDriveTree(
  db: Db,
  { userId, driveId }: { userId: string; driveId: string },
): Promise<TreeNode[]> {
  const params = { userId, driveId, limit: maxTreePages + 1 };
  const branches = await packedOf(db, params);
  const row = branches.find(({ pages }) => pages > 0);
  if (!row) return [];
  if (row.pages > maxTreePages) {
    throw new InvalidInputError(
      `This drive holds more than ${maxTreePages} pages. List the children of one page at a time.`,
    );
  }
  const lift = { lift: !row.whole };
  const columns = unpack(row);
  return columns ? treeOf(columns, lift) : assembleTree(await rowsOf(db, params), lift);
}
