import { instant } from '@reference/kit';
import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, text, varchar } from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { z } from 'zod';
import { short, url, vendorColumns, vendorConstraints } from './columns.ts';

export type SlackFileData = {
  id: string;
  name?: string;
  mimetype?: string;
  [field: string]: unknown;
};
export type SlackAttachmentData = { fallback?: string; text?: string; [field: string]: unknown };
export type SlackReactionData = { name: string; count: number; users: string[] };
export type SlackEditedData = { user: string; ts: string };

/** A row is a message as one connection sees it. Slack names no id: see slackMessageId. */
export const slackMessages = pgTable(
  'slack_messages',
  {
    id: short('id').notNull(),
    channelId: short('channel_id').notNull(),
    channelName: short('channel_name'),
    text: text('text').notNull(),
    userId: short('user_id'),
    userName: short('user_name'),
    ts: varchar('ts', { length: 32 }).notNull(),
    // `ts` is text with microseconds and unique in its channel; this is the same instant as a time.
    sentAt: instant('sent_at').notNull().generatedAlwaysAs(sql`to_timestamp(ts::double precision)`),
    threadTs: varchar('thread_ts', { length: 32 }),
    replyCount: integer('reply_count').notNull().default(0),
    permalink: url('permalink'),
    files: jsonb('files').$type<SlackFileData[]>(),
    attachments: jsonb('attachments').$type<SlackAttachmentData[]>(),
    reactions: jsonb('reactions').$type<SlackReactionData[]>(),
    edited: jsonb('edited').$type<SlackEditedData>(),
    pinnedTo: text('pinned_to').array(),
    ...vendorColumns,
  },
  (t) => [
    ...vendorConstraints('slack_messages', t),
    // Serves getSlackMessages of one channel.
    index('slack_messages_channel_idx').on(t.connectorConfigId, t.channelId, t.updatedAt, t.id),
    // Serves getSlackThread: the first message and its replies in order.
    index('slack_messages_thread_idx').on(t.connectorConfigId, t.channelId, t.threadTs, t.ts),
    // Serves the activity feed and listBusiestSlackChannels.
    index('slack_messages_activity_idx').on(t.connectorConfigId, t.sentAt, t.id),
  ],
);

/** How Slack writes a message's time, its id within the channel. */
export const slackTs = /^\d{1,12}\.\d{1,6}$/;
const slackTsSchema = z.string().regex(slackTs, 'a Slack timestamp such as 1700000000.000100');
const refine = { ts: slackTsSchema, threadTs: slackTsSchema.nullish() };

export const slackMessageInsertSchema = createInsertSchema(slackMessages, refine);
export const slackMessageSelectSchema = createSelectSchema(slackMessages);
export const slackMessageUpdateSchema = createUpdateSchema(slackMessages, {
  ts: slackTsSchema.optional(),
  threadTs: refine.threadTs,
});

export type SlackMessageDataTarget = typeof slackMessages.$inferInsert;
export type SlackMessageDataSelect = typeof slackMessages.$inferSelect;
