import {
  type KeysetPage,
  keyset,
  listPage,
  mapConstraints,
  NotFoundError,
  type PageRequest,
  parseInput,
} from '@reference/kit';
import { and, eq } from 'drizzle-orm';
import type { z } from 'zod';
import { emptyPage, isUuid } from '../ids.ts';
import {
  type Conversation,
  conversationInsertSchema,
  conversations,
  conversationUpdateSchema,
} from '../schema/index.ts';
import type { TenantTx } from '../tenant-tx.ts';

const conversationColumns = {
  tenantId: conversations.tenantId,
  id: conversations.id,
  userId: conversations.userId,
  title: conversations.title,
  messageCount: conversations.messageCount,
  metadata: conversations.metadata,
  createdAt: conversations.createdAt,
  updatedAt: conversations.updatedAt,
};

const latestFirst = keyset([
  { column: conversations.updatedAt, direction: 'desc' },
  { column: conversations.id, direction: 'desc' },
]);

const notFound = (id: string) =>
  new NotFoundError(`There is no conversation ${id} in this tenant.`);

/** @throws NotFoundError when the user does not belong to this tenant, InvalidInputError */
export async function createConversation(
  tx: TenantTx,
  params: z.input<typeof conversationInsertSchema>,
): Promise<Conversation> {
  const [conversation] = await mapConstraints(
    tx.db
      .insert(conversations)
      .values({ ...parseInput(conversationInsertSchema, params), tenantId: tx.tenantId })
      .returning(conversationColumns),
    {
      conversations_user_id_fkey: () =>
        new NotFoundError(`There is no user ${params.userId} in this tenant.`),
    },
  );
  if (!conversation) throw new NotFoundError('The conversation was not created.');
  return conversation;
}

export async function getConversation(
  tx: TenantTx,
  { conversationId }: { conversationId: string },
): Promise<Conversation | undefined> {
  if (!isUuid(conversationId)) return undefined;
  const [conversation] = await tx.db
    .select(conversationColumns)
    .from(conversations)
    .where(and(eq(conversations.tenantId, tx.tenantId), eq(conversations.id, conversationId)));
  return conversation;
}

/** Lists a user's conversations, the latest written first. */
export async function listConversations(
  tx: TenantTx,
  params: PageRequest & { userId: string },
): Promise<KeysetPage<Conversation>> {
  if (!isUuid(params.userId)) return emptyPage;
  return listPage(latestFirst, params, (seek) =>
    tx.db
      .select({ ...conversationColumns, ...seek.select })
      .from(conversations)
      .where(
        and(
          eq(conversations.tenantId, tx.tenantId),
          eq(conversations.userId, params.userId),
          seek.where,
        ),
      )
      .orderBy(...seek.orderBy)
      .limit(seek.limit),
  );
}

/** @throws NotFoundError, InvalidInputError */
export async function updateConversation(
  tx: TenantTx,
  {
    conversationId,
    ...changes
  }: z.input<typeof conversationUpdateSchema> & { conversationId: string },
): Promise<Conversation> {
  const values = parseInput(conversationUpdateSchema, changes);
  const [conversation] = isUuid(conversationId)
    ? await tx.db
        .update(conversations)
        .set({ ...values, updatedAt: new Date() })
        .where(and(eq(conversations.tenantId, tx.tenantId), eq(conversations.id, conversationId)))
        .returning(conversationColumns)
    : [];
  if (!conversation) throw notFound(conversationId);
  return conversation;
}

/**
 * Deletes a conversation with its messages.
 * @throws NotFoundError
 */
export async function deleteConversation(
  tx: TenantTx,
  { conversationId }: { conversationId: string },
): Promise<void> {
  const deleted = isUuid(conversationId)
    ? await tx.db
        .delete(conversations)
        .where(and(eq(conversations.tenantId, tx.tenantId), eq(conversations.id, conversationId)))
        .returning({ id: conversations.id })
    : [];
  if (deleted.length === 0) throw notFound(conversationId);
}
