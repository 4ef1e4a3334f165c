import type { Connection, ProviderDataSelect } from '@ait/postgres';
import { Plug } from 'lucide-react';
import Link from 'next/link';
import { Badge } from '@/ui/page.tsx';
import { EmptyState } from '@/ui/states.tsx';
import { ConnectRecordings } from './connect-recordings.tsx';
import { isRecorded } from './recorded.ts';
import { providerName, vendorTables } from './vendor-tables.ts';

const tones = {
  active: 'good',
  pending: 'neutral',
  error: 'bad',
  revoked: 'warn',
} as const satisfies Record<Connection['status'], string>;

/** A person's connections. */
export function ConnectionList({ connections }: { connections: readonly Connection[] }) {
  if (connections.length === 0) {
    return (
      <EmptyState
        icon={<Plug aria-hidden />}
        title="You have no connection yet"
        action={<ConnectRecordings />}
      >
        Import what GitHub really sent to others, and look at it in tables.
      </EmptyState>
    );
  }
  return (
    <ul className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
      {connections.map((connection) => (
        <li
          key={connection.id}
          className="relative flex flex-col gap-1.5 rounded-lg border border-line bg-surface px-4 py-3 hover:bg-sunken"
        >
          <div className="flex items-center justify-between gap-2">
            <Link
              href={`/connectors/${connection.id}`}
              className="font-medium after:absolute after:inset-0"
            >
              {providerName(connection.providerSlug)}
            </Link>
            <Badge tone={tones[connection.status]}>{connection.status}</Badge>
          </div>
          <p className="text-muted text-sm">
            {isRecorded(connection) ? connection.name : `${connection.name}: made-up rows`}
          </p>
        </li>
      ))}
    </ul>
  );
}

/** The services there are tables for, and what the tables hold. */
export function ProviderCards({ providers }: { providers: readonly ProviderDataSelect[] }) {
  return (
    <ul className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
      {providers.map(({ id, slug, name, authType }) => (
        <li
          key={id}
          className="flex flex-col gap-1.5 rounded-lg border border-line bg-surface px-4 py-3"
        >
          <div className="flex items-baseline justify-between gap-2">
            <h3 className="font-medium">{name}</h3>
            <span className="text-muted text-xs">
              {authType === 'oauth2' ? 'signs in by OAuth' : authType}
            </span>
          </div>
          <p className="text-muted text-sm">
            Holds{' '}
            {(vendorTables[slug] ?? []).map((table) => table.name.toLowerCase()).join(', ') ||
              'no table yet'}
            .
          </p>
        </li>
      ))}
    </ul>
  );
}
