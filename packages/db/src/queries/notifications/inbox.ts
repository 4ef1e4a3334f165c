import {
  type KeysetPage,
  keyset,
  listPage,
  NotFoundError,
  type PageRequest,
  type Placeholders,
  parseInput,
  prepared,
} from '@reference/kit';
import { and, eq, inArray, lte, not, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Db } from '../../database.ts';
import { type Notification, notifications } from '../../schema/index.ts';

// The unread list shows exactly the columns that notifications_unread_idx holds.
const summary = {
  id: notifications.id,
  type: notifications.type,
  title: notifications.title,
  message: notifications.message,
  pageId: notifications.pageId,
  driveId: notifications.driveId,
  triggeredByUserId: notifications.triggeredByUserId,
  createdAt: notifications.createdAt,
};
const detail = {
  ...summary,
  metadata: notifications.metadata,
  isRead: notifications.isRead,
  readAt: notifications.readAt,
};
export type UnreadNotification = Pick<Notification, keyof typeof summary>;
export type NotificationDetail = Pick<Notification, keyof typeof detail>;

const latestFirst = keyset([
  { column: notifications.createdAt, direction: 'desc' },
  { column: notifications.id, direction: 'desc' },
]);

/** Lists a user's notifications, latest first, read and unread. */
export async function listNotifications(
  db: Db,
  params: PageRequest & { userId: string },
): Promise<KeysetPage<NotificationDetail>> {
  return listPage(latestFirst, params, (seek) =>
    db
      .select({ ...detail, ...seek.select })
      .from(notifications)
      .where(and(eq(notifications.userId, params.userId), seek.where))
      .orderBy(...seek.orderBy)
      .limit(seek.limit),
  );
}

/** Lists a user's unread notifications, latest first, without their metadata. */
export async function listUnreadNotifications(
  db: Db,
  params: PageRequest & { userId: string },
): Promise<KeysetPage<UnreadNotification>> {
  return listPage(latestFirst, params, (seek) =>
    db
      .select({ ...summary, ...seek.select })
      .from(notifications)
      .where(and(eq(notifications.userId, params.userId), not(notifications.isRead), seek.where))
      .orderBy(...seek.orderBy)
      .limit(seek.limit),
  );
}

const unreadOf = prepared((db: Db, p: Placeholders<{ userId: string }>) =>
  db
    .select({ unread: sql<number>`count(*)::int` })
    .from(notifications)
    .where(and(eq(notifications.userId, p.userId), not(notifications.isRead))),
);

/** @returns how many notifications a user has not read */
export async function countUnreadNotifications(
  db: Db,
  params: { userId: string },
): Promise<number> {
  const [counted] = await unreadOf(db, { userId: params.userId });
  return counted?.unread ?? 0;
}

/**
 * Marks up to 200 of a user's notifications as read. One that was read before keeps its time.
 *
 * @returns how many were unread
 * @throws InvalidInputError for more than 200 ids
 * @throws NotFoundError when one of them is not this user's; then none is marked
 */
export async function markNotificationsRead(
  db: Db,
  params: { userId: string; notificationIds: readonly string[] },
): Promise<number> {
  const schema = z.object({ notificationIds: z.array(z.string()).min(1).max(200) });
  const ids = [...new Set(parseInput(schema, params).notificationIds)];
  const own = and(inArray(notifications.id, ids), eq(notifications.userId, params.userId));
  const [found] = await db
    .select({ count: sql<number>`count(*)::int` })
    .from(notifications)
    .where(own);
  if (found?.count !== ids.length) {
    throw new NotFoundError('This user has no such notification. List them and choose again.');
  }
  const marked = await db
    .update(notifications)
    .set({ isRead: true, readAt: sql`now()` })
    .where(and(own, not(notifications.isRead)))
    .returning({ id: notifications.id });
  return marked.length;
}

/**
 * Marks a user's notifications as read, up to the latest that they have
 * seen; notifications that arrive meanwhile stay unread.
 *
 * @param params.upTo the `createdAt` of the latest one seen
 * @returns how many were unread
 */
export async function markAllNotificationsRead(
  db: Db,
  params: { userId: string; upTo: Date },
): Promise<number> {
  const marked = await db
    .update(notifications)
    .set({ isRead: true, readAt: sql`now()` })
    .where(
      and(
        eq(notifications.userId, params.userId),
        not(notifications.isRead),
        lte(notifications.createdAt, params.upTo),
      ),
    )
    .returning({ id: notifications.id });
  return marked.length;
}
