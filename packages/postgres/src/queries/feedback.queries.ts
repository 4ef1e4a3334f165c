import { keyset, listPage, NotFoundError, parseInput } from '@reference/kit';
import { and, eq, sql } from 'drizzle-orm';
import {
  conversations,
  type FeedbackDataSelect,
  type FeedbackDataTarget,
  feedback,
  feedbackInsertSchema,
  messages,
} from '../schemas/index.ts';
import { belongsTo } from './conversation-owner.ts';
import type { PostgresDatabase } from './database.ts';
import type { Page, PageParams } from './page.ts';

const newestFirst = keyset([
  { column: feedback.createdAt, direction: 'desc' },
  { column: feedback.id, direction: 'desc' },
]);

const newFeedback = feedbackInsertSchema.pick({
  messageId: true,
  rating: true,
  comment: true,
  traceId: true,
  sessionId: true,
});

/**
 * Records a person's feedback on a message in a conversation of theirs.
 *
 * @returns the feedback's id
 * @throws NotFoundError when the message is not in a conversation of theirs
 */
export async function createFeedback(
  db: PostgresDatabase,
  params: { readonly userId: string } & Pick<
    FeedbackDataTarget,
    'messageId' | 'rating' | 'comment' | 'traceId' | 'sessionId'
  >,
): Promise<string> {
  const { userId } = params;
  const values = parseInput(newFeedback, params);
  const { messageId, rating, comment = null, traceId = null, sessionId = null } = values;
  const [row] = await db
    .insert(feedback)
    .select(
      db
        .select({
          id: sql`gen_random_uuid()::text`.as('id'),
          messageId: messages.id,
          rating: sql`${rating}::feedback_rating`.as('rating'),
          comment: sql`${comment}::text`.as('comment'),
          traceId: sql`${traceId}::varchar`.as('trace_id'),
          sessionId: sql`${sessionId}::varchar`.as('session_id'),
          createdAt: sql`now()`.as('created_at'),
          updatedAt: sql`now()`.as('updated_at'),
        })
        .from(messages)
        .innerJoin(conversations, eq(conversations.id, messages.conversationId))
        .where(and(eq(messages.id, messageId), belongsTo(userId))),
    )
    .returning({ id: feedback.id });
  if (!row) throw new NotFoundError(`User ${userId} has no message ${messageId}.`);
  return row.id;
}

/** Lists the feedback on a message, newest first; none when it is not this person's. */
export async function getFeedback(
  db: PostgresDatabase,
  params: PageParams & { readonly userId: string; readonly messageId: string },
): Promise<Page<FeedbackDataSelect>> {
  const { items, nextCursor } = await listPage(
    newestFirst,
    { after: params.cursor, limit: params.limit },
    (seek) =>
      db
        .select({
          id: feedback.id,
          messageId: feedback.messageId,
          rating: feedback.rating,
          comment: feedback.comment,
          traceId: feedback.traceId,
          sessionId: feedback.sessionId,
          createdAt: feedback.createdAt,
          updatedAt: feedback.updatedAt,
          ...seek.select,
        })
        .from(feedback)
        .innerJoin(messages, eq(messages.id, feedback.messageId))
        .innerJoin(conversations, eq(conversations.id, messages.conversationId))
        .where(and(eq(feedback.messageId, params.messageId), belongsTo(params.userId), seek.where))
        .orderBy(...seek.orderBy)
        .limit(seek.limit),
  );
  return { items, nextCursor };
}
