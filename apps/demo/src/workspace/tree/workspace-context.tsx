'use client';
import type { TreeNode } from '@pagespace/db';
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useState,
} from 'react';
import type { TreeAnswer } from './tree-answer.ts';

interface Workspace {
  readonly driveId: string;
  /** Undefined until it was read. */
  readonly tree: TreeAnswer | undefined;
  readonly failed: boolean;
  readonly byId: ReadonlyMap<string, TreeNode>;
  /** Reads the tree again. */
  readonly refresh: () => Promise<void>;
}

const Context = createContext<Workspace | undefined>(undefined);

/** The drive whose pages are open. */
export function useWorkspace(): Workspace {
  const workspace = useContext(Context);
  if (!workspace) throw new Error('There is no drive around this component.');
  return workspace;
}

export function WorkspaceProvider({
  driveId,
  children,
}: {
  readonly driveId: string;
  readonly children: ReactNode;
}) {
  const [tree, setTree] = useState<TreeAnswer>();
  const [failed, setFailed] = useState(false);
  const refresh = useCallback(async () => {
    const answer = await fetch(`/drives/${driveId}/tree`).catch(() => undefined);
    setFailed(!answer?.ok);
    if (answer?.ok) setTree(await answer.json());
  }, [driveId]);
  useEffect(() => {
    void refresh();
  }, [refresh]);
  const byId = useMemo(() => {
    const found = new Map<string, TreeNode>();
    const visit = (nodes: readonly TreeNode[]) => {
      for (const node of nodes) {
        found.set(node.id, node);
        visit(node.children);
      }
    };
    visit(tree?.roots ?? []);
    return found;
  }, [tree]);
  const value = useMemo(
    () => ({ driveId, tree, failed, byId, refresh }),
    [driveId, tree, failed, byId, refresh],
  );
  return <Context value={value}>{children}</Context>;
}
