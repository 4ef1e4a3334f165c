import { notFound } from 'next/navigation';
import { readMigrations } from '@/catalog/live-schema.ts';
import { readMigrationFiles } from '@/catalog/migration-files.ts';
import { findPackage } from '@/catalog/schema-packages.ts';
import { MigrationDetails } from '@/schema-screen/migration-details.tsx';
import { openPage } from '@/server/session.ts';

export default async function MigrationPage({
  params,
}: {
  params: Promise<{ package: string; migration: string }>;
}) {
  await openPage();
  const { package: slug, migration: name } = await params;
  const shown = findPackage(slug);
  if (!shown) notFound();
  // By a name that the migrator knows, and never by a path of the address.
  const migration = (await readMigrations(shown)).find((known) => known.name === name);
  if (!migration) notFound();
  return (
    <>
      <title>{`${name} · Postgres reference`}</title>
      <MigrationDetails
        shown={shown}
        migration={migration}
        files={await readMigrationFiles(shown, name)}
      />
    </>
  );
}
