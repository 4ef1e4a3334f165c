import { notFound } from 'next/navigation';
import { readAudit } from '@/catalog/audit-report.ts';
import { readLiveSchema } from '@/catalog/live-schema.ts';
import { findPackage } from '@/catalog/schema-packages.ts';
import { AuditReportView } from '@/schema-screen/audit-report-view.tsx';
import { openPage } from '@/server/session.ts';

export default async function AuditPage({ params }: { params: Promise<{ package: string }> }) {
  await openPage();
  const shown = findPackage((await params).package);
  if (!shown) notFound();
  const [report, { tables }] = await Promise.all([readAudit(shown), readLiveSchema(shown)]);
  return (
    <>
      <title>{`Audit of ${shown.title} · Postgres reference`}</title>
      <AuditReportView
        shown={shown}
        report={report}
        tables={new Set(tables.map(({ name }) => name))}
      />
    </>
  );
}
