'use client';
import { usePathname } from 'next/navigation';
import { Tabs } from '@/ui/tabs.tsx';

const parts = [
  ['/settings/sessions', 'Sessions'],
  ['/settings/notifications', 'Notifications'],
  ['/settings/tokens', 'Access tokens'],
  ['/settings/providers', 'AI providers'],
  ['/settings/data', 'Your data'],
] as const;

export function SettingsNav() {
  const path = usePathname();
  return (
    <div className="page-width pt-4">
      <div className="border-b border-line">
        <Tabs
          label="Settings"
          tabs={parts.map(([href, name]) => ({ href, name, current: path === href }))}
        />
      </div>
    </div>
  );
}
