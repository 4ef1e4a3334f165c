'use client';
import type { ChannelUnread, TreeNode } from '@pagespace/db';
import { usePathname } from 'next/navigation';
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
  /** How many messages are new to the reader, by the channel's page. */
  readonly unread: ReadonlyMap<string, number>;
  /** Reads the tree again. @returns it, unless the server did not answer */
  readonly refresh: () => Promise<TreeAnswer | undefined>;
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
    if (!answer?.ok) return undefined;
    const read: TreeAnswer = await answer.json();
    setTree(read);
    return read;
  }, [driveId]);
  useEffect(() => {
    void refresh();
  }, [refresh]);
  const unread = useUnread(driveId);
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
    () => ({ driveId, tree, failed, byId, unread, refresh }),
    [driveId, tree, failed, byId, unread, refresh],
  );
  return <Context value={value}>{children}</Context>;
}

const none: ReadonlyMap<string, number> = new Map();
const unreadEveryMs = 10_000;

/** Asked for apart from the tree, again on every page and every ten seconds while in view. */
function useUnread(driveId: string): ReadonlyMap<string, number> {
  const path = usePathname();
  const [unread, setUnread] = useState(none);
  useEffect(() => {
    // The open channel marks itself as read; its own number would only flicker.
    const open = path.split('/').at(-1);
    const read = async () => {
      if (document.visibilityState === 'hidden') return;
      const answer = await fetch(`/drives/${driveId}/unread`).catch(() => undefined);
      if (!answer?.ok) return;
      const counts: ChannelUnread[] = await answer.json();
      setUnread(
        new Map(
          counts.filter(({ pageId }) => pageId !== open).map((one) => [one.pageId, one.unread]),
        ),
      );
    };
    void read();
    const timer = setInterval(read, unreadEveryMs);
    return () => clearInterval(timer);
  }, [driveId, path]);
  return unread;
}
