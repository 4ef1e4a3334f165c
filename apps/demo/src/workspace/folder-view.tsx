'use client';
import Link from 'next/link';
import { EmptyState, SkeletonList } from '@/ui/states.tsx';
import { PageIcon } from './page-icon.tsx';
import { useWorkspace } from './tree/workspace-context.tsx';

/** A folder's pages, read from the tree, so they cost no statement. */
export function FolderView({ pageId }: { readonly pageId: string }) {
  const { driveId, tree, byId } = useWorkspace();
  const children = byId.get(pageId)?.children ?? [];
  if (!tree) return <SkeletonList rows={3} />;
  if (children.length === 0) return <EmptyState title="Nothing in this folder" />;
  return (
    <ul className="divide-y divide-line rounded-lg border border-line bg-surface">
      {children.map(({ id, title, type }) => (
        <li key={id}>
          <Link
            href={`/drives/${driveId}/pages/${id}`}
            prefetch={false}
            className="flex items-center gap-3 px-3 py-2.5 hover:bg-sunken"
          >
            <PageIcon type={type} className="size-4 text-muted" />
            {title}
          </Link>
        </li>
      ))}
    </ul>
  );
}
