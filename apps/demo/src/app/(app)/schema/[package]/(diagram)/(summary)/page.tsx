import { notFound } from 'next/navigation';
import { readLiveSchema } from '@/catalog/live-schema.ts';
import { findPackage } from '@/catalog/schema-packages.ts';
import { SchemaSummary } from '@/schema-screen/schema-summary.tsx';
import { openPage } from '@/server/session.ts';

export default async function SummaryPage({ params }: { params: Promise<{ package: string }> }) {
  await openPage();
  const shown = findPackage((await params).package);
  if (!shown) notFound();
  return (
    <>
      <title>{`Schema of ${shown.title} · Postgres reference`}</title>
      <SchemaSummary shown={shown} schema={await readLiveSchema(shown)} />
    </>
  );
}
