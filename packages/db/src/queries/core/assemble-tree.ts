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

/**
 * Makes a tree of flat rows that come in sibling order.
 * @param options as for `linkTree`
 */
export const assembleTree = (rows: readonly FlatPage[], options: { lift: boolean }): TreeNode[] =>
  linkTree(
    rows.map(({ id, parentId, title, type, position }) => ({
      ...{ id, parentId, title, type, position },
      children: [],
    })),
    options,
  );

/**
 * Hangs nodes without children, which come in sibling order, under their parents.
 * @param options.lift what becomes of a page whose parent is not among them: at the top when
 *   true; when false it is left out with all that hangs on it (its parent lies in the trash)
 * @returns the roots
 */
export function linkTree(nodes: readonly TreeNode[], { lift }: { lift: boolean }): TreeNode[] {
  const byId = new Map<string, TreeNode>();
  for (const node of nodes) byId.set(node.id, node);
  const roots: TreeNode[] = [];
  const childrenOf = (parentId: string | null) => {
    const children = parentId === null ? roots : byId.get(parentId)?.children;
    return children ?? (lift ? roots : undefined);
  };
  // Most stand next to their siblings, which need no search of their own.
  let parentId: string | null = null;
  let siblings: TreeNode[] | undefined = roots;
  for (const node of nodes) {
    if (node.parentId !== parentId) {
      parentId = node.parentId;
      siblings = childrenOf(parentId);
    }
    siblings?.push(node);
  }
  return roots;
}
