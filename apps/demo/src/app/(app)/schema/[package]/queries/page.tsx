import { notFound, redirect } from 'next/navigation';
import { findPackage } from '@/catalog/schema-packages.ts';
import { labs } from '@/lab/labs.ts';

export default async function QueriesPage({ params }: { params: Promise<{ package: string }> }) {
  const shown = findPackage((await params).package);
  const [first] = shown ? labs[shown.slug].queries : [];
  if (!shown || !first) notFound();
  redirect(`/schema/${shown.slug}/queries/${first.slug}`);
}
