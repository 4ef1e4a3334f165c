import type { ReactNode } from 'react';
import { SettingsNav } from '@/settings/settings-nav.tsx';

export default function SettingsLayout({ children }: { readonly children: ReactNode }) {
  return (
    <div>
      <SettingsNav />
      {children}
    </div>
  );
}
