import { InvalidInputError, NotFoundError } from '@reference/kit';
import { sql } from 'drizzle-orm';
import type { Db } from '../../database.ts';
import { type PageType, pages } from '../../schema/index.ts';
import { hasPageRight, hasPageRightAmongMany } from '../permissions/access.ts';
import { assembleTree, type FlatPage, type TreeNode } from './assemble-tree.ts';
import { maxTreePages } from './drive-tree.ts';

/** One step of the path from the drive's root to a page. */
export interface Breadcrumb {
  readonly id: string;
  readonly title: string;
  readonly type: PageType;
}

/** The greatest depth that is followed, in case a row's parents ever form a cycle. */
const maxDepth = 1000;

/**
 * Gives a page with its subtree, outside the trash, as far as the user may see it. A page that they
 * may not see ends its branch.
 *
 * @throws NotFoundError when the user may not see the page, or it is in the trash
 * @throws InvalidInputError when there are more than 50,000 pages
 */
export async function getSubtree(
  db: Db,
  { userId, pageId }: { userId: string; pageId: string },
): Promise<TreeNode> {
  const rows: FlatPage[] = await db.execute(sql`
    with recursive subtree as (
      select ${treeColumns}, 0 as depth from ${pages}
      where ${pages.id} = ${pageId} and not ${pages.isTrashed} and ${hasPageRight(userId, 'canView')}
      union all
      select ${treeColumns}, subtree.depth + 1 from subtree
      join ${pages} on ${pages.driveId} = subtree."driveId" and ${pages.parentId} = subtree.id
      where not ${pages.isTrashed} and subtree.depth < ${maxDepth} and ${hasPageRightAmongMany(userId, 'canView')}
    )
    select id, case when depth = 0 then null else "parentId" end as "parentId", title, type, position
    from subtree order by depth, position, id limit ${maxTreePages + 1}`);
  if (rows.length > maxTreePages) {
    throw new InvalidInputError(
      `There are more than ${maxTreePages} pages under this one. List the children of one page at a time.`,
    );
  }
  const [root] = assembleTree(rows, { lift: false });
  if (!root) throw new NotFoundError('There is no such page, or you may not see it.');
  return root;
}

const treeColumns = sql`${pages.id}, ${pages.driveId}, ${pages.parentId}, ${pages.title}, ${pages.type}, ${pages.position}`;

/**
 * Lists the path from the root of the drive to a page, the page itself last, without pages that the
 * user may not see. For a page in the trash, the path begins at the page that it was trashed with.
 *
 * @returns empty when there is no such page, or the user may not see it
 */
export async function listBreadcrumbs(
  db: Db,
  { userId, pageId }: { userId: string; pageId: string },
): Promise<Breadcrumb[]> {
  return db.execute<{ id: string; title: string; type: PageType }>(sql`
    with recursive trail as (
      select ${pages.id}, ${pages.parentId}, ${pages.title}, ${pages.type}, 0 as depth,
        ${hasPageRight(userId, 'canView')} as visible
      from ${pages} where ${pages.id} = ${pageId} and ${hasPageRight(userId, 'canView')}
      union all
      select ${pages.id}, ${pages.parentId}, ${pages.title}, ${pages.type}, trail.depth + 1,
        ${hasPageRight(userId, 'canView')}
      from trail join ${pages} on ${pages.id} = trail."parentId"
      where trail.depth < ${maxDepth}
    )
    select id, title, type from trail where visible order by depth desc`);
}
