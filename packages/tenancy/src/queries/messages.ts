import {
  type KeysetPage,
  keyset,
  listPage,
  NotFoundError,
  type PageRequest,
  parseInput,
} from '@reference/kit';
import { and, eq, inArray, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { emptyPage, isUuid } from '../ids.ts';
import {
  conversations,
  documentChunks,
  type Message,
  messageInsertSchema,
  messages,
} from '../schema/index.ts';
import type { TenantTx } from '../tenant-tx.ts';

const messageColumns = {
  tenantId: messages.tenantId,
  id: messages.id,
  conversationId: messages.conversationId,
  position: messages.position,
  role: messages.role,
  content: messages.content,
  citations: messages.citations,
  createdAt: messages.createdAt,
  updatedAt: messages.updatedAt,
};

const newestFirst = keyset([{ column: messages.position, direction: 'desc' }]);

/**
 * Adds a turn at the conversation's end. It locks the conversation's row, so that concurrent turns
 * get consecutive positions.
 *
 * @param params.citations ids of chunks of this tenant
 * @throws NotFoundError when the conversation or a cited chunk does not belong to this tenant,
 *   naming the chunks; InvalidInputError
 */
export async function appendMessage(
  tx: TenantTx,
  params: z.input<typeof messageInsertSchema>,
): Promise<Message> {
  const values = parseInput(messageInsertSchema, params);
  const [conversation] = await tx.db
    .update(conversations)
    .set({ messageCount: sql`${conversations.messageCount} + 1`, updatedAt: new Date() })
    .where(
      and(eq(conversations.tenantId, tx.tenantId), eq(conversations.id, values.conversationId)),
    )
    .returning({ position: conversations.messageCount });
  if (!conversation) {
    throw new NotFoundError(`There is no conversation ${values.conversationId} in this tenant.`);
  }
  await requireChunks(tx, values.citations ?? []);
  const [message] = await tx.db
    .insert(messages)
    .values({ ...values, tenantId: tx.tenantId, position: conversation.position })
    .returning(messageColumns);
  if (!message) throw new NotFoundError('The message was not created.');
  return message;
}

/** Locks the chunks until the citation is stored, so that none is deleted in between. */
async function requireChunks(tx: TenantTx, chunkIds: readonly string[]): Promise<void> {
  if (chunkIds.length === 0) return;
  const wanted = [...new Set(chunkIds)].sort();
  const found = await tx.db
    .select({ id: documentChunks.id })
    .from(documentChunks)
    .where(and(eq(documentChunks.tenantId, tx.tenantId), inArray(documentChunks.id, wanted)))
    .orderBy(documentChunks.id)
    .for('key share');
  const present = new Set(found.map(({ id }) => id));
  const missing = wanted.filter((id) => !present.has(id));
  if (missing.length > 0) {
    throw new NotFoundError(`These cited chunks are not in this tenant: ${missing.join(', ')}.`);
  }
}

/** Lists a conversation's turns, newest first. */
export async function listMessages(
  tx: TenantTx,
  params: PageRequest & { conversationId: string },
): Promise<KeysetPage<Message>> {
  if (!isUuid(params.conversationId)) return emptyPage;
  return listPage(newestFirst, params, (seek) =>
    tx.db
      .select({ ...messageColumns, ...seek.select })
      .from(messages)
      .where(
        and(
          eq(messages.tenantId, tx.tenantId),
          eq(messages.conversationId, params.conversationId),
          seek.where,
        ),
      )
      .orderBy(...seek.orderBy)
      .limit(seek.limit),
  );
}
