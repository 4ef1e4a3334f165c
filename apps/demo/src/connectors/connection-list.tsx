import type { Connection, ProviderDataSelect } from '@ait/postgres';
import { Plug } from 'lucide-react';
import Link from 'next/link';
import { Badge } from '@/ui/page.tsx';
import { EmptyState } from '@/ui/states.tsx';
import { ConnectRecordings } from './connect-recordings.tsx';
import { isRecorded } from './recorded.ts';
import { providerName } from './vendor-tables.ts';

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

/** The services there are tables for. */
export function ProviderTable({ providers }: { providers: readonly ProviderDataSelect[] }) {
  return (
    <ul className="divide-y divide-line rounded-lg border border-line bg-surface">
      {providers.map(({ id, name, description, authType }) => (
        <li key={id} className="flex flex-wrap items-baseline gap-x-3 px-4 py-2">
          <span className="w-36 shrink-0 font-medium">{name}</span>
          <span className="min-w-0 flex-1 text-muted text-sm">{description}</span>
          <code className="font-mono text-muted text-xs">{authType}</code>
        </li>
      ))}
    </ul>
  );
}
