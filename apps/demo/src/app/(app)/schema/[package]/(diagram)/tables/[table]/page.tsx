import { notFound } from 'next/navigation';
import { readLiveSchema } from '@/catalog/live-schema.ts';
import { findPackage } from '@/catalog/schema-packages.ts';
import { TableDetails } from '@/schema-screen/table-details.tsx';
import { openPage } from '@/server/session.ts';

export default async function TablePage({
  params,
}: {
  params: Promise<{ package: string; table: string }>;
}) {
  await openPage();
  const { package: slug, table: name } = await params;
  const shown = findPackage(slug);
  if (!shown) notFound();
  const schema = await readLiveSchema(shown);
  const table = schema.tables.find((known) => known.name === name);
  if (!table) notFound();
  return (
    <>
      <title>{`${table.name} · Postgres reference`}</title>
      <TableDetails shown={shown} table={table} schema={schema} />
    </>
  );
}
