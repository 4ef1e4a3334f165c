import { notFound } from 'next/navigation';
import type { ReactNode } from 'react';
import { readMigrations } from '@/catalog/live-schema.ts';
import { findPackage } from '@/catalog/schema-packages.ts';
import { requireSession } from '@/server/session.ts';

/** Around the loading state, because an answer that has begun can no longer be a 404. */
export default async function MigrationLayout({
  params,
  children,
}: {
  params: Promise<{ package: string; migration: string }>;
  children: ReactNode;
}) {
  await requireSession();
  const { package: slug, migration: name } = await params;
  const shown = findPackage(slug);
  if (!shown) notFound();
  const migrations = await readMigrations(shown);
  if (!migrations.some((known) => known.name === name)) notFound();
  return children;
}
