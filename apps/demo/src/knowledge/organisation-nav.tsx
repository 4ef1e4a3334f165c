import { clsx } from 'clsx';
import { Building2 } from 'lucide-react';
import Link from 'next/link';
import type { Organisation } from './organisations.ts';

/** The person's organisations; a search goes along when they change from one to another. */
export function OrganisationNav({
  organisations,
  current,
  question,
}: {
  organisations: readonly Organisation[];
  current: string;
  question: string;
}) {
  return (
    <nav aria-label="Organisations" className="flex gap-2 overflow-x-auto">
      {organisations.map(({ slug, name }) => (
        <Link
          key={slug}
          href={`/knowledge/${slug}${question ? `?q=${encodeURIComponent(question)}` : ''}`}
          aria-current={slug === current ? 'page' : undefined}
          className={clsx(
            'inline-flex h-9 shrink-0 items-center gap-2 rounded-md border px-3',
            slug === current
              ? 'border-accent bg-accent-soft font-medium text-accent'
              : 'border-line bg-surface hover:bg-sunken',
          )}
        >
          <Building2 size={15} aria-hidden />
          {name}
        </Link>
      ))}
    </nav>
  );
}
