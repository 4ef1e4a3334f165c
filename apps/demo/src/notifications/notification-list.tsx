'use client';
import type { NotificationDetail } from '@pagespace/db';
import { clsx } from 'clsx';
import Link from 'next/link';
import { Button } from '@/ui/button.tsx';
import { Time } from '@/ui/time.tsx';
import { useAction } from '@/ui/toast.tsx';
import { markAllRead, markRead } from './actions.ts';

function addressOf({ driveId, pageId, type }: NotificationDetail): string | undefined {
  if (type === 'PERMISSION_REVOKED' || !driveId) return undefined;
  return pageId ? `/drives/${driveId}/pages/${pageId}` : `/drives/${driveId}`;
}

export function NotificationList({ items }: { readonly items: readonly NotificationDetail[] }) {
  const run = useAction();
  const unread = items.filter(({ isRead }) => !isRead);
  const [latest] = items;
  return (
    <div className="flex flex-col gap-3">
      {latest && unread.length > 0 && (
        <Button
          size="sm"
          className="self-end"
          onPress={() => run(markAllRead({ upTo: latest.createdAt }))}
        >
          Mark all as read
        </Button>
      )}
      <ul className="divide-y divide-line rounded-lg border border-line bg-surface">
        {items.map((item) => {
          const address = addressOf(item);
          return (
            <li key={item.id} className="flex items-center gap-3 px-4 py-3">
              <span
                className={clsx('size-2 shrink-0 rounded-full', !item.isRead && 'bg-accent')}
                role="img"
                aria-label={item.isRead ? 'read' : 'unread'}
              />
              <div className="min-w-0 flex-1">
                <p className={clsx(!item.isRead && 'font-medium')}>
                  {address ? (
                    <Link href={address} prefetch={false} className="hover:underline">
                      {item.title}
                    </Link>
                  ) : (
                    item.title
                  )}
                </p>
                <p className="text-sm text-muted">
                  {item.message} · <Time at={item.createdAt} />
                </p>
              </div>
              {!item.isRead && (
                <Button
                  look="quiet"
                  size="sm"
                  onPress={() => run(markRead({ notificationId: item.id }))}
                >
                  Mark as read
                </Button>
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
