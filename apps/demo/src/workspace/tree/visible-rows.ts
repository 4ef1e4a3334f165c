import type { TreeNode } from '@pagespace/db';
import type { MoveTarget } from '../pages.ts';

/** A line of the tree as it is shown. */
export interface Row {
  readonly node: TreeNode;
  readonly depth: number;
  readonly parent: TreeNode | null;
  readonly siblings: readonly TreeNode[];
  readonly index: number;
}

/** The lines that are visible with some pages opened, from top to bottom. */
export function visibleRows(
  roots: readonly TreeNode[],
  open: Pick<ReadonlySet<string>, 'has'>,
): Row[] {
  const rows: Row[] = [];
  const add = (siblings: readonly TreeNode[], parent: TreeNode | null, depth: number) => {
    for (const [index, node] of siblings.entries()) {
      rows.push({ node, depth, parent, siblings, index });
      if (open.has(node.id)) add(node.children, node, depth + 1);
    }
  };
  add(roots, null, 0);
  return rows;
}

/** The lines of all pages, as if each were open. */
export const everyRow = (roots: readonly TreeNode[]): Row[] =>
  visibleRows(roots, { has: () => true });

/** Where a page is, as a target that puts it there again. */
export function placeOf({ node, parent, siblings, index }: Row): MoveTarget {
  const before = siblings[index - 1];
  const after = siblings[index + 1];
  const place = before ? { after: before.id } : after ? { before: after.id } : 'last';
  return { pageId: node.id, parentId: parent?.id ?? null, place };
}

export type Direction = 'up' | 'down' | 'in' | 'out';

/** Where a page goes when it is moved by keyboard; undefined when it can't go there. */
export function moveBy(
  { node, parent, siblings, index }: Row,
  direction: Direction,
  rowOf: (id: string) => Row | undefined,
): MoveTarget | undefined {
  const pageId = node.id;
  const parentId = parent?.id ?? null;
  const above = siblings[index - 1];
  const below = siblings[index + 1];
  if (direction === 'up') return above && { pageId, parentId, place: { before: above.id } };
  if (direction === 'down') return below && { pageId, parentId, place: { after: below.id } };
  if (direction === 'in') return above && { pageId, parentId: above.id, place: 'last' };
  if (!parent) return undefined;
  const grandparent = rowOf(parent.id)?.parent ?? null;
  return { pageId, parentId: grandparent?.id ?? null, place: { after: parent.id } };
}

/** Whether a page lies under another, or is it. */
export function isWithin(node: TreeNode, id: string): boolean {
  return node.id === id || node.children.some((child) => isWithin(child, id));
}
