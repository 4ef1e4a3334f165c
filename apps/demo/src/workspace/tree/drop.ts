import type { MoveTarget } from '../pages.ts';
import type { Row } from './visible-rows.ts';

/** A line of the tree, and which part of it a dragged page hovers over. */
export interface Drop {
  readonly id: string;
  readonly part: 'before' | 'into' | 'after';
}

/** The upper quarter of a line means before it, the lower one after it, the middle into it. */
export function dropAt(
  event: { readonly clientY: number; readonly currentTarget: Element },
  id: string,
): Drop {
  const { top, height } = event.currentTarget.getBoundingClientRect();
  const at = (event.clientY - top) / height;
  return { id, part: at < 0.25 ? 'before' : at > 0.75 ? 'after' : 'into' };
}

/** Where a dragged page goes when it is let go. */
export function targetOf(pageId: string, { part }: Drop, { node, parent }: Row): MoveTarget {
  if (part === 'into') return { pageId, parentId: node.id, place: 'last' };
  const parentId = parent?.id ?? null;
  return { pageId, parentId, place: part === 'before' ? { before: node.id } : { after: node.id } };
}
