import { getConnection } from '@ait/postgres';
import { ArrowLeft } from 'lucide-react';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { Disconnect } from '@/connectors/disconnect.tsx';
import { ImportPanel } from '@/connectors/import-panel.tsx';
import { isRecorded } from '@/connectors/recorded.ts';
import { VendorRowsView } from '@/connectors/vendor-rows.tsx';
import { providerName, vendorTables } from '@/connectors/vendor-tables.ts';
import { ait } from '@/server/databases.ts';
import { oneValue } from '@/server/one-value.ts';
import { orNotFound } from '@/server/problems.ts';
import { openPage } from '@/server/session.ts';
import { PageFrame } from '@/ui/page.tsx';
import { Tabs } from '@/ui/tabs.tsx';

export default async function ConnectionPage({
  params,
  searchParams,
}: {
  params: Promise<{ connection: string }>;
  searchParams: Promise<{ table?: string | string[] }>;
}) {
  const { userId } = await openPage();
  const connectorConfigId = (await params).connection;
  const connection = await orNotFound(getConnection(ait(), { userId, connectorConfigId }));
  const tables = vendorTables[connection.providerSlug] ?? [];
  const chosen = Number(oneValue((await searchParams).table) ?? 0);
  const table = tables[chosen];
  if (!table) notFound();
  return (
    <PageFrame
      tab={`${table.name} of ${providerName(connection.providerSlug)}`}
      title={providerName(connection.providerSlug)}
      lead={
        <>
          <Link href="/connectors" className="inline-flex items-center gap-1 hover:text-ink">
            <ArrowLeft size={14} aria-hidden />
            Connectors
          </Link>{' '}
          · {connection.name}
          {!isRecorded(connection) && ', made-up rows'}
        </>
      }
      actions={<Disconnect connectorConfigId={connection.id} />}
    >
      {isRecorded(connection) && <ImportPanel connectorConfigId={connection.id} />}
      <div className="border-b border-line">
        <Tabs
          label="Tables"
          tabs={tables.map(({ name }, index) => ({
            href: `/connectors/${connection.id}?table=${index}`,
            name,
            current: index === chosen,
          }))}
        />
      </div>
      <VendorRowsView
        key={`${connection.id} ${chosen}`}
        connectorConfigId={connection.id}
        table={chosen}
        name={table.name}
        columns={table.columns}
        first={await table.list(ait(), { userId, connectorConfigId })}
      />
    </PageFrame>
  );
}
