'use client';

import { clsx } from 'clsx';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { schemaPackages } from '@/catalog/schema-packages.ts';

const views = [
  { path: '', label: 'Diagram' },
  { path: '/migrations', label: 'Migrations' },
  { path: '/queries', label: 'Query lab' },
] as const;

/** The four packages, and the views of the one that is shown. */
export function PackageNav({ current }: { current: string }) {
  const path = usePathname();
  const view = views.find((one) => one.path && path.startsWith(`/schema/${current}${one.path}`));
  return (
    <div className="flex flex-wrap items-end justify-between gap-x-6">
      <nav aria-label="Packages" className="flex gap-1 overflow-x-auto">
        {schemaPackages.map(({ slug, title }) => (
          <Tab
            key={slug}
            href={`/schema/${slug}${view?.path ?? ''}`}
            current={slug === current}
            label={title}
          />
        ))}
      </nav>
      <nav aria-label="Views" className="flex gap-1 overflow-x-auto">
        {views.map((one) => (
          <Tab
            key={one.path}
            href={`/schema/${current}${one.path}`}
            current={one.path === (view?.path ?? '')}
            label={one.label}
          />
        ))}
      </nav>
    </div>
  );
}

function Tab({ href, current, label }: { href: string; current: boolean; label: string }) {
  return (
    <Link
      href={href}
      aria-current={current ? 'page' : undefined}
      className={clsx(
        'shrink-0 border-b-2 px-3 py-2',
        current
          ? 'border-accent font-medium text-ink'
          : 'border-transparent text-muted hover:text-ink',
      )}
    >
      {label}
    </Link>
  );
}
