import {
  ConflictError,
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
import { z } from 'zod';
import type { Db } from '../../database.ts';
import {
  conversations,
  insertMessageSchema,
  type Message,
  messages,
  updateMessageSchema,
} from '../../schema/index.ts';
import { onlyRow } from '../rows.ts';
import { mayRead, takeNextMoment } from './conversations.ts';

const messageDetail = {
  id: messages.id,
  conversationId: messages.conversationId,
  userId: messages.userId,
  role: messages.role,
  content: messages.content,
  toolCalls: messages.toolCalls,
  toolResults: messages.toolResults,
  messageType: messages.messageType,
  status: messages.status,
  isActive: messages.isActive,
  editedAt: messages.editedAt,
  createdAt: messages.createdAt,
  updatedAt: messages.updatedAt,
};

const newMessageSchema = insertMessageSchema
  .pick({
    conversationId: true,
    role: true,
    content: true,
    toolCalls: true,
    toolResults: true,
    messageType: true,
    status: true,
  })
  .strict();

/**
 * Appends a message to a conversation of the user's. For an answer that the model is still writing,
 * give the status STREAMING; see `updateStreamingMessage` and `finishMessage`.
 *
 * @throws NotFoundError when the conversation is not the user's, or is about a page or drive that
 *   they may not see
 * @throws InvalidInputError for a wrong role, oversized tool calls, NUL characters
 */
export async function appendMessage(
  db: Db,
  { userId, message }: { userId: string; message: z.input<typeof newMessageSchema> },
): Promise<Message> {
  const values = parseInput(newMessageSchema, message);
  return transaction(db, async (tx) => {
    const { conversationId } = values;
    const createdAt = await takeNextMoment(tx, { userId, conversationId });
    const author = values.role === 'user' ? userId : null;
    const rows = await tx
      .insert(messages)
      .values({ ...values, userId: author, createdAt })
      .returning(messageDetail);
    return onlyRow(rows);
  });
}

const contentSchema = newMessageSchema.pick({ content: true });
const writtenSchema = updateMessageSchema
  .pick({ content: true, toolCalls: true, toolResults: true })
  .strict();
type Written = z.input<typeof writtenSchema>;

/**
 * Replaces the text of a streaming message so far; omitted fields stay unchanged. Call it a few
 * times a second, not for every token.
 *
 * @throws NotFoundError when there is no such message in a conversation of the user's
 * @throws ConflictError when the message has ended, or was edited or deleted
 */
export async function updateStreamingMessage(
  db: Db,
  { userId, messageId, written }: { userId: string; messageId: string; written: Written },
): Promise<void> {
  await changeStreaming(db, { userId, messageId }, parseInput(writtenSchema, written));
}

/**
 * Ends a streaming message; if several callers end it at once, one succeeds.
 *
 * @param params.status COMPLETE, or INTERRUPTED when the model did not finish
 * @throws NotFoundError, ConflictError as `updateStreamingMessage` does
 */
export async function finishMessage(
  db: Db,
  params: {
    userId: string;
    messageId: string;
    status: 'COMPLETE' | 'INTERRUPTED';
    written?: Written;
  },
): Promise<Message> {
  const { status } = parseInput(z.object({ status: z.enum(['COMPLETE', 'INTERRUPTED']) }), params);
  const written = parseInput(writtenSchema, params.written ?? {});
  return changeStreaming(db, params, { ...written, status });
}

async function changeStreaming(
  db: Db,
  { userId, messageId }: { userId: string; messageId: string },
  changes: Partial<Message>,
): Promise<Message> {
  const [changed] = await db
    .update(messages)
    .set({ ...changes, updatedAt: sql`now()` })
    .where(
      and(
        eq(messages.id, messageId),
        eq(messages.status, 'STREAMING'),
        sql`${messages.isActive}`,
        inReadable(userId),
      ),
    )
    .returning(messageDetail);
  if (changed) return changed;
  await requireMessage(db, { userId, messageId });
  throw new ConflictError('This message does not stream any more. Read the history again.');
}

/**
 * Marks streaming messages that nobody has written to for a while as INTERRUPTED, because their
 * process is gone. For a scheduler, not for a user.
 *
 * @param params.idleSeconds default 60; at least 1
 * @returns how many, at most 1,000 a call
 */
export async function interruptStaleMessages(
  db: Db,
  params: { idleSeconds?: number } = {},
): Promise<number> {
  const { idleSeconds } = parseInput(
    z.object({ idleSeconds: z.int().min(1).max(86_400).default(60) }),
    params,
  );
  const interrupted = await db
    .update(messages)
    .set({ status: 'INTERRUPTED' })
    .where(
      sql`${messages.id} = any (array(
        select ${messages.id} from ${messages}
        where ${messages.status} = 'STREAMING'
          and ${messages.updatedAt} < now() - ${idleSeconds} * interval '1 second'
        order by ${messages.createdAt} limit 1000 for update skip locked))`,
    )
    .returning({ id: messages.id });
  return interrupted.length;
}

/**
 * Replaces a message by a new version in the same place of the history; the old one stays, inactive.
 *
 * @throws NotFoundError when there is no such message in a conversation of the user's
 * @throws ConflictError when it still streams, or was edited or deleted meanwhile
 */
export async function editMessage(
  db: Db,
  { userId, messageId, content }: { userId: string; messageId: string; content: string },
): Promise<Message> {
  const values = parseInput(contentSchema, { content });
  return transaction(db, async (tx) => {
    const { id: _, ...previous } = await retireMessage(tx, { userId, messageId });
    const now = new Date();
    const rows = await tx
      .insert(messages)
      .values({ ...previous, ...values, isActive: true, editedAt: now, updatedAt: now })
      .returning(messageDetail);
    return onlyRow(rows);
  });
}

/**
 * Deletes a message from the history; its row stays, inactive. Throws the errors of `editMessage`.
 */
export async function deleteMessage(
  db: Db,
  params: { userId: string; messageId: string },
): Promise<void> {
  await retireMessage(db, params);
}

/** If two edits come at once, the second finds the message inactive and gets a conflict. */
async function retireMessage(
  db: Db,
  { userId, messageId }: { userId: string; messageId: string },
): Promise<Message> {
  const [retired] = await db
    .update(messages)
    .set({ isActive: false })
    .where(
      and(
        eq(messages.id, messageId),
        sql`${messages.isActive} and ${messages.status} <> 'STREAMING'`,
        inReadable(userId),
      ),
    )
    .returning(messageDetail);
  if (retired) return retired;
  await requireMessage(db, { userId, messageId });
  throw new ConflictError(
    'This message still streams, or was edited or deleted meanwhile. Read the history again.',
  );
}

const inReadable = (userId: string) =>
  sql`exists (select 1 from ${conversations} where ${conversations.id} = ${messages.conversationId} and ${mayRead(userId)})`;

async function requireMessage(
  db: Db,
  { userId, messageId }: { userId: string; messageId: string },
): Promise<void> {
  const [found] = await db
    .select({ id: messages.id })
    .from(messages)
    .where(and(eq(messages.id, messageId), inReadable(userId)))
    .limit(1);
  if (!found) throw new NotFoundError('There is no such message in a conversation of yours.');
}

const latestFirst = keyset([
  { column: messages.createdAt, direction: 'desc' },
  { column: messages.id, direction: 'desc' },
]);

const messagesOf = preparedPages(
  latestFirst,
  (db: Db, p: Placeholders<{ conversationId: string; userId: string }>, seek) =>
    db
      .select({ ...messageDetail, ...latestFirst.select })
      .from(messages)
      .innerJoin(conversations, eq(conversations.id, messages.conversationId))
      .where(
        and(
          eq(messages.conversationId, p.conversationId),
          sql`${messages.isActive}`,
          mayRead(p.userId),
          seek.where,
        ),
      )
      .orderBy(...seek.orderBy)
      .limit(seek.limit),
);

/**
 * Lists a conversation's messages, latest first, with edits in place.
 *
 * @param params.after a `nextCursor`: continue with older messages
 * @param params.before a `previousCursor`: messages newer than that page
 * @returns empty when the conversation is not the user's, or is about a page or drive that they may
 *   not see
 */
export async function listMessages(
  db: Db,
  params: PageRequest & { userId: string; conversationId: string },
): Promise<KeysetPage<Message>> {
  const { userId, conversationId, after, before } = params;
  const limit = parseLimit(params.limit);
  return messagesOf(db, { userId, conversationId }, { after, before, limit });
}
