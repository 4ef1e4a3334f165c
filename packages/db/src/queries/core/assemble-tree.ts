import type { PageType } from '../../schema/index.ts';

export interface TreeNode {
  readonly id: string;
  readonly parentId: string | null;
  readonly title: string;
  readonly type: PageType;
  readonly position: number;
  readonly children: TreeNode[];
}

/** A page of a tree without its children. */
export type FlatPage = Omit<TreeNode, 'children'>;

/** Pages column by column: the page at an index has the values at that index. */
export interface PageColumns {
  readonly ids: readonly string[];
  /** May be shorter; the pages beyond its end have no parent. */
  readonly parentIds: readonly (string | null)[];
  readonly titles: readonly string[];
  readonly types: readonly PageType[];
  readonly positions: readonly number[];
}

/**
 * Builds a tree from flat rows in sibling order.
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
 * Builds a tree from pages in sibling order.
 *
 * First each named parent gets its list of children, then the page with that id takes the list. So
 * the map holds only the few pages that have children.
 *
 * @param options.lift true puts a page whose parent is not among them at the top, without that
 *   parent's id; false leaves it out with its subtree, because its parent is in the trash
 * @returns the roots
 */
export function treeOf(columns: PageColumns, { lift }: { lift: boolean }): TreeNode[] {
  const { ids, parentIds, titles, types, positions } = columns;
  const childrenOf = listsOf(parentIds);
  const roots: TreeNode[] = [];
  // Most pages follow a sibling, so they need no lookup.
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
