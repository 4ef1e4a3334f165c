import { type KeysetPage, keyset, listPage, type PageRequest } from '@reference/kit';
import { and, asc, desc, eq, isNull, type SQL, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Db } from '../../database.ts';
import {
  type ChannelMessage,
  channelMessageReactions,
  channelMessages,
  pages,
  users,
} from '../../schema/index.ts';
import { hasPageRight } from '../permissions/access.ts';
import { channelMessageDetail } from './channel-messages.ts';

/** The number of people who put one emoji on a message. */
export interface ReactionCount {
  readonly emoji: string;
  readonly count: number;
  /** True if the reader is one of them. */
  readonly mine: boolean;
}
/** A channel message as lists return it. */
export type ListedChannelMessage = Omit<ChannelMessage, 'isActive'> & {
  readonly authorName: string | null;
  /** In the order in which each emoji was first used. */
  readonly reactions: readonly ReactionCount[];
  readonly replyCount: number;
  readonly lastReplyAt: Date | null;
};

const keys = [{ column: channelMessages.createdAt }, { column: channelMessages.id }];
const oldestFirst = keyset(keys);
const latestFirst = keyset(keys.map((key) => ({ ...key, direction: 'desc' as const })));

/**
 * Lists the messages of a channel, latest first, with reactions and reply counts, in one statement.
 * `listThreadReplies` lists the replies.
 *
 * @param params.after a `nextCursor`: continue with older messages
 * @param params.before a `previousCursor`: messages newer than that page
 * @returns empty when the user may not see the channel
 */
export async function listChannelMessages(
  db: Db,
  params: PageRequest & { userId: string; pageId: string },
): Promise<KeysetPage<ListedChannelMessage>> {
  return list(db, params, {
    order: latestFirst,
    thread: isNull(channelMessages.parentId),
    parents: params.before ? asc : desc,
  });
}

/**
 * Lists the replies in a thread, oldest first, with their reactions, in one statement.
 *
 * @param params.messageId the message that began the thread
 * @returns empty when the user may not see the channel, or that message was deleted
 */
export async function listThreadReplies(
  db: Db,
  params: PageRequest & { userId: string; pageId: string; messageId: string },
): Promise<KeysetPage<ListedChannelMessage>> {
  const first = alias(channelMessages, 'first');
  return list(db, params, {
    order: oldestFirst,
    thread: sql`${channelMessages.parentId} = ${params.messageId} and exists (
      select 1 from ${channelMessages} ${first} where ${first.id} = ${params.messageId} and ${first.isActive})`,
    parents: params.before ? desc : asc,
  });
}

async function list(
  db: Db,
  params: PageRequest & { userId: string; pageId: string },
  {
    order,
    thread,
    parents,
  }: { order: ReturnType<typeof keyset>; thread: SQL; parents: typeof asc },
): Promise<KeysetPage<ListedChannelMessage>> {
  const { isActive: _, ...shown } = channelMessageDetail;
  return listPage(order, params, (seek) =>
    db
      .select({
        ...shown,
        authorName: users.displayName,
        reactions: reactionsFor(params.userId),
        replyCount: sql<number>`(select count(*)::int ${repliesOf})`,
        lastReplyAt: sql`(select max(${reply.createdAt}) ${repliesOf})`.mapWith(
          channelMessages.createdAt,
        ),
        ...seek.select,
      })
      .from(channelMessages)
      .innerJoin(pages, eq(pages.id, channelMessages.pageId))
      .innerJoin(users, eq(users.id, channelMessages.userId))
      .where(
        and(
          eq(channelMessages.pageId, params.pageId),
          thread,
          sql`${channelMessages.isActive}`,
          hasPageRight(params.userId, 'canView'),
          seek.where,
        ),
      )
      // Constant, but the planner cannot infer that from IS NULL, and would sort without it.
      .orderBy(parents(channelMessages.parentId), ...seek.orderBy)
      .limit(seek.limit),
  );
}

const reply = alias(channelMessages, 'reply');
const repliesOf = sql`from ${channelMessages} ${reply} where ${reply.pageId} = ${channelMessages.pageId} and ${reply.parentId} = ${channelMessages.id} and ${reply.isActive}`;

const reactionsFor = (userId: string) => {
  const { messageId, emoji, createdAt } = channelMessageReactions;
  return sql<ReactionCount[]>`coalesce((
    select jsonb_agg(jsonb_build_object('emoji', kind.emoji, 'count', kind.count, 'mine', kind.mine) order by kind.first, kind.emoji)
    from (
      select ${emoji}, count(*)::int as count, min(${createdAt}) as first,
        bool_or(${channelMessageReactions.userId} = ${userId}) as mine
      from ${channelMessageReactions} where ${messageId} = ${channelMessages.id} group by ${emoji}
    ) as kind), '[]')`;
};
