import type { ReactNode } from 'react';
import { isOnPglite } from '@/server/databases.ts';
import { openPage } from '@/server/session.ts';
import { Shell } from '@/shell/shell.tsx';

export default async function AppLayout({ children }: { readonly children: ReactNode }) {
  const { userId, displayName, email } = await openPage();
  return (
    <Shell
      person={{ id: userId, name: displayName ?? email, email }}
      polls={isOnPglite('pagespace')}
    >
      {children}
    </Shell>
  );
}
