'use client';
import { clsx } from 'clsx';
import { Bell, Database } from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import type { ReactNode } from 'react';
import { DraftsOf } from '@/ui/drafts.tsx';
import { AccountMenu } from './account-menu.tsx';
import { areas } from './areas.ts';
import { StatusLine } from './status-line.tsx';

interface ShellProps {
  readonly person: { readonly id: string; readonly name: string; readonly email: string };
  readonly polls: boolean;
  readonly children: ReactNode;
}

/** The frame of every screen: navigation, the screen, and a line about what it cost. */
export function Shell({ person, polls, children }: ShellProps) {
  return (
    <div className="flex h-dvh flex-col">
      <a
        href="#screen"
        className="sr-only z-50 rounded bg-accent px-3 py-2 text-accent-ink focus:not-sr-only focus:absolute focus:top-2 focus:left-2"
      >
        Skip to the content
      </a>
      <header className="flex h-12 shrink-0 items-center justify-between border-b border-line bg-surface px-3">
        <Link
          href="/guide"
          prefetch={false}
          className="flex items-center gap-2 font-semibold tracking-tight"
        >
          <Database className="size-4 text-accent" aria-hidden />
          Postgres reference
        </Link>
        <div className="flex items-center gap-1">
          <Link
            href="/notifications"
            prefetch={false}
            aria-label="Notifications"
            className="grid size-8 place-items-center rounded-md text-muted hover:bg-sunken hover:text-ink"
          >
            <Bell className="size-4" aria-hidden />
          </Link>
          <AccountMenu person={person} />
        </div>
      </header>
      <div className="flex min-h-0 flex-1">
        <Areas className="hidden w-44 shrink-0 flex-col gap-0.5 border-r border-line bg-surface p-2 md:flex" />
        <main id="screen" tabIndex={-1} className="min-w-0 flex-1 overflow-y-auto outline-none">
          <DraftsOf person={person.id}>{children}</DraftsOf>
        </main>
      </div>
      <StatusLine polls={polls} />
      <Areas
        phone
        className="flex shrink-0 justify-between border-t border-line bg-surface px-1 pb-[env(safe-area-inset-bottom)] md:hidden"
      />
    </div>
  );
}

function Areas({ phone = false, className }: { phone?: boolean; className: string }) {
  const path = usePathname();
  return (
    <nav aria-label={phone ? 'Areas, at the bottom' : 'Areas'} className={className}>
      {areas.map(({ href, name, icon: Icon }) => {
        const current = path === href || path.startsWith(`${href}/`);
        return (
          <Link
            key={href}
            href={href}
            prefetch={false}
            aria-current={current ? 'page' : undefined}
            className={clsx(
              phone
                ? 'flex h-13 min-w-0 flex-1 flex-col items-center justify-center gap-0.5 text-[0.6rem] tracking-tight sm:h-9 sm:flex-row sm:gap-1.5 sm:text-xs'
                : 'flex h-8 items-center gap-2.5 rounded-md px-2.5 text-sm',
              current
                ? clsx('font-medium text-accent', !phone && 'bg-accent-soft')
                : 'text-muted hover:text-ink',
            )}
          >
            <Icon className={phone ? 'size-4.5' : 'size-4'} aria-hidden />
            {name}
          </Link>
        );
      })}
    </nav>
  );
}
