'use client';

import type { Activity } from '@ait/postgres';
import { Activity as ActivityIcon, ExternalLink } from 'lucide-react';
import Link from 'next/link';
import { useMore } from '@/ui/more.tsx';
import { Badge } from '@/ui/page.tsx';
import { EmptyState } from '@/ui/states.tsx';
import { Time } from '@/ui/time.tsx';
import { moreActivity } from './actions.ts';

/** Events from all of a person's services, newest first. */
export function ActivityFeed({
  first,
}: {
  first: { readonly items: readonly Activity[]; readonly nextCursor: string | null };
}) {
  const { items, end } = useMore(first, (cursor) => moreActivity({ cursor }));
  if (items.length === 0) {
    return (
      <EmptyState icon={<ActivityIcon aria-hidden />} title="Nothing has happened yet">
        Connect a service and import from it.
      </EmptyState>
    );
  }
  return (
    <div>
      <ol className="divide-y divide-line rounded-lg border border-line bg-surface">
        {items.map(({ entity, connectorConfigId, id, occurredAt, title, url }) => (
          <li
            key={`${entity} ${connectorConfigId} ${id}`}
            className="flex flex-wrap items-baseline gap-x-3 gap-y-1 px-4 py-2"
          >
            <Badge>{entity.replace('.', ' ').replaceAll('_', ' ')}</Badge>
            <span className="flex min-w-0 flex-1 basis-72 items-baseline gap-3">
              <span className="min-w-0 flex-1 truncate">
                <Link
                  href={`/connectors/${connectorConfigId}`}
                  prefetch={false}
                  className="underline-offset-2 hover:underline"
                >
                  {title ?? id}
                </Link>
              </span>
              {isWebAddress(url) && (
                <a
                  href={url}
                  target="_blank"
                  rel="noreferrer"
                  aria-label={`${title ?? id}, where it came from`}
                  className="text-accent"
                >
                  <ExternalLink className="size-3.5" aria-hidden />
                </a>
              )}
            </span>
            <span className="text-muted text-xs">
              <Time at={occurredAt} />
            </span>
          </li>
        ))}
      </ol>
      {end}
    </div>
  );
}

/** A vendor may send any text as an address; a link leads only to the web. */
const isWebAddress = (url: string | null): url is string => /^https?:\/\//i.test(url ?? '');
