import { NotFoundError, type Placeholders, prepared } from '@reference/kit';
import { and, eq, ne, type SQL, sql } from 'drizzle-orm';
import type { Db } from '../../database.ts';
import { channelMessages, channelReadStatus, pages } from '../../schema/index.ts';
import { hasPageRight, hasPageRightAmongMany } from '../permissions/access.ts';

/** A person's unread messages in one channel. */
export interface ChannelUnread {
  readonly pageId: string;
  /** Messages and replies of other people, counted up to 100. */
  readonly unread: number;
}

/** The most channels that one call counts. */
const maxChannels = 1000;

const unreadEverywhere = prepared((db: Db, p: Placeholders<{ userId: string; limit: number }>) =>
  unreadCounts(db, p),
);
const unreadInDrive = prepared(
  (db: Db, p: Placeholders<{ userId: string; driveId: string; limit: number }>) =>
    unreadCounts(db, p, eq(pages.driveId, p.driveId)),
);

function unreadCounts(db: Db, p: Placeholders<{ userId: string; limit: number }>, within?: SQL) {
  const unread = db
    .select({ count: sql<number>`count(*)::int`.as('unreadCount') })
    .from(
      db
        .select({ one: sql`1`.as('one') })
        .from(channelMessages)
        .where(
          and(
            eq(channelMessages.pageId, pages.id),
            sql`${channelMessages.isActive}`,
            ne(channelMessages.userId, p.userId),
            sql`${channelMessages.createdAt} > coalesce(${channelReadStatus.lastReadAt}, '-infinity')`,
          ),
        )
        .limit(100)
        .as('recent'),
    )
    .as('unread');
  return db
    .select({ pageId: pages.id, unread: unread.count })
    .from(pages)
    .leftJoin(
      channelReadStatus,
      and(eq(channelReadStatus.userId, p.userId), eq(channelReadStatus.pageId, pages.id)),
    )
    .crossJoinLateral(unread)
    .where(
      and(
        // In the text and not as parameters, so that the partial index serves it.
        sql`${pages.type} = 'CHANNEL' and not ${pages.isTrashed}`,
        within,
        hasPageRightAmongMany(p.userId, 'canView'),
      ),
    )
    .orderBy(pages.id)
    .limit(p.limit);
}

/**
 * Counts a user's unread messages in every channel that they may see, in one statement.
 *
 * @param params.driveId only the channels of this drive
 * @returns an entry for each channel, also where nothing is unread, by page id; at most 1,000
 */
export async function countUnreadInChannels(
  db: Db,
  { userId, driveId }: { userId: string; driveId?: string },
): Promise<ChannelUnread[]> {
  return driveId === undefined
    ? unreadEverywhere(db, { userId, limit: maxChannels })
    : unreadInDrive(db, { userId, driveId, limit: maxChannels });
}

/**
 * Records that a user has read a channel up to a message, or up to the latest one. A message that
 * arrives meanwhile stays unread, and the mark never moves backwards.
 *
 * @param params.messageId the last one that was shown; default: the latest
 * @throws NotFoundError when there is no such channel or message, or the user may not see it
 */
export async function markChannelRead(
  db: Db,
  { userId, pageId, messageId }: { userId: string; pageId: string; messageId?: string },
): Promise<{ lastReadAt: Date }> {
  const latest = sql`(select max(${channelMessages.createdAt}) from ${channelMessages}
    where ${channelMessages.pageId} = ${pages.id} and ${channelMessages.isActive})`;
  const upTo =
    messageId === undefined
      ? sql`coalesce(${latest}, 'epoch')`
      : sql`(select ${channelMessages.createdAt} from ${channelMessages}
          where ${channelMessages.id} = ${messageId} and ${channelMessages.pageId} = ${pages.id})`;
  const [read] = await db
    .insert(channelReadStatus)
    .select((select) =>
      select
        .select({
          userId: sql`${userId}`.as('userId'),
          pageId: sql`${pages.id}`.as('pageId'),
          // Nested, because Drizzle drops the table's name from a column that stands alone in a
          // field.
          lastReadAt: sql`${upTo}`.as('lastReadAt'),
          createdAt: sql`now()`.as('createdAt'),
          updatedAt: sql`now()`.as('updatedAt'),
        })
        .from(pages)
        .where(
          and(
            eq(pages.id, pageId),
            sql`${pages.type} = 'CHANNEL' and ${upTo} is not null`,
            hasPageRight(userId, 'canView'),
          ),
        ),
    )
    .onConflictDoUpdate({
      target: [channelReadStatus.userId, channelReadStatus.pageId],
      set: {
        lastReadAt: sql`greatest(${channelReadStatus.lastReadAt}, excluded."lastReadAt")`,
        updatedAt: sql`now()`,
      },
    })
    .returning({ lastReadAt: channelReadStatus.lastReadAt });
  if (!read) throw new NotFoundError('There is no such channel or message, or you may not see it.');
  return read;
}
