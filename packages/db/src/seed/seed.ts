import { type Client, copyRows, insertChunked, transaction } from '@reference/kit';
import { eq, sql } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import { collectSearchWords, mergeSearchWords } from '../bulk-search.ts';
import type { Db, Tx } from '../database.ts';
import * as schema from '../schema/index.ts';
import * as ai from './ai.ts';
import * as bulk from './bulk.ts';
import * as bulkTalks from './bulk-talks.ts';
import * as people from './people.ts';
import * as talks from './talks.ts';
import * as workspace from './workspace.ts';

export { seedPassword } from './fixed.ts';
export { driveId, type Person, people, userId } from './people.ts';
export { pageId } from './workspace.ts';

export const seedSizes = ['small', 'medium', 'large'] as const;
export type SeedSize = (typeof seedSizes)[number];

/** The rows that seeding added; an existing row is neither counted nor changed. */
export type SeedSummary = Record<string, number>;

/**
 * Fills a migrated database with a demonstration workspace: people, drives, trees of every type of
 * page, a chat with tool calls, comments, grants of which one has expired, invitations in every
 * state. The same rows every time; seeding again adds what is missing and changes nothing.
 *
 * @param size small: by hand, 17 pages. medium: 10,000 pages more. large: 1,000,000 pages and
 *   1,000,000 messages through COPY, all or none
 */
export async function seedWorkspace(
  client: Pick<Client<typeof schema>, 'db' | 'sql'>,
  {
    size = 'small',
    onTable = () => {},
  }: { size?: SeedSize; onTable?: (table: string) => void } = {},
): Promise<SeedSummary> {
  const summary = await transaction(client.db, seedSmall);
  if (size === 'small' || (await isThere(client.db, bulk.bulkDriveId(0)))) return summary;
  const amounts = bulk.bulkSizes[size];
  if (size === 'medium') return { ...summary, ...(await insertBulk(client.db, amounts, onTable)) };
  return { ...summary, ...(await copyBulk(client, amounts, onTable)) };
}

async function seedSmall(tx: Tx): Promise<SeedSummary> {
  const summary: SeedSummary = {};
  const add = async <T extends PgTable>(name: string, table: T, rows: T['$inferInsert'][]) => {
    const added = await tx
      .insert(table)
      .values(rows)
      .onConflictDoNothing()
      .returning({ one: sql`1` });
    summary[name] = added.length;
  };
  await add('users', schema.users, people.users);
  await add('drives', schema.drives, people.drives);
  await add('members', schema.driveMembers, people.members);
  await add('invitations', schema.driveInvitations, people.invitations);
  await add('pages', schema.pages, workspace.pages);
  await add('grants', schema.pagePermissions, workspace.permissions);
  await add('messages', schema.chatMessages, workspace.chatMessages);
  await add('conversations', schema.conversations, talks.conversations);
  await add('conversation messages', schema.messages, talks.messages);
  await add('channel messages', schema.channelMessages, talks.channelMessages);
  await add('reactions', schema.channelMessageReactions, talks.channelMessageReactions);
  await add('read channels', schema.channelReadStatus, talks.channelReadStatus);
  await add('AI settings', schema.userAiSettings, ai.userAiSettings);
  await add('AI providers', schema.userProviderSettings, ai.userProviderSettings);
  await add('AI requests', schema.aiUsageLogs, ai.aiUsageLogs);
  await add('comments', schema.pageComments, workspace.pageComments);
  await add('tags', schema.tags, workspace.tags);
  await add('page tags', schema.pageTags, workspace.pageTags);
  await add('favourites', schema.favorites, workspace.favorites);
  await add('mentions', schema.mentions, workspace.mentions);
  return summary;
}

async function insertBulk(
  db: Db,
  amounts: bulk.BulkSize,
  onTable: (table: string) => void,
): Promise<SeedSummary> {
  return transaction(db, async (tx) => {
    const summary: SeedSummary = {};
    await writeBulk(amounts, async (name, table, _columns, rows) => {
      onTable(name);
      summary[name] = await insertChunked(tx, table, [...rows]);
    });
    return summary;
  });
}

async function copyBulk(
  { sql: pool, db }: Pick<Client<typeof schema>, 'db' | 'sql'>,
  amounts: bulk.BulkSize,
  onTable: (table: string) => void,
): Promise<SeedSummary> {
  const summary = await pool.begin(async (tx) => {
    const counts: SeedSummary = {};
    await tx.unsafe(collectSearchWords);
    await writeBulk(amounts, async (name, table, columns, rows) => {
      onTable(name);
      counts[name] = await copyRows(tx, table, columns, rows);
    });
    await tx.unsafe(mergeSearchWords);
    return counts;
  });
  // Fresh tables have no statistics, and the first queries would get poor plans.
  await db.execute(sql`analyze`);
  return summary;
}

/** Writes one table of the bulk. */
type BulkWriter = <T extends PgTable>(
  name: string,
  table: T,
  columns: (keyof T['$inferInsert'] & string)[],
  rows: Iterable<T['$inferInsert']>,
) => Promise<void>;

async function writeBulk(amounts: bulk.BulkSize, write: BulkWriter): Promise<void> {
  const stamps = ['createdAt', 'updatedAt'] as const;
  const rights = ['canView', 'canEdit', 'canShare', 'canDelete'] as const;
  await write(
    'users',
    schema.users,
    ['id', 'email', 'displayName', ...stamps],
    bulk.bulkUsers(amounts),
  );
  await write(
    'drives',
    schema.drives,
    ['id', 'name', 'slug', 'ownerId', ...stamps],
    bulk.bulkDrives(amounts),
  );
  await write(
    'members',
    schema.driveMembers,
    ['id', 'driveId', 'userId', 'role'],
    bulk.bulkMembers(amounts),
  );
  await write(
    'pages',
    schema.pages,
    ['id', 'driveId', 'parentId', 'title', 'type', 'content', 'position', ...stamps],
    bulk.bulkPages(amounts),
  );
  await write(
    'messages',
    schema.chatMessages,
    ['id', 'pageId', 'userId', 'role', 'content', ...stamps],
    bulk.bulkMessages(amounts),
  );
  await write(
    'conversations',
    schema.conversations,
    ['id', 'userId', 'type', 'title', 'lastMessageAt', ...stamps],
    bulkTalks.bulkConversations(amounts),
  );
  await write(
    'conversation messages',
    schema.messages,
    ['id', 'conversationId', 'userId', 'role', 'content', ...stamps],
    bulkTalks.bulkTurns(amounts),
  );
  await write(
    'channel messages',
    schema.channelMessages,
    ['id', 'pageId', 'userId', 'parentId', 'content', ...stamps],
    bulkTalks.bulkChannelMessages(amounts),
  );
  await write(
    'grants',
    schema.pagePermissions,
    ['id', 'pageId', 'userId', ...rights, 'grantedBy', 'grantedAt'],
    bulk.bulkGrants(amounts),
  );
}

async function isThere(db: Db, driveId: string): Promise<boolean> {
  const found = await db
    .select({ id: schema.drives.id })
    .from(schema.drives)
    .where(eq(schema.drives.id, driveId));
  return found.length > 0;
}
