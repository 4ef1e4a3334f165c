import { listTrashedPages, requireDrive } from '@pagespace/db';
import { Trash2 } from 'lucide-react';
import type { Metadata } from 'next';
import { pagespace } from '@/server/databases.ts';
import { orNotFound } from '@/server/problems.ts';
import { openPage } from '@/server/session.ts';
import { PageFrame } from '@/ui/page.tsx';
import { EmptyState } from '@/ui/states.tsx';
import { Time } from '@/ui/time.tsx';
import { PageIcon } from '@/workspace/page-icon.tsx';
import { RestoreButton } from '@/workspace/restore-button.tsx';

export const metadata: Metadata = { title: 'Trash' };

export default async function TrashPage({ params }: { params: Promise<{ driveId: string }> }) {
  const { driveId } = await params;
  const { userId } = await openPage();
  const drive = await orNotFound(requireDrive(pagespace(), { userId, driveId }));
  const { items } = await listTrashedPages(pagespace(), { userId, driveId, limit: 200 });
  return (
    <PageFrame
      title="Trash"
      lead={`Pages in the trash of ${drive.name}, latest first. A restored page brings back the pages under it. Only the owner and the administrators see it.`}
    >
      {items.length === 0 ? (
        <EmptyState icon={<Trash2 />} title="Nothing in the trash that you may restore" />
      ) : (
        <ul className="divide-y divide-line rounded-lg border border-line bg-surface">
          {items.map(({ id, title, type, trashedAt }) => (
            <li key={id} className="flex items-center gap-3 px-3 py-2">
              <PageIcon type={type} className="size-4 text-muted" />
              <span className="min-w-0 flex-1 truncate">{title}</span>
              <span className="text-sm text-muted">{trashedAt && <Time at={trashedAt} />}</span>
              <RestoreButton pageId={id} title={title} />
            </li>
          ))}
        </ul>
      )}
    </PageFrame>
  );
}
