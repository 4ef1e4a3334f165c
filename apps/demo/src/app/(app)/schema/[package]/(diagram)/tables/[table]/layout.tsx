import { notFound } from 'next/navigation';
import type { ReactNode } from 'react';
import { readLiveSchema } from '@/catalog/live-schema.ts';
import { findPackage } from '@/catalog/schema-packages.ts';
import { requireSession } from '@/server/session.ts';

/** Around the loading state, because an answer that has begun can no longer be a 404. */
export default async function TableLayout({
  params,
  children,
}: {
  params: Promise<{ package: string; table: string }>;
  children: ReactNode;
}) {
  await requireSession();
  const { package: slug, table: name } = await params;
  const shown = findPackage(slug);
  if (!shown) notFound();
  const { tables } = await readLiveSchema(shown);
  if (!tables.some((known) => known.name === name)) notFound();
  return children;
}
