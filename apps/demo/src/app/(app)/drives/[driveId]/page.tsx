import { listDrivePages, requireDrive } from '@pagespace/db';
import type { Metadata } from 'next';
import Link from 'next/link';
import { pagespace } from '@/server/databases.ts';
import { orNotFound } from '@/server/problems.ts';
import { openPage } from '@/server/session.ts';
import { PageFrame } from '@/ui/page.tsx';
import { EmptyState } from '@/ui/states.tsx';
import { Time } from '@/ui/time.tsx';
import { PageIcon } from '@/workspace/page-icon.tsx';

export const metadata: Metadata = { title: 'Drive' };

export default async function DrivePage({ params }: { params: Promise<{ driveId: string }> }) {
  const { driveId } = await params;
  const { userId } = await openPage();
  const drive = await orNotFound(requireDrive(pagespace(), { userId, driveId }));
  const { items } = await listDrivePages(pagespace(), { userId, driveId, limit: 20 });
  return (
    <PageFrame title={drive.name} lead="The latest changes in this drive.">
      {items.length === 0 ? (
        <EmptyState title="No pages yet">
          Make the first one with the plus beside the drive’s name.
        </EmptyState>
      ) : (
        <ul className="divide-y divide-line rounded-lg border border-line bg-surface">
          {items.map(({ id, title, type, updatedAt }) => (
            <li key={id}>
              <Link
                href={`/drives/${driveId}/pages/${id}`}
                prefetch={false}
                className="flex items-center gap-3 px-3 py-2.5 hover:bg-sunken"
              >
                <PageIcon type={type} className="size-4 text-muted" />
                <span className="min-w-0 flex-1 truncate">{title}</span>
                <span className="text-sm text-muted">
                  <Time at={updatedAt} />
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </PageFrame>
  );
}
