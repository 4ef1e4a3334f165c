import { InvalidInputError, type Placeholders, prepared } from '@reference/kit';
import { and, not, type SQL, sql } from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/pg-core';
import type { Db } from '../../database.ts';
import { type PageType, pages } from '../../schema/index.ts';
import { pagesInDrive } from '../permissions/access.ts';

/** Pages that one tree holds at most; beyond, read level by level with `listChildPages`. */
export const maxTreePages = 50_000;

export interface TreeNode {
  readonly id: string;
  readonly parentId: string | null;
  readonly title: string;
  readonly type: PageType;
  readonly position: number;
  readonly children: TreeNode[];
}

type FlatPage = Omit<TreeNode, 'children'>;

const treeOf = prepared(
  (db: Db, p: Placeholders<{ userId: string; driveId: string; limit: number }>) => {
    const { managed, granted } = pagesInDrive(p.userId, p.driveId, 'canView');
    const branch = (condition: SQL, isManaged: boolean) =>
      db
        .select({
          id: pages.id,
          parentId: pages.parentId,
          title: pages.title,
          type: pages.type,
          position: pages.position,
          managed: sql<boolean>`${sql.raw(`${isManaged}`)}`.as('managed'),
        })
        .from(pages)
        .where(and(condition, not(pages.isTrashed)))
        .orderBy(pages.parentId, pages.position, pages.id)
        .limit(p.limit);
    // At most one branch gives rows, each in order: no order over the union is needed.
    return unionAll(branch(managed, true), branch(granted, false));
  },
);

/**
 * All pages of a drive that a user may see, as a tree in order.
 *
 * One flat statement in index order, assembled here: less than a recursive CTE takes. Whoever
 * administers the drive sees the live tree; anyone else the pages granted to them, and a page whose
 * parent was not granted stands at the top.
 *
 * @returns the root pages; none for a drive that the user has no part in
 * @throws InvalidInputError when the drive holds more than 50,000 pages
 */
export async function getDriveTree(
  db: Db,
  { userId, driveId }: { userId: string; driveId: string },
): Promise<TreeNode[]> {
  const rows = await treeOf(db, { userId, driveId, limit: maxTreePages + 1 });
  if (rows.length > maxTreePages) {
    throw new InvalidInputError(
      `This drive holds more than ${maxTreePages} pages. List the children of one page at a time.`,
    );
  }
  return assembleTree(rows, { lift: !rows[0]?.managed });
}

/**
 * Makes a tree of flat rows that come in sibling order.
 * @param options.lift what becomes of a page whose parent is not among the rows: at the top when
 *   true; when false it is left out with all that hangs on it (its parent lies in the trash)
 */
export function assembleTree(rows: readonly FlatPage[], { lift }: { lift: boolean }): TreeNode[] {
  const nodes = new Map<string, TreeNode>();
  for (const { id, parentId, title, type, position } of rows) {
    nodes.set(id, { id, parentId, title, type, position, children: [] });
  }
  const roots: TreeNode[] = [];
  for (const node of nodes.values()) {
    const parent = node.parentId === null ? undefined : nodes.get(node.parentId);
    if (parent) parent.children.push(node);
    else if (node.parentId === null || lift) roots.push(node);
  }
  return roots;
}
