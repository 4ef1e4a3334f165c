import {
  ConflictError,
  type KeysetPage,
  keyset,
  mapConstraints,
  NotFoundError,
  type PageRequest,
  type Placeholders,
  parseInput,
  parseLimit,
  preparedPages,
} from '@reference/kit';
import { and, desc, eq, type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { Db } from '../../database.ts';
import {
  type ChatRole,
  type Conversation,
  conversations,
  drives,
  insertConversationSchema,
  messages,
  pages,
} from '../../schema/index.ts';
import { noSuchDrive } from '../core/locked-drive.ts';
import { noSuchPage, requireLivePage } from '../core/page-rights.ts';
import { hasPageRight, seesDrive, type UserIdValue } from '../permissions/access.ts';
import { onlyRow } from '../rows.ts';

const conversationDetail = {
  id: conversations.id,
  userId: conversations.userId,
  title: conversations.title,
  type: conversations.type,
  pageId: conversations.pageId,
  driveId: conversations.driveId,
  lastMessageAt: conversations.lastMessageAt,
  isActive: conversations.isActive,
  createdAt: conversations.createdAt,
  updatedAt: conversations.updatedAt,
};

/**
 * The condition that a row of `conversations` is the user's own. If it is about a page or a drive,
 * the user must still see that, because the conversation reveals its content.
 */
export const mayRead = (userId: UserIdValue): SQL =>
  sql`(${conversations.userId} = ${userId} and ${conversations.isActive} and (
    ${conversations.type} = 'GLOBAL'
    or exists (select 1 from ${pages} where ${pages.id} = ${conversations.pageId} and ${hasPageRight(userId, 'canView')})
    or exists (select 1 from ${drives} where ${drives.id} = ${conversations.driveId} and ${seesDrive(userId)})))`;

const noSuchConversation = () =>
  new NotFoundError('There is no such conversation of yours, or you may not see what it is about.');

const newConversationSchema = insertConversationSchema
  .pick({ title: true, type: true, pageId: true, driveId: true })
  .strict()
  .refine(
    ({ type, pageId, driveId }) =>
      Boolean(pageId) === (type === 'PAGE') && Boolean(driveId) === (type === 'DRIVE'),
    'a PAGE conversation needs a pageId, a DRIVE one a driveId, a GLOBAL one neither',
  );

/**
 * Creates a conversation with AI: about anything, a page or a drive.
 *
 * @throws InvalidInputError when the target does not fit the type
 * @throws NotFoundError when the user does not see the page or drive
 * @throws ConflictError when the page or the drive is in the trash
 */
export async function createConversation(
  db: Db,
  { userId, conversation }: { userId: string; conversation: z.input<typeof newConversationSchema> },
): Promise<Conversation> {
  const values = parseInput(newConversationSchema, conversation);
  if (values.pageId) {
    await requireLivePage(db, { userId, pageId: values.pageId, right: 'canView' });
  }
  if (values.driveId) await requireLiveDrive(db, { userId, driveId: values.driveId });
  const rows = await mapConstraints(
    db
      .insert(conversations)
      .values({ ...values, userId })
      .returning(conversationDetail),
    { conversations_pageId_fkey: noSuchPage, conversations_driveId_fkey: noSuchDrive },
  );
  return onlyRow(rows);
}

async function requireLiveDrive(
  db: Db,
  { userId, driveId }: { userId: string; driveId: string },
): Promise<void> {
  const [drive] = await db
    .select({ isTrashed: drives.isTrashed })
    .from(drives)
    .where(and(eq(drives.id, driveId), seesDrive(userId)))
    .limit(1);
  if (!drive) throw noSuchDrive();
  if (drive.isTrashed) throw new ConflictError('This drive is in the trash. Restore it first.');
}

/**
 * @returns undefined when it is not the user's, is archived, or is about a page or drive that they
 *   may not see
 */
export async function getConversation(
  db: Db,
  { userId, conversationId }: { userId: string; conversationId: string },
): Promise<Conversation | undefined> {
  const [found] = await db
    .select(conversationDetail)
    .from(conversations)
    .where(and(eq(conversations.id, conversationId), mayRead(userId)))
    .limit(1);
  return found;
}

/** @throws NotFoundError where `getConversation` gives undefined */
export async function requireConversation(
  db: Db,
  params: { userId: string; conversationId: string },
): Promise<Conversation> {
  const found = await getConversation(db, params);
  if (!found) throw noSuchConversation();
  return found;
}

/** @throws NotFoundError where `getConversation` gives undefined */
export async function renameConversation(
  db: Db,
  params: { userId: string; conversationId: string; title: string },
): Promise<Conversation> {
  const { title } = parseInput(insertConversationSchema.pick({ title: true }), params);
  return change(db, params, { title });
}

/**
 * Archives a conversation: neither it nor its messages are shown any more.
 * @throws NotFoundError where `getConversation` gives undefined
 */
export async function archiveConversation(
  db: Db,
  params: { userId: string; conversationId: string },
): Promise<void> {
  await change(db, params, { isActive: false });
}

async function change(
  db: Db,
  { userId, conversationId }: { userId: string; conversationId: string },
  changes: Partial<Pick<Conversation, 'title' | 'isActive'>>,
): Promise<Conversation> {
  const [changed] = await db
    .update(conversations)
    .set(changes)
    .where(and(eq(conversations.id, conversationId), mayRead(userId)))
    .returning(conversationDetail);
  if (!changed) throw noSuchConversation();
  return changed;
}

/**
 * Locks a conversation's row until the transaction ends, and gives the time of its next message.
 * That is later than every message in it, so messages are in the order in which they were
 * committed, and a reader who continues from a cursor misses none.
 *
 * @throws NotFoundError where `getConversation` gives undefined
 */
export async function takeNextMoment(
  db: Db,
  { userId, conversationId }: { userId: string; conversationId: string },
): Promise<Date> {
  const [taken] = await db
    .update(conversations)
    .set({
      lastMessageAt: sql`greatest(clock_timestamp()::timestamptz(3), ${conversations.lastMessageAt} + interval '1 ms')`,
    })
    .where(and(eq(conversations.id, conversationId), mayRead(userId)))
    .returning({ at: conversations.lastMessageAt });
  if (!taken?.at) throw noSuchConversation();
  return taken.at;
}

/** A conversation as lists return it. */
export type ListedConversation = Omit<Conversation, 'isActive'> & {
  readonly lastMessage: {
    readonly role: ChatRole;
    /** Its start, 200 characters at most. */
    readonly content: string;
  } | null;
};

const latestFirst = keyset([
  {
    expression: sql`coalesce(${conversations.lastMessageAt}, ${conversations.createdAt})`,
    type: 'timestamptz(3)',
    nullable: false,
    direction: 'desc',
  },
  { column: conversations.id, direction: 'desc' },
]);

const { isActive: _, ...listedColumns } = conversationDetail;
const conversationsOf = preparedPages(
  latestFirst,
  (db: Db, { userId }: Placeholders<{ userId: string }>, seek) => {
    const last = db
      .select({
        role: sql<ChatRole | null>`${messages.role}`.as('lastRole'),
        content: sql<string | null>`left(${messages.content}, 200)`.as('lastContent'),
      })
      .from(messages)
      .where(and(eq(messages.conversationId, conversations.id), sql`${messages.isActive}`))
      .orderBy(desc(messages.createdAt), desc(messages.id))
      .limit(1)
      .as('last');
    return db
      .select({
        ...listedColumns,
        lastRole: last.role,
        lastContent: last.content,
        ...latestFirst.select,
      })
      .from(conversations)
      .leftJoinLateral(last, sql`true`)
      .where(
        and(
          eq(conversations.userId, userId),
          sql`${conversations.isActive}`,
          mayRead(userId),
          seek.where,
        ),
      )
      .orderBy(...seek.orderBy)
      .limit(seek.limit);
  },
);

/**
 * Lists a user's conversations, the one last written in first, each with its last message, in one
 * statement. It leaves out those about pages and drives that the user may no longer see.
 */
export async function listConversations(
  db: Db,
  { userId, after, before, limit }: PageRequest & { userId: string },
): Promise<KeysetPage<ListedConversation>> {
  const page = { after, before, limit: parseLimit(limit) };
  const { items, ...cursors } = await conversationsOf(db, { userId }, page);
  return {
    ...cursors,
    items: items.map(({ lastRole: role, lastContent: content, ...conversation }) => ({
      ...conversation,
      lastMessage: role !== null && content !== null ? { role, content } : null,
    })),
  };
}
