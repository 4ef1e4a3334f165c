import { type KeysetPage, keyset, type ListSeek, listPage, type PageRequest } from '@reference/kit';
import { and, eq, isNotNull, sql } from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/pg-core';
import type { Db } from '../../database.ts';
import { directConversations, directMessages } from '../../schema/index.ts';

/** A conversation as lists return it. */
export interface ConversationSummary {
  readonly id: string;
  readonly otherId: string;
  readonly lastMessageAt: Date | null;
  /** The start of the last message, 200 characters at most; null when all were deleted. */
  readonly lastMessage: string | null;
  /** The other person's messages since the user last read, counted up to 100. */
  readonly unread: number;
}

const latestFirst = keyset([
  // Not null in this list, which leaves out conversations without a message.
  {
    expression: sql`${directConversations.lastMessageAt}`,
    type: 'timestamptz(3)',
    nullable: false,
    direction: 'desc',
  },
  { column: directConversations.id, direction: 'desc' },
]);

const living = sql`${directMessages.conversationId} = ${directConversations.id} and not ${directMessages.isTrashed}`;

/** Lists a user's conversations with their last message and unread count, in one statement. */
export async function listDirectConversations(
  db: Db,
  params: PageRequest & { userId: string },
): Promise<KeysetPage<ConversationSummary>> {
  const side = (
    seek: ListSeek,
    own: 'user1Id' | 'user2Id',
    other: 'user1Id' | 'user2Id',
    readAt: 'user1LastReadAt' | 'user2LastReadAt',
  ) =>
    db
      .select({
        id: directConversations.id,
        otherId: directConversations[other],
        lastMessageAt: directConversations.lastMessageAt,
        lastMessage: sql<string | null>`(
          select left(${directMessages.content}, 200) from ${directMessages} where ${living}
          order by ${directMessages.createdAt} desc, ${directMessages.id} desc limit 1)`.as(
          'lastMessage',
        ),
        unread: sql<number>`(
          select count(*)::int from (
            select 1 from ${directMessages} where ${living}
              and ${directMessages.senderId} <> ${params.userId}
              and ${directMessages.createdAt} > coalesce(${directConversations[readAt]}, '-infinity')
            limit 100) as recent)`.as('unread'),
        ...seek.select,
      })
      .from(directConversations)
      .where(
        and(
          eq(directConversations[own], params.userId),
          isNotNull(directConversations.lastMessageAt),
          seek.where,
        ),
      )
      .orderBy(...seek.orderBy)
      .limit(seek.limit);
  return listPage(latestFirst, params, (seek) =>
    unionAll(
      side(seek, 'user1Id', 'user2Id', 'user1LastReadAt'),
      side(seek, 'user2Id', 'user1Id', 'user2LastReadAt'),
    )
      .orderBy(
        seek.reversed ? sql`"lastMessageAt" asc` : sql`"lastMessageAt" desc`,
        seek.reversed ? sql`"id" asc` : sql`"id" desc`,
      )
      .limit(seek.limit),
  );
}
