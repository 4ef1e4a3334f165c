import { getNotificationPreferences } from '@pagespace/db';
import type { Metadata } from 'next';
import { pagespace } from '@/server/databases.ts';
import { openPage } from '@/server/session.ts';
import { WishTable } from '@/settings/wish-table.tsx';
import { PageFrame } from '@/ui/page.tsx';

export const metadata: Metadata = { title: 'Notification settings' };

export default async function NotificationSettingsPage() {
  const { userId } = await openPage();
  const wishes = await getNotificationPreferences(pagespace(), { userId });
  return (
    <PageFrame
      title="Notifications"
      lead="By which ways you want to hear of what. Mails are queued in the database; nothing is sent from here."
    >
      <WishTable wishes={wishes} />
    </PageFrame>
  );
}
