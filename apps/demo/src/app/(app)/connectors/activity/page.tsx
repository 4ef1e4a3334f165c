import { getRecentActivity } from '@ait/postgres';
import type { Metadata } from 'next';
import Link from 'next/link';
import { ActivityFeed } from '@/connectors/activity-feed.tsx';
import { ait } from '@/server/databases.ts';
import { openPage } from '@/server/session.ts';
import { Button } from '@/ui/button.tsx';
import { PageFrame } from '@/ui/page.tsx';

export const metadata: Metadata = { title: 'Activity' };

export default async function ActivityPage() {
  const { userId } = await openPage();
  return (
    <PageFrame
      title="Activity"
      lead="All services in one feed, by keyset, in one statement."
      actions={
        <Button asChild>
          <Link href="/connectors">Connections</Link>
        </Button>
      }
    >
      <ActivityFeed first={await getRecentActivity(ait(), { userId, limit: 40 })} />
    </PageFrame>
  );
}
