import { fillDatabase } from '../fill.ts';

/** How much data a run works on. */
export interface WorkspaceSize {
  /** In drives of 1,000. */
  readonly pages: number;
  /** In AI conversations, 25 each. */
  readonly messages: number;
  /** In the 200 channels. */
  readonly channelMessages: number;
  readonly notifications: number;
  /** Old log lines, to be deleted while new ones are appended. */
  readonly oldLogs: number;
}

export const workspaceSizes: Readonly<Record<'small' | 'large', WorkspaceSize>> = {
  small: {
    pages: 20_000,
    messages: 25_000,
    channelMessages: 20_000,
    notifications: 20_000,
    oldLogs: 50_000,
  },
  large: {
    pages: 1_000_000,
    messages: 1_000_000,
    channelMessages: 500_000,
    notifications: 1_000_000,
    oldLogs: 1_000_000,
  },
};

export const people = 2000;
const channels = 200;
/** Sees 1% of all pages: half in a drive of their own, half by grants. */
export const searcherId = 'searcher';
/** Their shares of all pages: one in ten, in a hundred, in ten thousand. */
export const searchWords = ['launch', 'harbour', 'quince'] as const;

/** Migrates and fills an empty database. */
export function seedWorkspaceBench(url: string, size: WorkspaceSize): Promise<void> {
  const folder = new URL('../../../packages/db/drizzle', import.meta.url);
  return fillDatabase(url, { folder, statements: statements(size) });
}

const pagesPerDrive = 1000;
const messagesPerConversation = 25;
const at = "timestamptz '2026-01-01'";

function statements(size: WorkspaceSize): readonly (readonly [string, string])[] {
  const drives = size.pages / pagesPerDrive;
  const owned = size.pages / 200;
  return [
    [
      'users',
      `insert into users (id, email) select 'user' || n, 'user' || n || '@example.com' from generate_series(1, ${people}) n
      union all select '${searcherId}', 'searcher@example.com'`,
    ],
    [
      'drives',
      `insert into drives (id, name, slug, "ownerId")
      select 'drive' || n, 'Drive', 'drive' || n, 'user' || (n % ${people} + 1) from generate_series(0, ${drives}) n
      union all select 'own', 'Own', 'own', '${searcherId}'`,
    ],
    [
      'pages',
      `insert into pages (id, "driveId", title, type, position, content)
      select 'page' || n, case when n <= ${owned} then 'own' else 'drive' || n / ${pagesPerDrive} end, 'Page ' || n, 'DOCUMENT'::"PageType", n,
        'Notes ' || (select string_agg(substr(md5((n * 31 + k * 7919 % 600)::text), 1, 5), ' ') from generate_series(1, 40) k)
          || case when n % 10 = 3 then ' ${searchWords[0]}' else '' end
          || case when n % 100 = 7 then ' ${searchWords[1]} and what lies in it' else '' end
          || case when n % 10000 = 11 then ' ${searchWords[2]}' else '' end
      from generate_series(1, ${size.pages}) n
      union all
      select 'channel' || c, 'drive' || c % ${drives}, 'Channel ' || c, 'CHANNEL'::"PageType", c, '' from generate_series(1, ${channels}) c`,
    ],
    [
      'page_permissions',
      `insert into page_permissions (id, "pageId", "userId", "canView", "canEdit", "canShare", "canDelete")
      select 'grant' || n, 'page' || n * 197 % (${size.pages} - ${owned}) + ${owned} + 1, '${searcherId}', true, false, false, false
      from generate_series(1, ${owned}) n
      union all
      select 'member' || u || '-' || c, 'channel' || c, 'user' || u, true, true, false, false
      from generate_series(1, 20) u, generate_series(1, ${channels}) c
      on conflict do nothing`,
    ],
    [
      'channel_messages',
      `insert into channel_messages (id, "pageId", "userId", content, "createdAt")
      select 'said' || n, 'channel' || n % ${channels} + 1, 'user' || n % 20 + 1, 'Message ' || n, ${at} + n * interval '1 second'
      from generate_series(1, ${size.channelMessages}) n`,
    ],
    [
      'channel_read_status',
      `insert into channel_read_status ("userId", "pageId", "lastReadAt")
      select 'user' || u, 'channel' || c, ${at} + (${size.channelMessages} - c * 40) * interval '1 second'
      from generate_series(1, 20) u, generate_series(1, ${channels}) c`,
    ],
    [
      'conversations',
      `insert into conversations (id, "userId", type, title, "createdAt", "lastMessageAt")
      select 'conversation' || n, 'user' || n % ${people} + 1, 'GLOBAL', 'Talk ' || n, ${at}, ${at} + n * interval '1 minute'
      from generate_series(1, ${size.messages / messagesPerConversation}) n`,
    ],
    [
      'messages',
      `insert into messages (id, "conversationId", role, content, "createdAt")
      select 'turn' || n || '-' || t, 'conversation' || n, (case t % 2 when 0 then 'assistant' else 'user' end)::"ChatRole",
        'What was said in turn ' || t || ' of conversation ' || n, ${at} + n * interval '1 minute' - t * interval '1 second'
      from generate_series(1, ${size.messages / messagesPerConversation}) n, generate_series(0, ${messagesPerConversation - 1}) t`,
    ],
    [
      'notifications',
      `insert into notifications (id, "userId", type, title, message, "isRead", "readAt", "createdAt")
      select 'notification' || n, 'user' || n % ${people} + 1, 'MENTION', 'Title', 'Message', n % 10 <> 0,
        case when n % 10 <> 0 then now() end, ${at} + n * interval '1 second'
      from generate_series(1, ${size.notifications}) n`,
    ],
    [
      'system_logs',
      `insert into system_logs (id, level, source, message, "createdAt")
      select 'old' || n, 'INFO', 'bench', 'Request ' || n || ' was answered', ${at} + n * interval '1 second'
      from generate_series(1, ${size.oldLogs}) n`,
    ],
  ];
}
