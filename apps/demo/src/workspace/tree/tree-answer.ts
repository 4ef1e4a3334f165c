import type { TreeNode } from '@pagespace/db';

/** The contents of a drive's sidebar. */
export interface TreeAnswer {
  readonly drives: readonly { readonly id: string; readonly name: string }[];
  readonly roots: readonly TreeNode[];
}
