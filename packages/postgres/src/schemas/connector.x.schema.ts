import { instant } from '@reference/kit';
import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, text, varchar } from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { short, vendorColumns, vendorConstraints } from './columns.ts';

export type XAuthorData = { id: string; username: string; name?: string; [field: string]: unknown };
export type XMediaData = { media_key: string; type: string; [field: string]: unknown };
export type XPollData = { id: string; options: unknown[]; [field: string]: unknown };
export type XPlaceData = { id: string; full_name: string; [field: string]: unknown };

/** A row is a post as one connection sees it. */
export const xTweets = pgTable(
  'x_tweets',
  {
    id: short('id').notNull(),
    text: text('text').notNull(),
    authorId: short('author_id').notNull(),
    author: jsonb('author').$type<XAuthorData>(),
    authorUsername: text('author_username').generatedAlwaysAs(sql`author ->> 'username'`),
    lang: varchar('lang', { length: 16 }),
    retweetCount: integer('retweet_count').notNull().default(0),
    replyCount: integer('reply_count').notNull().default(0),
    likeCount: integer('like_count').notNull().default(0),
    quoteCount: integer('quote_count').notNull().default(0),
    bookmarkCount: integer('bookmark_count').notNull().default(0),
    impressionCount: integer('impression_count').notNull().default(0),
    conversationId: short('conversation_id'),
    inReplyToUserId: short('in_reply_to_user_id'),
    inReplyToTweetId: short('in_reply_to_tweet_id'),
    media: jsonb('media').$type<XMediaData[]>(),
    poll: jsonb('poll').$type<XPollData>(),
    place: jsonb('place').$type<XPlaceData>(),
    tweetCreatedAt: instant('tweet_created_at').notNull(),
    ...vendorColumns,
  },
  (t) => [
    ...vendorConstraints('x_tweets', t),
    // Serves getXTweets of one conversation.
    index('x_tweets_conversation_idx').on(t.connectorConfigId, t.conversationId, t.updatedAt, t.id),
    // Serves getXTweets of one author.
    index('x_tweets_author_idx').on(t.connectorConfigId, t.authorId, t.updatedAt, t.id),
    // Serves getXTweets of one author by their user name.
    index('x_tweets_author_username_idx').on(
      t.connectorConfigId,
      t.authorUsername,
      t.updatedAt,
      t.id,
    ),
    // Serves the replies to a post.
    index('x_tweets_in_reply_to_idx').on(t.connectorConfigId, t.inReplyToTweetId),
    // Serves the activity feed.
    index('x_tweets_activity_idx').on(t.connectorConfigId, t.tweetCreatedAt, t.id),
  ],
);

export const xTweetInsertSchema = createInsertSchema(xTweets);
export const xTweetSelectSchema = createSelectSchema(xTweets);
export const xTweetUpdateSchema = createUpdateSchema(xTweets);

export type XTweetDataTarget = typeof xTweets.$inferInsert;
export type XTweetDataSelect = typeof xTweets.$inferSelect;
