import type { Sizes } from './sizes.ts';

/** Messages of the plan world: two channels in each drive of user1, and everyone's talks with AI. */
export const chatRows = ({ of, users, ownDrives }: Sizes): string => `;
    insert into pages (id, "driveId", title, type, position)
      select 'channel' || n, 'drive' || (n % ${ownDrives} * ${users} + 1), 'Channel ' || n, 'CHANNEL', n from generate_series(1, 40) n;
    insert into channel_messages (id, "pageId", "userId", content, "createdAt")
      select 'said' || n, 'channel' || (n % 40 + 1), 'user' || (n % ${users} + 1), 'words', now() - n * interval '1 minute'
      from generate_series(1, ${of(12_000)}) n;
    insert into channel_messages (id, "pageId", "userId", "parentId", content, "createdAt")
      select 'answer' || n, 'channel' || (n % 40 + 1), 'user' || (n % ${users} + 1), 'said' || n, 'words', now()
      from generate_series(1, ${of(4_000)}) n;
    insert into channel_message_reactions (id, "messageId", "userId", emoji)
      select 'reaction' || n, 'said' || n, 'user' || (n % ${users} + 1), '👍' from generate_series(1, ${of(4_000)}) n;
    insert into channel_read_status ("userId", "pageId", "lastReadAt")
      select 'user' || u, 'channel' || c, now() - c * interval '1 hour' from generate_series(1, ${of(100)}) u, generate_series(1, 40) c;
    insert into conversations (id, "userId", type, "pageId", "lastMessageAt")
      select 'conversation' || n, 'user' || (n % ${users} + 1), (case when n % 3 = 0 then 'PAGE' else 'GLOBAL' end)::"ConversationType",
        case when n % 3 = 0 then 'page' || n end, now() - n * interval '1 minute'
      from generate_series(1, ${of(10_000)}) n;
    insert into messages (id, "conversationId", role, content, "createdAt")
      select 'turn' || n || '-' || t, 'conversation' || n, 'assistant', 'words', now() - n * interval '1 minute' - t * interval '1 second'
      from generate_series(1, ${of(10_000)}) n, generate_series(0, 3) t;
    insert into ai_usage_logs (id, "userId", provider, model, success, "createdAt")
      select 'usage' || n, 'user' || (n % ${users} + 1), 'anthropic', 'model' || n % 3, true, now() - n * interval '1 minute'
      from generate_series(1, ${of(10_000)}) n;
    insert into user_provider_settings (id, "userId", provider)
      select 'provider' || n, 'user' || n, 'openai' from generate_series(1, ${users}) n`;
