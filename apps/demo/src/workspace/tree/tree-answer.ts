import type { TreeNode } from '@pagespace/db';

/** What the sidebar of a drive shows. */
export interface TreeAnswer {
  readonly drives: readonly { readonly id: string; readonly name: string }[];
  readonly roots: readonly TreeNode[];
}
