import {
  ForbiddenError,
  type KeysetPage,
  keyset,
  listPage,
  NotFoundError,
  type PageRequest,
  parseInput,
  transaction,
} from '@reference/kit';
import { and, eq, not, or, sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import type { Db } from '../../database.ts';
import {
  connections,
  type DirectMessage,
  directConversations,
  directMessages,
  insertDirectMessageSchema,
} from '../../schema/index.ts';
import { notify } from '../notifications/notify.ts';
import { onlyRow } from '../rows.ts';
import { isPair, pairOf, refuseSelf } from './pair.ts';

const shown = {
  id: directMessages.id,
  conversationId: directMessages.conversationId,
  senderId: directMessages.senderId,
  content: directMessages.content,
  editedAt: directMessages.editedAt,
  createdAt: directMessages.createdAt,
};
export type DirectMessageDetail = Pick<DirectMessage, keyof typeof shown>;

/**
 * Later than every message of the conversation, read while its row is locked, so that its messages
 * are in the order in which they were committed. `now()` would be the transaction's start.
 */
const nextMoment = sql`greatest(clock_timestamp()::timestamptz(3), ${directConversations.lastMessageAt} + interval '1 ms')`;

/**
 * Sends a message to a connected person, and notifies them. The first one creates the conversation.
 *
 * @throws InvalidInputError for an empty or oversized message, or one to oneself
 * @throws ForbiddenError when the two are not connected
 */
export async function sendDirectMessage(
  db: Db,
  params: { userId: string; otherId: string; content: string },
): Promise<DirectMessageDetail> {
  const { userId, otherId } = params;
  refuseSelf(userId, otherId);
  const { content } = parseInput(insertDirectMessageSchema.pick({ content: true }), params);
  return transaction(db, async (tx) => {
    // Locked, so that a concurrent block waits.
    const [connection] = await tx
      .select({ id: connections.id })
      .from(connections)
      .where(and(isPair(connections, userId, otherId), eq(connections.status, 'ACCEPTED')))
      .limit(1)
      .for('share');
    if (!connection) {
      throw new ForbiddenError(
        'You are not connected with this person. Ask them to connect first.',
      );
    }
    const conversation = onlyRow(
      await tx
        .insert(directConversations)
        .values({ ...pairOf(userId, otherId), lastMessageAt: sql`clock_timestamp()` })
        .onConflictDoUpdate({
          target: [directConversations.user1Id, directConversations.user2Id],
          set: { lastMessageAt: nextMoment },
        })
        .returning({ id: directConversations.id, at: directConversations.lastMessageAt }),
    );
    const message = onlyRow(
      await tx
        .insert(directMessages)
        .values({
          conversationId: conversation.id,
          senderId: userId,
          content,
          ...(conversation.at && { createdAt: conversation.at }),
        })
        .returning(shown),
    );
    await notify(tx, {
      type: 'NEW_DIRECT_MESSAGE',
      recipientIds: [otherId],
      actorId: userId,
      metadata: { conversationId: conversation.id },
      words: (actor) => ({ title: `${actor} wrote to you`, message: content }),
    });
    return message;
  });
}

/** The condition that the user takes part in a conversation. */
const isPartOf = (userId: string) =>
  or(eq(directConversations.user1Id, userId), eq(directConversations.user2Id, userId));

const latestMessages = keyset([
  { column: directMessages.createdAt, direction: 'desc' },
  { column: directMessages.id, direction: 'desc' },
]);

/**
 * Lists the history of a conversation, latest first; `before` reads it the other way.
 *
 * @param params.userId the caller; gets an empty list unless they take part in it
 */
export async function listDirectMessages(
  db: Db,
  params: PageRequest & { userId: string; conversationId: string },
): Promise<KeysetPage<DirectMessageDetail>> {
  return listPage(latestMessages, params, (seek) =>
    db
      .select({ ...shown, ...seek.select })
      .from(directMessages)
      .innerJoin(
        directConversations,
        and(eq(directConversations.id, directMessages.conversationId), isPartOf(params.userId)),
      )
      .where(
        and(
          eq(directMessages.conversationId, params.conversationId),
          not(directMessages.isTrashed),
          seek.where,
        ),
      )
      .orderBy(...seek.orderBy)
      .limit(seek.limit),
  );
}

/**
 * Records that a user has read a conversation up to a message. A message that arrives meanwhile
 * stays unread, and the mark never moves backwards.
 *
 * @param params.messageId the last one that was shown
 * @throws NotFoundError when the user has no such conversation, or the conversation no such message
 */
export async function markConversationRead(
  db: Db,
  params: { userId: string; conversationId: string; messageId: string },
): Promise<{ lastReadAt: Date }> {
  const { userId, conversationId, messageId } = params;
  const own = (userColumn: AnyPgColumn, readAt: AnyPgColumn) =>
    sql`case when ${userColumn} = ${userId} then greatest(${readAt}, ${directMessages.createdAt}) else ${readAt} end`;
  const { user1Id, user1LastReadAt, user2Id, user2LastReadAt } = directConversations;
  const [read] = await db
    .update(directConversations)
    .set({
      user1LastReadAt: own(user1Id, user1LastReadAt),
      user2LastReadAt: own(user2Id, user2LastReadAt),
      // `updatedAt` stays, because reading is no change of the conversation.
      updatedAt: sql`${directConversations.updatedAt}`,
    })
    .from(directMessages)
    .where(
      and(
        eq(directConversations.id, conversationId),
        isPartOf(userId),
        eq(directMessages.id, messageId),
        eq(directMessages.conversationId, directConversations.id),
      ),
    )
    .returning({
      lastReadAt:
        sql`case when ${user1Id} = ${userId} then ${user1LastReadAt} else ${user2LastReadAt} end`.mapWith(
          user1LastReadAt,
        ),
    });
  if (!read) throw new NotFoundError('There is no such message in a conversation of yours.');
  return read;
}

/**
 * Deletes the user's own message.
 * @throws NotFoundError when the user has sent no such message, or deleted it before
 */
export async function trashDirectMessage(
  db: Db,
  params: { userId: string; messageId: string },
): Promise<void> {
  const trashed = await db
    .update(directMessages)
    .set({ isTrashed: true, trashedAt: sql`now()` })
    .where(
      and(
        eq(directMessages.id, params.messageId),
        eq(directMessages.senderId, params.userId),
        not(directMessages.isTrashed),
      ),
    )
    .returning({ id: directMessages.id });
  if (trashed.length === 0) throw new NotFoundError('You have sent no such message.');
}
