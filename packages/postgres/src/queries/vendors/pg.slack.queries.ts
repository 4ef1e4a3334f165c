import { keyset, listPage, parseLimit } from '@reference/kit';
import { and, eq, gte, lt, sql } from 'drizzle-orm';
import {
  type SlackMessageDataSelect,
  slackMessages,
} from '../../schemas/connector.slack.schema.ts';
import type { PostgresDatabase } from '../database.ts';
import { inOwnConnection, type OwnConnection } from '../own-connection.ts';
import type { Page, PageParams } from '../page.ts';
import { slackMessageEntity } from './slack.entities.ts';

export const getSlackMessages = slackMessageEntity.get;
export const getSlackMessage = slackMessageEntity.getOne;

/** The id of a message's row: Slack's own is its channel and its time. */
export const slackMessageId = (channelId: string, ts: string) => `${channelId}:${ts}`;

/** A message in a thread. */
export type SlackThreadMessage = Pick<
  SlackMessageDataSelect,
  'id' | 'ts' | 'sentAt' | 'text' | 'userId' | 'userName' | 'replyCount' | 'reactions' | 'permalink'
>;

const inOrder = keyset([{ column: slackMessages.ts }, { column: slackMessages.id }]);

/** Lists the messages of a thread, oldest first, beginning with the one that was replied to. */
export async function getSlackThread(
  db: PostgresDatabase,
  params: PageParams &
    OwnConnection & {
      readonly channelId: string;
      readonly threadTs: string;
    },
): Promise<Page<SlackThreadMessage>> {
  const { items, nextCursor } = await listPage(
    inOrder,
    { after: params.cursor, limit: params.limit },
    (seek) =>
      db
        .select({
          id: slackMessages.id,
          ts: slackMessages.ts,
          sentAt: slackMessages.sentAt,
          text: slackMessages.text,
          userId: slackMessages.userId,
          userName: slackMessages.userName,
          replyCount: slackMessages.replyCount,
          reactions: slackMessages.reactions,
          permalink: slackMessages.permalink,
          ...seek.select,
        })
        .from(slackMessages)
        .where(
          and(
            inOwnConnection(slackMessages.connectorConfigId, params),
            eq(slackMessages.channelId, params.channelId),
            // Slack gives the first message of a thread its own time as thread_ts.
            eq(slackMessages.threadTs, params.threadTs),
            seek.where,
          ),
        )
        .orderBy(...seek.orderBy)
        .limit(seek.limit),
  );
  return { items, nextCursor };
}

/** The number of a channel's messages. */
export interface SlackChannelActivity {
  readonly channelId: string;
  readonly channelName: string | null;
  readonly messages: number;
  readonly people: number;
}

/**
 * Lists the channels with the most messages in a period.
 *
 * @param params.from inclusive
 * @param params.to exclusive
 * @param params.limit channels at most, 1 to 200; 50 unless given
 */
export async function listBusiestSlackChannels(
  db: PostgresDatabase,
  params: OwnConnection & {
    readonly from: Date;
    readonly to: Date;
    readonly limit?: number | undefined;
  },
): Promise<SlackChannelActivity[]> {
  return db
    .select({
      channelId: slackMessages.channelId,
      channelName: sql<string | null>`max(${slackMessages.channelName})`,
      messages: sql<number>`count(*)::int`,
      people: sql<number>`count(distinct ${slackMessages.userId})::int`,
    })
    .from(slackMessages)
    .where(
      and(
        inOwnConnection(slackMessages.connectorConfigId, params),
        gte(slackMessages.sentAt, params.from),
        lt(slackMessages.sentAt, params.to),
      ),
    )
    .groupBy(slackMessages.channelId)
    .orderBy(sql`count(*) desc`, slackMessages.channelId)
    .limit(parseLimit(params.limit));
}
