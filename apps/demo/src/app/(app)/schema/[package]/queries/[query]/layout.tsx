import { notFound } from 'next/navigation';
import type { ReactNode } from 'react';
import { findPackage } from '@/catalog/schema-packages.ts';
import { labs } from '@/lab/labs.ts';

/** Around the loading state, because an answer that has begun can no longer be a 404. */
export default async function QueryLayout({
  params,
  children,
}: {
  params: Promise<{ package: string; query: string }>;
  children: ReactNode;
}) {
  const { package: slug, query: name } = await params;
  const shown = findPackage(slug);
  if (!shown || !labs[shown.slug].queries.some((listed) => listed.slug === name)) notFound();
  return children;
}
