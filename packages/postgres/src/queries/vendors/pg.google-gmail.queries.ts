import { keyset, listPage } from '@reference/kit';
import { and, arrayContains, eq, lt, not, notExists, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import {
  type GoogleGmailMessageDataSelect,
  googleGmailMessages,
} from '../../schemas/connector.google-gmail.schema.ts';
import type { PostgresDatabase } from '../database.ts';
import { inOwnConnection, type OwnConnection } from '../own-connection.ts';
import type { Page, PageParams } from '../page.ts';
import { googleGmailMessageEntity } from './google-gmail.entities.ts';

export const getGoogleGmailMessages = googleGmailMessageEntity.get;
export const getGoogleGmailMessage = googleGmailMessageEntity.getOne;

/** The last mail of a thread that waits for an answer. */
export type UnansweredGmailThread = Pick<
  GoogleGmailMessageDataSelect,
  'id' | 'threadId' | 'internalDate' | 'from' | 'subject' | 'snippet'
>;

const latestFirst = keyset([
  { column: googleGmailMessages.internalDate, direction: 'desc' },
  { column: googleGmailMessages.id, direction: 'desc' },
]);

/**
 * Lists threads in the inbox whose last mail came from someone else, the latest first.
 * @param params.before only threads whose last mail is older than this
 */
export async function getUnansweredGmailThreads(
  db: PostgresDatabase,
  params: PageParams & OwnConnection & { readonly before: Date },
): Promise<Page<UnansweredGmailThread>> {
  const later = alias(googleGmailMessages, 'later');
  const isLast = notExists(
    db
      .select({ found: sql`1` })
      .from(later)
      .where(
        and(
          eq(later.connectorConfigId, googleGmailMessages.connectorConfigId),
          eq(later.threadId, googleGmailMessages.threadId),
          sql`(${later.internalDate}, ${later.id}) > (${googleGmailMessages.internalDate}, ${googleGmailMessages.id})`,
        ),
      ),
  );
  const { items, nextCursor } = await listPage(
    latestFirst,
    { after: params.cursor, limit: params.limit },
    (seek) =>
      db
        .select({
          id: googleGmailMessages.id,
          threadId: googleGmailMessages.threadId,
          internalDate: googleGmailMessages.internalDate,
          from: googleGmailMessages.from,
          subject: googleGmailMessages.subject,
          snippet: googleGmailMessages.snippet,
          ...seek.select,
        })
        .from(googleGmailMessages)
        .where(
          and(
            inOwnConnection(googleGmailMessages.connectorConfigId, params),
            lt(googleGmailMessages.internalDate, params.before),
            arrayContains(googleGmailMessages.labelIds, ['INBOX']),
            not(arrayContains(googleGmailMessages.labelIds, ['SENT'])),
            isLast,
            seek.where,
          ),
        )
        .orderBy(...seek.orderBy)
        .limit(seek.limit),
  );
  return { items, nextCursor };
}
