import { listNotifications } from '@pagespace/db';
import { Bell } from 'lucide-react';
import type { Metadata } from 'next';
import Link from 'next/link';
import { NotificationList } from '@/notifications/notification-list.tsx';
import { pagespace } from '@/server/databases.ts';
import { oneValue } from '@/server/one-value.ts';
import { orNotFound } from '@/server/problems.ts';
import { openPage } from '@/server/session.ts';
import { Button } from '@/ui/button.tsx';
import { PageFrame } from '@/ui/page.tsx';
import { EmptyState } from '@/ui/states.tsx';

export const metadata: Metadata = { title: 'Notifications' };

interface Props {
  readonly searchParams: Promise<{ after?: string | string[] }>;
}

export default async function NotificationsPage({ searchParams }: Props) {
  const after = oneValue((await searchParams).after);
  const { userId } = await openPage();
  const { items, nextCursor } = await orNotFound(
    listNotifications(pagespace(), { userId, after, limit: 30 }),
  );
  return (
    <PageFrame title="Notifications" lead="What others did that concerns you.">
      {items.length === 0 ? (
        <EmptyState icon={<Bell />} title="Nothing yet">
          When somebody shares a page with you or invites you, it stands here.
        </EmptyState>
      ) : (
        <NotificationList items={items} />
      )}
      {nextCursor && (
        <Button asChild className="self-center">
          <Link href={`/notifications?after=${encodeURIComponent(nextCursor)}`}>Older</Link>
        </Button>
      )}
    </PageFrame>
  );
}
