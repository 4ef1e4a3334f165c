import { clsx } from 'clsx';
import Link from 'next/link';

interface Tab {
  readonly href: string;
  readonly name: string;
  readonly current: boolean;
}

/** Addresses side by side, one of which is shown. */
export function Tabs({ label, tabs }: { readonly label: string; readonly tabs: readonly Tab[] }) {
  return (
    <nav aria-label={label} className="flex flex-wrap gap-x-1">
      {tabs.map(({ href, name, current }) => (
        <Link
          key={href}
          href={href}
          prefetch={false}
          aria-current={current ? 'page' : undefined}
          className={clsx(
            'shrink-0 border-b-2 px-3 py-2',
            current ? 'border-accent font-medium' : 'border-transparent text-muted hover:text-ink',
          )}
        >
          {name}
        </Link>
      ))}
    </nav>
  );
}
