import { keyset, listPage, NotFoundError, parseInput, transaction } from '@reference/kit';
import { and, eq, sql } from 'drizzle-orm';
import {
  type ConversationDataSelect,
  conversationInsertSchema,
  conversations,
  type MessageDataSelect,
  type MessageDataTarget,
  messageInsertSchema,
  messages,
} from '../schemas/index.ts';
import { belongsTo } from './conversation-owner.ts';
import type { PostgresDatabase } from './database.ts';
import type { Page, PageParams } from './page.ts';

/** A conversation and its owner. */
export interface OwnConversation {
  readonly userId: string;
  readonly conversationId: string;
}

const latestUsed = keyset([
  { column: conversations.updatedAt, direction: 'desc' },
  { column: conversations.id, direction: 'desc' },
]);
const newestFirst = keyset([
  { column: messages.createdAt, direction: 'desc' },
  { column: messages.id, direction: 'desc' },
]);

const newConversation = conversationInsertSchema.pick({ userId: true, title: true });
const newMessage = messageInsertSchema.pick({
  conversationId: true,
  role: true,
  content: true,
  metadata: true,
  traceId: true,
});

/**
 * Starts a conversation.
 *
 * @returns its id
 * @throws InvalidInputError naming each wrong field
 */
export async function createConversation(
  db: PostgresDatabase,
  params: { readonly userId: string; readonly title?: string | null | undefined },
): Promise<string> {
  const [row] = await db
    .insert(conversations)
    .values(parseInput(newConversation, params))
    .returning({ id: conversations.id });
  if (!row) throw new NotFoundError('The new conversation is gone already.');
  return row.id;
}

/** Lists a person's conversations, the latest used first. */
export async function getConversations(
  db: PostgresDatabase,
  params: PageParams & { readonly userId: string },
): Promise<Page<ConversationDataSelect>> {
  const { items, nextCursor } = await listPage(
    latestUsed,
    { after: params.cursor, limit: params.limit },
    (seek) =>
      db
        .select({
          id: conversations.id,
          userId: conversations.userId,
          title: conversations.title,
          createdAt: conversations.createdAt,
          updatedAt: conversations.updatedAt,
          ...seek.select,
        })
        .from(conversations)
        .where(and(eq(conversations.userId, params.userId), seek.where))
        .orderBy(...seek.orderBy)
        .limit(seek.limit),
  );
  return { items, nextCursor };
}

/** The clock's time, because `now()` is the transaction's start; in milliseconds, as stored. */
const clock = sql`clock_timestamp()::timestamptz(3)`;

/**
 * Later than every message of the conversation, whose row is locked, so that its messages are in
 * the order in which they were committed, also those of one millisecond.
 */
const nextMoment = (conversationId: string) =>
  sql`(select greatest(${clock}, max(m.created_at) + interval '1 ms') from ${messages} m where m.conversation_id = ${conversationId})`;

/**
 * Appends a message to a person's conversation and moves it to the top of their list.
 *
 * @returns the message's id
 * @throws NotFoundError when the conversation is not theirs
 * @throws InvalidInputError naming each wrong field
 */
export async function appendMessage(
  db: PostgresDatabase,
  params: OwnConversation & Pick<MessageDataTarget, 'role' | 'content' | 'metadata' | 'traceId'>,
): Promise<string> {
  const { userId, conversationId } = params;
  const values = parseInput(newMessage, params);
  return transaction(db, async (tx) => {
    const [conversation] = await tx
      .update(conversations)
      .set({ updatedAt: sql`greatest(${clock}, ${conversations.updatedAt})` })
      .where(own(params))
      .returning({ id: conversations.id });
    if (!conversation) {
      throw new NotFoundError(`User ${userId} has no conversation ${conversationId}.`);
    }
    const [message] = await tx
      .insert(messages)
      .values({ ...values, createdAt: nextMoment(conversationId) })
      .returning({ id: messages.id });
    if (!message) throw new NotFoundError('The new message is gone already.');
    return message.id;
  });
}

/** Lists the messages of a person's conversation, newest first; none when it is not theirs. */
export async function getMessages(
  db: PostgresDatabase,
  params: PageParams & OwnConversation,
): Promise<Page<MessageDataSelect>> {
  const { items, nextCursor } = await listPage(
    newestFirst,
    { after: params.cursor, limit: params.limit },
    (seek) =>
      db
        .select({
          id: messages.id,
          conversationId: messages.conversationId,
          role: messages.role,
          content: messages.content,
          metadata: messages.metadata,
          traceId: messages.traceId,
          createdAt: messages.createdAt,
          updatedAt: messages.updatedAt,
          ...seek.select,
        })
        .from(messages)
        .innerJoin(conversations, eq(conversations.id, messages.conversationId))
        .where(and(own(params), eq(messages.conversationId, params.conversationId), seek.where))
        .orderBy(...seek.orderBy)
        .limit(seek.limit),
  );
  return { items, nextCursor };
}

/**
 * Deletes a conversation with its messages and their feedback.
 * @throws NotFoundError when it is not this person's
 */
export async function deleteConversation(
  db: PostgresDatabase,
  params: OwnConversation,
): Promise<void> {
  const rows = await db
    .delete(conversations)
    .where(own(params))
    .returning({ id: conversations.id });
  if (rows.length > 0) return;
  throw new NotFoundError(`User ${params.userId} has no conversation ${params.conversationId}.`);
}

const own = ({ userId, conversationId }: OwnConversation) =>
  and(eq(conversations.id, conversationId), belongsTo(userId));
