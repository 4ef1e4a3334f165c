import { type HotQuery, scanOrSort } from '../hot-query.ts';
import { listChannelMessages, listThreadReplies } from './channel-history.ts';
import { countUnreadInChannels } from './channel-reading.ts';
import { listConversations } from './conversations.ts';
import { listMessages } from './messages.ts';

export const chatPlans: readonly HotQuery[] = [
  {
    name: 'listConversations, further pages',
    run: async (db, { userId }) => {
      const { nextCursor } = await listConversations(db, { userId, limit: 5 });
      await listConversations(db, { userId, limit: 5, after: nextCursor });
    },
    forbidden: scanOrSort,
    statements: 2,
  },
  {
    name: 'listMessages, both ways',
    run: async (db, { userId }) => {
      const { items } = await listConversations(db, { userId, limit: 1 });
      const conversation = { userId, conversationId: items[0]?.id ?? '', limit: 2 };
      const { nextCursor } = await listMessages(db, conversation);
      const older = await listMessages(db, { ...conversation, after: nextCursor });
      await listMessages(db, { ...conversation, before: older.previousCursor });
    },
    forbidden: scanOrSort,
    statements: 4,
  },
  {
    name: 'listChannelMessages, both ways, and listThreadReplies',
    run: async (db, { ownerId: userId, channelId: pageId }) => {
      const first = await listChannelMessages(db, { userId, pageId, limit: 5 });
      const older = await listChannelMessages(db, {
        userId,
        pageId,
        limit: 5,
        after: first.nextCursor,
      });
      await listChannelMessages(db, { userId, pageId, limit: 5, before: older.previousCursor });
      await listThreadReplies(db, { userId, pageId, messageId: older.items[0]?.id ?? '' });
    },
    // Not forbidden: the few reactions to one message are sorted.
    forbidden: ['Seq Scan', 'Incremental Sort', 'Bitmap Heap Scan on channel_messages'],
    statements: 4,
  },
  {
    name: 'countUnreadInChannels: its messages from an index alone',
    run: (db, { ownerId: userId }) => countUnreadInChannels(db, { userId }),
    forbidden: [
      'Seq Scan',
      'Index Scan on channel_messages',
      'Bitmap Heap Scan on channel_messages',
    ],
    statements: 1,
  },
];
