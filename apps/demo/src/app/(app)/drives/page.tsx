import { listDrives } from '@pagespace/db';
import { pagespace } from '@/server/databases.ts';
import { openPage } from '@/server/session.ts';
import { PageFrame } from '@/ui/page.tsx';

export default async function DrivesPage() {
  const { userId } = await openPage();
  const { items } = await listDrives(pagespace(), { userId });
  return <PageFrame title="Drives">{items.map((d) => d.name).join(', ')}</PageFrame>;
}
