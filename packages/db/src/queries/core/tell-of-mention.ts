import { and, eq, ne, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Tx } from '../../database.ts';
import { cuidSchema } from '../../schema/fields.ts';
import { pages, users } from '../../schema/index.ts';
import { notify } from '../notifications/notify.ts';
import { hasPageRight } from '../permissions/access.ts';

/** The people that a comment or a channel message names. */
export const mentionedSchema = z.array(cuidSchema).max(100).default([]);

/**
 * Notifies people that a page, or a text on it, names them. Only those who may view the page are
 * notified, because the words reveal its content. Call it in the transaction that writes the text.
 *
 * @param params.where the id of the comment or message, to open it
 * @param params.text the text, whose start the notification shows
 */
export async function tellOfMention(
  tx: Tx,
  params: {
    actorId: string;
    pageId: string;
    userIds: readonly string[];
    where?: { commentId: string } | { messageId: string };
    text?: string;
  },
): Promise<void> {
  const { actorId, pageId, userIds, where, text } = params;
  if (userIds.length === 0) return;
  const viewers = await tx
    .select({ id: users.id, driveId: pages.driveId, title: pages.title })
    .from(users)
    .innerJoin(pages, eq(pages.id, pageId))
    .where(
      and(
        sql`${users.id} = any(${sql.param(userIds)})`,
        ne(users.id, actorId),
        hasPageRight(users.id, 'canView'),
      ),
    )
    .limit(userIds.length);
  const [page] = viewers;
  if (!page) return;
  await notify(tx, {
    type: 'MENTION',
    recipientIds: viewers.map(({ id }) => id),
    actorId,
    pageId,
    driveId: page.driveId,
    ...(where && { metadata: where }),
    words: (actor) => ({
      title: `${actor} mentioned you in “${page.title}”`,
      message: text ?? 'Open the page to see where.',
    }),
  });
}
