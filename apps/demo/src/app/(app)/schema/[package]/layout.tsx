import { notFound } from 'next/navigation';
import type { ReactNode } from 'react';
import { findPackage } from '@/catalog/schema-packages.ts';
import { PackageNav } from '@/schema-screen/package-nav.tsx';
import { requireSession } from '@/server/session.ts';

export default async function PackageLayout({
  params,
  children,
}: {
  params: Promise<{ package: string }>;
  children: ReactNode;
}) {
  await requireSession();
  const shown = findPackage((await params).package);
  if (!shown) notFound();
  return (
    <div className="flex min-h-full w-full flex-col lg:h-full">
      <header className="flex flex-col gap-3 border-line border-b bg-surface px-4 pt-5 md:px-8">
        <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
          <h1 className="font-semibold text-2xl tracking-tight">Schema</h1>
          <p className="text-muted text-sm">
            <code className="font-mono text-ink">{shown.name}</code> · {shown.teaches}
          </p>
        </div>
        <PackageNav current={shown.slug} />
      </header>
      {children}
    </div>
  );
}
