import { InvalidInputError, type Placeholders, prepared } from '@reference/kit';
import { and, not, type SQL, type SQLWrapper, sql } from 'drizzle-orm';
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

// The pages travel as one row with a JSON array for each column: to send and to read 200 rows of six
// values costs more than all else that makes the tree.
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
    const seen = unionAll(branch(managed, true), branch(granted, false)).as('seen');
    return db
      .select({
        managed: sql<boolean | null>`bool_or(${seen.managed})`,
        ids: arrayOf<string>(seen.id),
        parentIds: arrayOf<string | null>(seen.parentId),
        titles: arrayOf<string>(seen.title),
        types: arrayOf<PageType>(seen.type),
        positions: arrayOf<number>(seen.position),
      })
      .from(seen);
  },
);

type PageColumns = Awaited<ReturnType<typeof treeOf>>[number];

/** In the order of the rows; null when there are none. */
const arrayOf = <T>(column: SQLWrapper) => sql<T[] | null>`json_agg(${column})`;

/**
 * All pages of a drive that a user may see, as a tree in order.
 *
 * One flat statement in index order, assembled here: half the time of a recursive CTE. Whoever
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
  const [columns] = await treeOf(db, { userId, driveId, limit: maxTreePages + 1 });
  const nodes = columns ? nodesOf(columns) : [];
  if (nodes.length > maxTreePages) {
    throw new InvalidInputError(
      `This drive holds more than ${maxTreePages} pages. List the children of one page at a time.`,
    );
  }
  return assembleTree(nodes, { lift: !columns?.managed });
}

function nodesOf({ ids, parentIds, titles, types, positions }: PageColumns): TreeNode[] {
  if (!(ids && parentIds && titles && types && positions)) return [];
  return ids.map((id, index) => ({
    id,
    parentId: at(parentIds, index),
    title: at(titles, index),
    type: at(types, index),
    position: at(positions, index),
    children: [],
  }));
}

function at<T>(column: readonly T[], index: number): T {
  const value = column[index];
  if (value === undefined) throw new TypeError('The columns of a tree differ in length.');
  return value;
}

/**
 * Makes a tree of nodes that come in sibling order, none with children yet.
 * @param options.lift what becomes of a page whose parent is not among the nodes: at the top when
 *   true; when false it is left out with all that hangs on it (its parent lies in the trash)
 */
export function assembleTree(flat: readonly TreeNode[], { lift }: { lift: boolean }): TreeNode[] {
  const nodes = new Map(flat.map((node) => [node.id, node]));
  const roots: TreeNode[] = [];
  for (const node of flat) {
    const parent = node.parentId === null ? undefined : nodes.get(node.parentId);
    if (parent) parent.children.push(node);
    else if (node.parentId === null || lift) roots.push(node);
  }
  return roots;
}
