'use client';

import { usePathname } from 'next/navigation';
import { schemaPackages } from '@/catalog/schema-packages.ts';
import { Tabs } from '@/ui/tabs.tsx';

const views = [
  { path: '', name: 'Diagram' },
  { path: '/migrations', name: 'Migrations' },
  { path: '/queries', name: 'Query lab' },
  { path: '/audit', name: 'Audit' },
] as const;

/** The four packages, and the views of the one that is shown. */
export function PackageNav({ current }: { current: string }) {
  const path = usePathname();
  const view = views.find((one) => one.path && path.startsWith(`/schema/${current}${one.path}`));
  return (
    <div className="flex flex-wrap items-end justify-between gap-x-6">
      <Tabs
        label="Packages"
        tabs={schemaPackages.map(({ slug, title }) => ({
          href: `/schema/${slug}${view?.path ?? ''}`,
          name: title,
          current: slug === current,
        }))}
      />
      <Tabs
        label="Views"
        tabs={views.map((one) => ({
          href: `/schema/${current}${one.path}`,
          name: one.name,
          current: one.path === (view?.path ?? ''),
        }))}
      />
    </div>
  );
}
