import type { PageType } from '../../schema/index.ts';

export interface TreeNode {
  readonly id: string;
  readonly parentId: string | null;
  readonly title: string;
  readonly type: PageType;
  readonly position: number;
  readonly children: TreeNode[];
}

/** A page of a tree by itself. */
export type FlatPage = Omit<TreeNode, 'children'>;

/** Pages column by column: the page at an index has the values at that index. */
export interface PageColumns {
  readonly ids: readonly string[];
  /** May end early: the pages beyond have no parent. */
  readonly parentIds: readonly (string | null)[];
  readonly titles: readonly string[];
  readonly types: readonly PageType[];
  readonly positions: readonly number[];
}

/**
 * Makes a tree of flat rows that come in sibling order.
 * @param options as for `treeOf`
 */
export const assembleTree = (rows: readonly FlatPage[], options: { lift: boolean }): TreeNode[] =>
  treeOf(
    {
      ids: rows.map(({ id }) => id),
      parentIds: rows.map(({ parentId }) => parentId),
      titles: rows.map(({ title }) => title),
      types: rows.map(({ type }) => type),
      positions: rows.map(({ position }) => position),
    },
    options,
  );

/**
 * Makes a tree of pages that come in sibling order.
 *
 * Each parent that is named gets its list of children first, and the page that carries its id takes
 * it. So a map holds the few that have children and not every page.
 *
 * @param options.lift what becomes of a page whose parent is not among them: when true it stands at
 *   the top, without that parent's id; when false it is left out with all that hangs on it (its parent lies in the trash)
 * @returns the roots
 */
export function treeOf(columns: PageColumns, { lift }: { lift: boolean }): TreeNode[] {
  const { ids, parentIds, titles, types, positions } = columns;
  const childrenOf = listsOf(parentIds);
  const roots: TreeNode[] = [];
  // Most stand next to their siblings, which need no search of their own.
  let parentId: string | null = null;
  let siblings: TreeNode[] | undefined = roots;
  let index = 0;
  for (const id of ids) {
    const named = parentIds[index] ?? null;
    if (named !== parentId) {
      parentId = named;
      siblings = named === null ? roots : childrenOf.get(named);
    }
    siblings?.push({
      id,
      parentId,
      title: titles[index] ?? '',
      type: types[index] as PageType,
      position: positions[index] ?? 0,
      children: childrenOf.get(id) ?? [],
    });
    index++;
  }
  if (!lift) return roots;
  for (const id of ids) childrenOf.delete(id);
  const lifted = [...childrenOf.values()].flat().map((page) => ({ ...page, parentId: null }));
  return [...lifted, ...roots];
}

function listsOf(parentIds: PageColumns['parentIds']): Map<string, TreeNode[]> {
  const lists = new Map<string, TreeNode[]>();
  let last: string | null = null;
  for (const parentId of parentIds) {
    if (parentId === last) continue;
    last = parentId;
    if (parentId !== null) lists.set(parentId, []);
  }
  return lists;
}
