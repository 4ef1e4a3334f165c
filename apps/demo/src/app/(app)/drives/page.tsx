import { listDrives } from '@pagespace/db';
import { FolderTree } from 'lucide-react';
import type { Metadata } from 'next';
import Link from 'next/link';
import { pagespace } from '@/server/databases.ts';
import { openPage } from '@/server/session.ts';
import { PageFrame } from '@/ui/page.tsx';
import { EmptyState } from '@/ui/states.tsx';
import { Time } from '@/ui/time.tsx';
import { NewDriveButton } from '@/workspace/new-drive-button.tsx';

export const metadata: Metadata = { title: 'Drives' };

export default async function DrivesPage() {
  const { userId } = await openPage();
  const { items } = await listDrives(pagespace(), { userId });
  return (
    <PageFrame
      title="Drives"
      lead="Where you are a member, and where a page was shared with you."
      actions={<NewDriveButton />}
    >
      {items.length === 0 ? (
        <EmptyState icon={<FolderTree />} title="You have no part in any drive">
          Make one of your own, or ask somebody to invite you.
        </EmptyState>
      ) : (
        <ul className="grid gap-3 sm:grid-cols-2">
          {items.map(({ id, name, slug, ownerId, createdAt }) => (
            <li key={id}>
              <Link
                href={`/drives/${id}`}
                prefetch={false}
                className="flex flex-col gap-1 rounded-lg border border-line bg-surface p-4 hover:border-line-strong"
              >
                <span className="text-lg font-semibold">{name}</span>
                <span className="text-sm text-muted">
                  {ownerId === userId ? 'yours' : 'shared with you'} · {slug} · since{' '}
                  <Time at={createdAt} />
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </PageFrame>
  );
}
