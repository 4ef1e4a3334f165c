import type { ReactNode } from 'react';
import { isEmbedded } from '@/server/databases.ts';
import { openPage } from '@/server/session.ts';
import { Shell } from '@/shell/shell.tsx';

export default async function AppLayout({ children }: { readonly children: ReactNode }) {
  const { displayName, email } = await openPage();
  return (
    <Shell person={{ name: displayName ?? email, email }} embedded={isEmbedded()}>
      {children}
    </Shell>
  );
}
