import { instant } from '@reference/kit';
import { index, integer, pgTable, text } from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { short, url, vendorColumns, vendorConstraints } from './columns.ts';

/** A row is a channel that the connection's account subscribes to. */
export const youtubeSubscriptions = pgTable(
  'youtube_subscriptions',
  {
    id: short('id').notNull(),
    title: short('title').notNull(),
    description: text('description'),
    channelId: short('channel_id').notNull(),
    resourceChannelId: short('resource_channel_id').notNull(),
    publishedAt: instant('published_at').notNull(),
    thumbnailUrl: url('thumbnail_url'),
    totalItemCount: integer('total_item_count').notNull().default(0),
    newItemCount: integer('new_item_count').notNull().default(0),
    ...vendorColumns,
  },
  (t) => [
    ...vendorConstraints('youtube_subscriptions', t),
    // Serves the activity feed.
    index('youtube_subscriptions_activity_idx').on(t.connectorConfigId, t.publishedAt, t.id),
  ],
);

export const youtubeSubscriptionInsertSchema = createInsertSchema(youtubeSubscriptions);
export const youtubeSubscriptionSelectSchema = createSelectSchema(youtubeSubscriptions);
export const youtubeSubscriptionUpdateSchema = createUpdateSchema(youtubeSubscriptions);

export type YoutubeSubscriptionDataTarget = typeof youtubeSubscriptions.$inferInsert;
export type YoutubeSubscriptionDataSelect = typeof youtubeSubscriptions.$inferSelect;
