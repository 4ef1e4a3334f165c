import { getConnections, listEnabledProviders } from '@ait/postgres';
import type { Metadata } from 'next';
import Link from 'next/link';
import { ConnectRecordings } from '@/connectors/connect-recordings.tsx';
import { ConnectionList, ProviderCards } from '@/connectors/connection-list.tsx';
import { isRecorded } from '@/connectors/recorded.ts';
import { ait } from '@/server/databases.ts';
import { openPage } from '@/server/session.ts';
import { Button } from '@/ui/button.tsx';
import { PageFrame, Section } from '@/ui/page.tsx';

export const metadata: Metadata = { title: 'Connectors' };

export default async function ConnectorsPage() {
  const { userId } = await openPage();
  const [connections, providers] = await Promise.all([
    getConnections(ait(), { userId, limit: 100 }),
    listEnabledProviders(ait()),
  ]);
  const canConnect = connections.items.length > 0 && !connections.items.some(isRecorded);
  return (
    <PageFrame
      title="Connectors"
      lead="What a person has in other services, under the services’ own ids."
      actions={
        <>
          <Button asChild>
            <Link href="/connectors/activity">Activity</Link>
          </Button>
          {canConnect && <ConnectRecordings />}
        </>
      }
    >
      <Section title="Connections">
        <ConnectionList connections={connections.items} />
      </Section>
      <Section
        title="Providers"
        lead="Signing in at one needs the service itself. Here are recordings of GitHub, and sample rows for all."
      >
        <ProviderCards providers={providers} />
      </Section>
    </PageFrame>
  );
}
