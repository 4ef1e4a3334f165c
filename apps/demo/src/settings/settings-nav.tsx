'use client';
import { clsx } from 'clsx';
import Link from 'next/link';
import { usePathname } from 'next/navigation';

const parts = [
  ['/settings/sessions', 'Sessions'],
  ['/settings/notifications', 'Notifications'],
  ['/settings/tokens', 'Access tokens'],
  ['/settings/providers', 'AI providers'],
] as const;

export function SettingsNav() {
  const path = usePathname();
  return (
    <div className="mx-auto max-w-4xl px-4 pt-4 md:px-8">
      <nav aria-label="Settings" className="flex gap-1 overflow-x-auto border-b border-line">
        {parts.map(([href, name]) => (
          <Link
            key={href}
            href={href}
            prefetch={false}
            aria-current={path === href ? 'page' : undefined}
            className={clsx(
              'flex h-9 shrink-0 items-center border-b-2 px-3',
              path === href
                ? 'border-accent font-medium'
                : 'border-transparent text-muted hover:text-ink',
            )}
          >
            {name}
          </Link>
        ))}
      </nav>
    </div>
  );
}
