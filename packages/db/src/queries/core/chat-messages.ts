import {
  ConflictError,
  ForbiddenError,
  type KeysetPage,
  keyset,
  NotFoundError,
  type PageRequest,
  type Placeholders,
  parseInput,
  parseLimit,
  preparedPages,
  transaction,
} from '@reference/kit';
import { and, eq, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { Db, Tx } from '../../database.ts';
import {
  type ChatMessage,
  chatMessages,
  insertChatMessageSchema,
  pages,
} from '../../schema/index.ts';
import { hasPageRight } from '../permissions/access.ts';
import { onlyRow } from '../rows.ts';
import { requireLivePage } from './page-rights.ts';

const messageDetail = {
  id: chatMessages.id,
  pageId: chatMessages.pageId,
  userId: chatMessages.userId,
  role: chatMessages.role,
  content: chatMessages.content,
  toolCalls: chatMessages.toolCalls,
  toolResults: chatMessages.toolResults,
  isActive: chatMessages.isActive,
  editedAt: chatMessages.editedAt,
  agentRole: chatMessages.agentRole,
  messageType: chatMessages.messageType,
  createdAt: chatMessages.createdAt,
  updatedAt: chatMessages.updatedAt,
};

const newMessageSchema = insertChatMessageSchema
  .pick({
    pageId: true,
    role: true,
    content: true,
    toolCalls: true,
    toolResults: true,
    agentRole: true,
    messageType: true,
  })
  .strict();
/** The fields of a message to append. */
export type NewMessageValues = z.input<typeof newMessageSchema>;

/**
 * Appends a message to the AI chat of a page, after every other message.
 *
 * @param params.userId the caller; stored as the author of a `user` message only
 * @throws NotFoundError, ForbiddenError when that user does not see or may not edit the page
 * @throws ConflictError when the page is in the trash
 * @throws InvalidInputError for a wrong role, oversized tool calls, NUL characters
 */
export async function appendChatMessage(
  db: Db,
  { userId, message }: { userId: string; message: NewMessageValues },
): Promise<ChatMessage> {
  const values = parseInput(newMessageSchema, message);
  const { pageId } = values;
  const author = values.role === 'user' ? userId : null;
  return transaction(db, async (tx) => {
    await requireLivePage(tx, { userId, pageId, right: 'canEdit' });
    await lockChat(tx, pageId);
    // Later than every message of the chat, so that its messages are in the order in which they were
    // committed, also those of one millisecond.
    const createdAt = sql`(select greatest(clock_timestamp()::timestamptz(3), max(m."createdAt") + interval '1 ms')
      from ${chatMessages} m where m."pageId" = ${pageId} and m."isActive")`;
    const rows = await tx
      .insert(chatMessages)
      .values({ ...values, userId: author, createdAt })
      .returning(messageDetail);
    return onlyRow(rows);
  });
}

/** Locks a page's chat, so that its messages are written one after the other. */
async function lockChat(tx: Tx, pageId: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`chat ${pageId}`}, 0))`);
}

const editSchema = newMessageSchema.pick({ content: true });

/**
 * Replaces a message by a new version in the same place of the history; the old one stays,
 * inactive. People edit their own messages; anyone who may edit the page edits those of the
 * assistant and the system.
 *
 * @throws NotFoundError when there is no such message on a page that the user may see
 * @throws ForbiddenError when the user may not edit the page, or another person wrote the message
 * @throws ConflictError when it was edited or deleted meanwhile, or the page is in the trash
 */
export async function editChatMessage(
  db: Db,
  { userId, messageId, content }: { userId: string; messageId: string; content: string },
): Promise<ChatMessage> {
  const values = parseInput(editSchema, { content });
  return transaction(db, async (tx) => {
    const { id: _, ...previous } = await retireMessage(tx, { userId, messageId });
    const rows = await tx
      .insert(chatMessages)
      .values({
        ...previous,
        ...values,
        isActive: true,
        editedAt: new Date(),
        updatedAt: new Date(),
      })
      .returning(messageDetail);
    return onlyRow(rows);
  });
}

/**
 * Deletes a message from the history; its row stays, inactive. Rights and errors are those of
 * `editChatMessage`.
 */
export async function deleteChatMessage(
  db: Db,
  params: { userId: string; messageId: string },
): Promise<void> {
  await transaction(db, (tx) => retireMessage(tx, params));
}

/** If two edits come at once, the second finds the message inactive and gets a conflict. */
async function retireMessage(
  db: Db,
  { userId, messageId }: { userId: string; messageId: string },
): Promise<ChatMessage> {
  const [found] = await db
    .select({ pageId: chatMessages.pageId, author: chatMessages.userId })
    .from(chatMessages)
    .innerJoin(pages, eq(pages.id, chatMessages.pageId))
    .where(and(eq(chatMessages.id, messageId), hasPageRight(userId, 'canView')));
  if (!found) throw new NotFoundError('There is no such message, or you may not see its page.');
  await requireLivePage(db, { userId, pageId: found.pageId, right: 'canEdit' });
  if (found.author !== null && found.author !== userId)
    throw new ForbiddenError('Only the person who wrote this message may change it.');
  const [retired] = await db
    .update(chatMessages)
    .set({ isActive: false })
    .where(and(eq(chatMessages.id, messageId), eq(chatMessages.isActive, true)))
    .returning(messageDetail);
  if (!retired)
    throw new ConflictError(
      'This message was edited or deleted meanwhile. Read the history again.',
    );
  return retired;
}

const latestFirst = keyset([
  { column: chatMessages.createdAt, direction: 'desc' },
  { column: chatMessages.id, direction: 'desc' },
]);

const messagesOf = preparedPages(
  latestFirst,
  (db: Db, p: Placeholders<{ pageId: string; userId: string }>, seek) =>
    db
      .select({ ...messageDetail, ...latestFirst.select })
      .from(chatMessages)
      .innerJoin(pages, eq(pages.id, chatMessages.pageId))
      .where(
        and(
          eq(chatMessages.pageId, p.pageId),
          sql`${chatMessages.isActive}`,
          hasPageRight(p.userId, 'canView'),
          seek.where,
        ),
      )
      .orderBy(...seek.orderBy)
      .limit(seek.limit),
);

/**
 * Lists the AI chat of a page, latest message first, with edits in place.
 *
 * @param params.after a `nextCursor`: continue with older messages
 * @param params.before a `previousCursor`: messages newer than that page
 * @returns empty when the user may not see the page
 */
export async function listChatMessages(
  db: Db,
  params: PageRequest & { userId: string; pageId: string },
): Promise<KeysetPage<ChatMessage>> {
  const { userId, pageId, after, before } = params;
  const limit = parseLimit(params.limit);
  return messagesOf(db, { userId, pageId }, { after, before, limit });
}
