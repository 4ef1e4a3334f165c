import { getSettings, listKeys } from '@reference/tasks';
import type { Metadata } from 'next';
import { tasks } from '@/server/databases.ts';
import { openPage } from '@/server/session.ts';
import { KeyList } from '@/tasks/key-list.tsx';
import { tasksUserId } from '@/tasks/tasks-user.ts';
import { PageFrame, Section } from '@/ui/page.tsx';

export const metadata: Metadata = { title: 'Keys and limits' };

export default async function TaskSettingsPage() {
  const userId = await tasksUserId(await openPage());
  const [keys, settings] = await Promise.all([
    listKeys(tasks(), { userId }),
    getSettings(tasks(), { userId }),
  ]);
  const limits = [
    ['Messages a day', settings.maxMessagesPerDay],
    ['Minutes that a sandbox may live', settings.maxSandboxDuration],
    ['Finished tasks merge their own pull requests', settings.autoMerge ? 'yes' : 'no'],
  ] as const;
  return (
    <PageFrame
      title="Keys and limits"
      lead="Settings and limits of the workers that run your tasks."
    >
      <Section
        title="API keys"
        lead="Sealed before they reach the database. A list opens none of them: the hint is stored beside the value."
      >
        <KeyList keys={keys} />
      </Section>
      <Section title="Limits" lead="An operator sets them for one user; else the defaults hold.">
        <dl className="divide-y divide-line rounded-lg border border-line bg-surface">
          {limits.map(([name, value]) => (
            <div key={name} className="flex justify-between gap-4 px-4 py-2.5">
              <dt>{name}</dt>
              <dd className="font-medium tabular-nums">{value}</dd>
            </div>
          ))}
        </dl>
      </Section>
    </PageFrame>
  );
}
