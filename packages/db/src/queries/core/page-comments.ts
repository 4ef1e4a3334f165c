import {
  ConflictError,
  ForbiddenError,
  InvalidInputError,
  type KeysetPage,
  keyset,
  listPage,
  mapConstraints,
  NotFoundError,
  type PageRequest,
  parseInput,
  transaction,
} from '@reference/kit';
import { and, asc, desc, eq, isNull, type SQL, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Db } from '../../database.ts';
import {
  insertPageCommentSchema,
  type PageComment,
  pageComments,
  pages,
  users,
} from '../../schema/index.ts';
import { hasPageRight } from '../permissions/access.ts';
import { onlyRow } from '../rows.ts';
import { requireLivePage } from './page-rights.ts';
import { mentionedSchema, tellOfMention } from './tell-of-mention.ts';

const commentDetail = {
  id: pageComments.id,
  pageId: pageComments.pageId,
  authorId: pageComments.authorId,
  parentId: pageComments.parentId,
  content: pageComments.content,
  editedAt: pageComments.editedAt,
  isTrashed: pageComments.isTrashed,
  trashedAt: pageComments.trashedAt,
  createdAt: pageComments.createdAt,
  updatedAt: pageComments.updatedAt,
};

/**
 * A comment as lists return it: one in the trash keeps its place in the thread, without its text.
 */
export type ListedComment = Omit<PageComment, 'content'> & {
  content: string | null;
  authorName: string | null;
  replyCount: number;
};
/** A comment with the replies to it, and the replies to those. */
export type CommentThread = Omit<ListedComment, 'replyCount'> & { replies: CommentThread[] };

/** The most comments that one thread returns. */
const maxThread = 1000;

const newCommentSchema = insertPageCommentSchema
  .pick({ pageId: true, parentId: true, content: true })
  .extend({ mentionedUserIds: mentionedSchema });

/**
 * Comments on a page, or replies to a comment there. The caller needs the right to view the page.
 *
 * @param params.mentionedUserIds the people that the text names; each who may view the page is
 *   notified
 * @throws NotFoundError when there is no page that the user may see
 * @throws InvalidInputError when the text is wrong, or the comment to answer is not on this page
 * @throws ConflictError when the page or the comment to answer is in the trash
 */
export async function createPageComment(
  db: Db,
  params: {
    userId: string;
    pageId: string;
    content: string;
    parentId?: string | null;
    mentionedUserIds?: string[];
  },
): Promise<PageComment> {
  const { mentionedUserIds, ...values } = parseInput(newCommentSchema, params);
  const { pageId, content, parentId = null } = values;
  const { userId } = params;
  return transaction(db, async (tx) => {
    await requireLivePage(tx, { userId, pageId, right: 'canView' });
    if (parentId !== null) await rejectTrashed(tx, parentId);
    const rows = await mapConstraints(
      tx
        .insert(pageComments)
        .values({ pageId, content, parentId, authorId: userId })
        .returning(commentDetail),
      {
        page_comments_pageId_parentId_fkey: () =>
          new InvalidInputError('The comment to answer is not on this page.'),
      },
    );
    const comment = onlyRow(rows);
    await tellOfMention(tx, {
      actorId: userId,
      pageId,
      userIds: mentionedUserIds,
      where: { commentId: comment.id },
      text: content,
    });
    return comment;
  });
}

async function rejectTrashed(db: Db, commentId: string): Promise<void> {
  const [comment] = await db
    .select({ isTrashed: pageComments.isTrashed })
    .from(pageComments)
    .where(eq(pageComments.id, commentId));
  if (comment?.isTrashed) throw new ConflictError('The comment to answer was deleted.');
}

/**
 * Changes the text of the user's own comment.
 *
 * @throws NotFoundError when there is no such comment on a page that the user may see
 * @throws ForbiddenError when another person wrote it
 * @throws ConflictError when it, or its page, is in the trash
 */
export async function editPageComment(
  db: Db,
  params: { userId: string; commentId: string; content: string },
): Promise<PageComment> {
  const { userId, commentId } = params;
  const { content } = parseInput(newCommentSchema.pick({ content: true }), params);
  const comment = await requireComment(db, { userId, commentId });
  await requireLivePage(db, { userId, pageId: comment.pageId, right: 'canView' });
  if (comment.authorId !== userId)
    throw new ForbiddenError('Only the person who wrote this comment may edit it.');
  return changeComment(db, commentId, { content, editedAt: new Date() }, false);
}

/**
 * Deletes a comment: its place stays, its text is shown to nobody. Its author may, and everyone who
 * may delete the page.
 *
 * @throws NotFoundError when there is no such comment on a page that the user may see
 * @throws ForbiddenError when the user neither wrote it nor may delete the page
 * @throws ConflictError when it is deleted already, or its page is in the trash
 */
export async function trashPageComment(
  db: Db,
  params: { userId: string; commentId: string },
): Promise<PageComment> {
  await requireModeration(db, params);
  return changeComment(db, params.commentId, { isTrashed: true, trashedAt: new Date() }, false);
}

/** Restores a deleted comment. Rights and errors are those of `trashPageComment`. */
export async function restorePageComment(
  db: Db,
  params: { userId: string; commentId: string },
): Promise<PageComment> {
  await requireModeration(db, params);
  return changeComment(db, params.commentId, { isTrashed: false, trashedAt: null }, true);
}

async function requireModeration(db: Db, params: { userId: string; commentId: string }) {
  const { userId } = params;
  const { pageId, authorId } = await requireComment(db, params);
  const right = authorId === userId ? 'canView' : 'canDelete';
  await requireLivePage(db, { userId, pageId, right });
}

async function requireComment(
  db: Db,
  { userId, commentId }: { userId: string; commentId: string },
) {
  const [comment] = await db
    .select({ pageId: pageComments.pageId, authorId: pageComments.authorId })
    .from(pageComments)
    .innerJoin(pages, eq(pages.id, pageComments.pageId))
    .where(and(eq(pageComments.id, commentId), hasPageRight(userId, 'canView')));
  if (!comment) throw new NotFoundError('There is no such comment, or you may not see its page.');
  return comment;
}

async function changeComment(
  db: Db,
  commentId: string,
  changes: Partial<PageComment>,
  fromTrash: boolean,
): Promise<PageComment> {
  const [changed] = await db
    .update(pageComments)
    .set(changes)
    .where(and(eq(pageComments.id, commentId), eq(pageComments.isTrashed, fromTrash)))
    .returning(commentDetail);
  if (!changed)
    throw new ConflictError(`This comment is ${fromTrash ? 'not' : 'already'} deleted.`);
  return changed;
}

const reply = alias(pageComments, 'reply');
const shownContent = sql<
  string | null
>`case when ${sql`${pageComments.isTrashed}`} then null else ${sql`${pageComments.content}`} end`;
const authorName = sql<
  string | null
>`(${sql`select ${users.displayName} from ${users} where ${users.id} = ${pageComments.authorId}`})`;
const replyCount = sql<number>`(${sql`select count(*)::int from ${pageComments} ${reply} where ${reply.pageId} = ${pageComments.pageId} and ${reply.parentId} = ${pageComments.id}`})`;

const oldestFirst = keyset([{ column: pageComments.createdAt }, { column: pageComments.id }]);

/** Lists the comments on a page that start a thread, oldest first, each with its reply count. */
export async function listPageComments(
  db: Db,
  params: PageRequest & { userId: string; pageId: string },
): Promise<KeysetPage<ListedComment>> {
  return listComments(
    db,
    params,
    and(eq(pageComments.pageId, params.pageId), isNull(pageComments.parentId)),
  );
}

/** Lists the replies to a comment, oldest first, each with its own reply count. */
export async function listCommentReplies(
  db: Db,
  params: PageRequest & { userId: string; pageId: string; commentId: string },
): Promise<KeysetPage<ListedComment>> {
  return listComments(
    db,
    params,
    and(eq(pageComments.pageId, params.pageId), eq(pageComments.parentId, params.commentId)),
  );
}

async function listComments(
  db: Db,
  params: PageRequest & { userId: string },
  among: SQL | undefined,
): Promise<KeysetPage<ListedComment>> {
  return listPage(oldestFirst, params, (seek) =>
    db
      .select({
        ...commentDetail,
        content: shownContent,
        authorName,
        replyCount,
        ...seek.select,
      })
      .from(pageComments)
      .innerJoin(pages, eq(pages.id, pageComments.pageId))
      .where(and(among, hasPageRight(params.userId, 'canView'), seek.where))
      // Constant, but the planner cannot infer that from IS NULL, and would sort without it.
      .orderBy(
        seek.reversed ? desc(pageComments.parentId) : asc(pageComments.parentId),
        ...seek.orderBy,
      )
      .limit(seek.limit),
  );
}

/**
 * Gives a comment with all replies to it, nested, oldest first; the first 1,000 of them by depth.
 * @throws NotFoundError when there is no such comment on a page that the user may see
 */
export async function getCommentThread(
  db: Db,
  params: { userId: string; commentId: string },
): Promise<CommentThread> {
  const { pageId } = await requireComment(db, params);
  const within = sql`${pageComments.id} in (
    with recursive thread as (
      select ${reply.id}, 0 as depth from ${pageComments} ${reply} where ${reply.id} = ${params.commentId}
      union all
      select ${reply.id}, thread.depth + 1 from thread
      join ${pageComments} ${reply} on ${reply.pageId} = ${pageId} and ${reply.parentId} = thread.id
    )
    select id from thread order by depth limit ${maxThread})`;
  const rows = await db
    .select({ ...commentDetail, content: shownContent, authorName })
    .from(pageComments)
    .where(within)
    .orderBy(pageComments.createdAt, pageComments.id)
    .limit(maxThread);
  const nodes = new Map(
    rows.map((row): [string, CommentThread] => [row.id, { ...row, replies: [] }]),
  );
  for (const node of nodes.values()) {
    if (node.parentId !== null) nodes.get(node.parentId)?.replies.push(node);
  }
  const root = nodes.get(params.commentId);
  if (!root) throw new NotFoundError('There is no such comment, or you may not see its page.');
  return root;
}
