import { notFound } from 'next/navigation';
import { readMigrations } from '@/catalog/live-schema.ts';
import { findPackage } from '@/catalog/schema-packages.ts';
import { MigrationTable } from '@/schema-screen/migration-table.tsx';
import { openPage } from '@/server/session.ts';

export default async function MigrationsPage({ params }: { params: Promise<{ package: string }> }) {
  await openPage();
  const shown = findPackage((await params).package);
  if (!shown) notFound();
  return (
    <>
      <title>{`Migrations of ${shown.title} · Postgres reference`}</title>
      <MigrationTable shown={shown} migrations={await readMigrations(shown)} />
    </>
  );
}
