import { aiProvider, listProviderSettings } from '@pagespace/db';
import type { Metadata } from 'next';
import { pagespace } from '@/server/databases.ts';
import { openPage } from '@/server/session.ts';
import { ProviderList } from '@/settings/provider-list.tsx';
import { PageFrame } from '@/ui/page.tsx';

export const metadata: Metadata = { title: 'AI providers' };

export default async function ProvidersPage() {
  const { userId } = await openPage();
  const settings = await listProviderSettings(pagespace(), { userId });
  return (
    <PageFrame
      title="AI providers"
      lead="A key is sealed for its row before it reaches the database. It can be replaced and forgotten, but no screen reads it."
    >
      <ProviderList
        providers={aiProvider.enumValues.filter((provider) => provider !== 'pagespace')}
        settings={settings}
      />
    </PageFrame>
  );
}
