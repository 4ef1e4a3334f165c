import { ConflictError, parseInput, transaction } from '@reference/kit';
import { and, eq, sql } from 'drizzle-orm';
import type { Db } from '../../database.ts';
import {
  channelMessageReactions,
  channelMessages,
  insertChannelMessageReactionSchema,
} from '../../schema/index.ts';
import { announceChange } from './channel-changes.ts';
import { requireChannel, requireMessage } from './channel-messages.ts';

interface Reaction {
  readonly userId: string;
  readonly messageId: string;
  readonly emoji: string;
}

/**
 * Puts an emoji on a channel message; the same one again changes nothing. The caller needs the right to view.
 *
 * @throws InvalidInputError when it is no emoji
 * @throws NotFoundError when there is no such message in a channel that the user may see
 * @throws ConflictError when the message was deleted, or the page is in the trash
 */
export async function addReaction(db: Db, params: Reaction): Promise<void> {
  const { messageId, emoji } = parseInput(
    insertChannelMessageReactionSchema.pick({ messageId: true, emoji: true }),
    params,
  );
  const { userId } = params;
  await transaction(db, async (tx) => {
    const { pageId } = await requireMessage(tx, { userId, messageId });
    await requireChannel(tx, { userId, pageId, right: 'canView' });
    // Locked, so that a concurrent deletion waits.
    const [message] = await tx
      .select({ isActive: channelMessages.isActive })
      .from(channelMessages)
      .where(eq(channelMessages.id, messageId))
      .for('share');
    if (!message?.isActive) throw new ConflictError('This message was deleted.');
    await tx
      .insert(channelMessageReactions)
      .values({ userId, messageId, emoji })
      .onConflictDoNothing();
    await tx.execute(sql`select ${announceChange(pageId)}`);
  });
}

/**
 * Removes the user's own emoji from a message; without one, changes nothing.
 * @throws NotFoundError when there is no such message in a channel that the user may see
 * @throws ConflictError when the page is in the trash
 */
export async function removeReaction(db: Db, params: Reaction): Promise<void> {
  const { userId, messageId, emoji } = params;
  await transaction(db, async (tx) => {
    const { pageId } = await requireMessage(tx, { userId, messageId });
    await requireChannel(tx, { userId, pageId, right: 'canView' });
    await tx
      .delete(channelMessageReactions)
      .where(
        and(
          eq(channelMessageReactions.messageId, messageId),
          eq(channelMessageReactions.userId, userId),
          eq(channelMessageReactions.emoji, emoji),
        ),
      );
    await tx.execute(sql`select ${announceChange(pageId)}`);
  });
}
