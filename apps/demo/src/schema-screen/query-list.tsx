import { clsx } from 'clsx';
import Link from 'next/link';
import type { SchemaPackage } from '@/catalog/schema-packages.ts';
import type { ListedQuery } from '@/lab/labs.ts';

/** The queries of a package that the lab runs. */
export function QueryList({
  shown,
  queries,
  current,
}: {
  shown: SchemaPackage;
  queries: readonly ListedQuery[];
  current: string;
}) {
  return (
    <nav
      aria-label="Queries"
      className="flex shrink-0 gap-1 overflow-x-auto border-line border-b bg-surface p-2 lg:w-72 lg:flex-col lg:gap-0.5 lg:overflow-y-auto lg:border-r lg:border-b-0 lg:p-3"
    >
      {queries.map(({ slug, name, writes }) => (
        <Link
          key={slug}
          href={`/schema/${shown.slug}/queries/${slug}`}
          aria-current={slug === current ? 'page' : undefined}
          className={clsx(
            'flex shrink-0 items-center justify-between gap-2 rounded-md px-2.5 py-1.5 font-mono text-xs',
            slug === current
              ? 'bg-accent-soft font-medium text-accent'
              : 'text-muted hover:bg-sunken hover:text-ink',
          )}
        >
          {name}
          {writes && <span className="font-sans text-warn">writes</span>}
        </Link>
      ))}
    </nav>
  );
}
