import {
  ConflictError,
  ForbiddenError,
  InvalidInputError,
  NotFoundError,
  parseInput,
  transaction,
} from '@reference/kit';
import { and, eq, type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { Db, Tx } from '../../database.ts';
import {
  type ChannelMessage,
  channelMessages,
  insertChannelMessageSchema,
  pages,
} from '../../schema/index.ts';
import { type PageStanding, requireLivePage } from '../core/page-rights.ts';
import { mentionedSchema, tellOfMention } from '../core/tell-of-mention.ts';
import { hasPageRight, type PageRight } from '../permissions/access.ts';
import { onlyRow } from '../rows.ts';
import { announceChange } from './channel-changes.ts';

export const channelMessageDetail = {
  id: channelMessages.id,
  pageId: channelMessages.pageId,
  userId: channelMessages.userId,
  parentId: channelMessages.parentId,
  content: channelMessages.content,
  editedAt: channelMessages.editedAt,
  isActive: channelMessages.isActive,
  createdAt: channelMessages.createdAt,
  updatedAt: channelMessages.updatedAt,
};

const newMessageSchema = insertChannelMessageSchema
  .pick({ pageId: true, parentId: true, content: true })
  .extend({ mentionedUserIds: mentionedSchema })
  .strict();

/**
 * Writes in a channel, or replies in a thread there. The caller needs the right to edit the channel's page.
 * Listeners of the channel are notified (see `listenToChannels`).
 *
 * @param params.message.parentId the message that began the thread
 * @param params.message.mentionedUserIds the people that the text names; each who may view the page
 *   is notified
 * @throws NotFoundError, ForbiddenError when the user does not see or may not edit the page
 * @throws ConflictError when the page is in the trash, or the message to reply to was deleted
 * @throws InvalidInputError when the page is no channel, the text is wrong, or the message to reply
 *   to is in another channel or is a reply itself
 */
export async function appendChannelMessage(
  db: Db,
  { userId, message }: { userId: string; message: z.input<typeof newMessageSchema> },
): Promise<ChannelMessage> {
  const { mentionedUserIds, ...values } = parseInput(newMessageSchema, message);
  const { pageId, content, parentId = null } = values;
  return transaction(db, async (tx) => {
    await requireChannel(tx, { userId, pageId, right: 'canEdit' });
    await lockChannel(tx, pageId);
    if (parentId !== null) await requireThread(tx, { pageId, parentId });
    // Later than every message of the channel, so that its messages are in the order in which they
    // were committed, and no message appears before a moment up to which a person has read.
    const createdAt = sql`(select greatest(clock_timestamp()::timestamptz(3), max(m."createdAt") + interval '1 ms')
      from ${channelMessages} m where m."pageId" = ${pageId} and m."isActive")`;
    const rows = await tx
      .insert(channelMessages)
      .values({ pageId, userId, parentId, content, createdAt })
      .returning(channelMessageDetail);
    const written = onlyRow(rows);
    await tellOfMention(tx, {
      actorId: userId,
      pageId,
      userIds: mentionedUserIds,
      where: { messageId: written.id },
      text: content,
    });
    return written;
  });
}

/**
 * Locks a channel, so that its messages are written and deleted one after the other, and notifies at
 * commit.
 */
async function lockChannel(tx: Tx, pageId: string): Promise<void> {
  await tx.execute(
    sql`select pg_advisory_xact_lock(hashtextextended(${`channel ${pageId}`}, 0)), ${announceChange(pageId)}`,
  );
}

/** A live channel on whose page the user has a right; with the errors of `requireLivePage`. */
export async function requireChannel(
  db: Db,
  params: { userId: string; pageId: string; right: PageRight },
): Promise<PageStanding> {
  const page = await requireLivePage(db, params);
  if (page.type !== 'CHANNEL') {
    throw new InvalidInputError('This page is not a channel. Messages are written in channels.');
  }
  return page;
}

async function requireThread(
  tx: Tx,
  { pageId, parentId }: { pageId: string; parentId: string },
): Promise<void> {
  const [first] = await tx
    .select({ isActive: channelMessages.isActive, parentId: channelMessages.parentId })
    .from(channelMessages)
    .where(and(eq(channelMessages.id, parentId), eq(channelMessages.pageId, pageId)))
    .limit(1);
  if (!first) throw new InvalidInputError('The message to reply to is not in this channel.');
  if (first.parentId !== null) {
    throw new InvalidInputError('A reply has no thread of its own. Reply to the first message.');
  }
  if (!first.isActive) throw new ConflictError('The message to reply to was deleted.');
}

/**
 * Changes the text of the user's own channel message. It keeps its id, because replies and
 * reactions refer to that; the former text becomes an inactive row.
 *
 * @throws NotFoundError when there is no such message in a channel that the user may see
 * @throws ForbiddenError when another person wrote it, or the user may not edit the page any more
 * @throws ConflictError when it was deleted, or the page is in the trash
 */
export async function editChannelMessage(
  db: Db,
  { userId, messageId, content }: { userId: string; messageId: string; content: string },
): Promise<ChannelMessage> {
  const values = parseInput(newMessageSchema.pick({ content: true }), { content });
  return transaction(db, async (tx) => {
    const { pageId, author } = await requireMessage(tx, { userId, messageId });
    await requireChannel(tx, { userId, pageId, right: 'canEdit' });
    if (author !== userId) {
      throw new ForbiddenError('Only the person who wrote this message may edit it.');
    }
    const [former] = await tx
      .select(channelMessageDetail)
      .from(channelMessages)
      .where(and(eq(channelMessages.id, messageId), sql`${channelMessages.isActive}`))
      .for('update');
    if (!former) throw deleted();
    const { id: _, ...version } = former;
    await tx.insert(channelMessages).values({ ...version, isActive: false });
    const rows = await tx
      .update(channelMessages)
      .set({ ...values, editedAt: sql`now()` })
      .where(eq(channelMessages.id, messageId))
      .returning(channelMessageDetail);
    await tx.execute(sql`select ${announceChange(pageId)}`);
    return onlyRow(rows);
  });
}

/**
 * Deletes a message from the channel; its row stays, inactive. The first message of a thread takes
 * the thread along. Its author may, and everyone who may delete the page.
 *
 * @throws NotFoundError when there is no such message in a channel that the user may see
 * @throws ForbiddenError when the user neither wrote it nor may delete the page
 * @throws ConflictError when it was deleted already, or the page is in the trash
 */
export async function deleteChannelMessage(
  db: Db,
  { userId, messageId }: { userId: string; messageId: string },
): Promise<void> {
  await transaction(db, async (tx) => {
    const { pageId, author } = await requireMessage(tx, { userId, messageId });
    const right = author === userId ? 'canView' : 'canDelete';
    await requireChannel(tx, { userId, pageId, right });
    // A reply that is written meanwhile comes before this and goes, or after it and is refused.
    await lockChannel(tx, pageId);
    const retire = (which: SQL) =>
      tx
        .update(channelMessages)
        .set({ isActive: false })
        .where(and(which, sql`${channelMessages.isActive}`))
        .returning({ id: channelMessages.id });
    if ((await retire(eq(channelMessages.id, messageId))).length === 0) throw deleted();
    await retire(
      sql`${channelMessages.pageId} = ${pageId} and ${channelMessages.parentId} = ${messageId}`,
    );
  });
}

const deleted = () => new ConflictError('This message was deleted. Read the channel again.');

/** @throws NotFoundError when there is no such message in a channel that the user may see */
export async function requireMessage(
  db: Db,
  { userId, messageId }: { userId: string; messageId: string },
): Promise<{ pageId: string; author: string }> {
  const [message] = await db
    .select({ pageId: channelMessages.pageId, author: channelMessages.userId })
    .from(channelMessages)
    .innerJoin(pages, eq(pages.id, channelMessages.pageId))
    .where(and(eq(channelMessages.id, messageId), hasPageRight(userId, 'canView')))
    .limit(1);
  if (!message) {
    throw new NotFoundError('There is no such message, or you may not see its channel.');
  }
  return message;
}
