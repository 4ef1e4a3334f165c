import { ConflictError, ForbiddenError, InvalidInputError, NotFoundError } from '@reference/kit';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type CommentThread,
  createPageComment,
  editPageComment,
  getCommentThread,
  listCommentReplies,
  listPageComments,
  restorePageComment,
  trashPage,
  trashPageComment,
} from '../../src/queries/core.ts';
import { pageComments } from '../../src/schema/index.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';
import { makeScene } from './scene.ts';
import { addPages, grant } from './trees.ts';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await openWorkspace();
});
afterAll(() => workspace.close());

async function discussion() {
  const scene = await makeScene(workspace);
  const { db, owner, member, driveId } = scene;
  const [pageId = '', otherPage = ''] = await addPages(db, driveId, ['page', 'other']);
  await grant(db, pageId, member, ['canView']);
  const say = async (userId: string, content: string, parentId: string | null = null) =>
    (await createPageComment(db, { userId, pageId, content, parentId })).id;
  const first = await say(owner, 'first');
  const reply = await say(member, 'reply', first);
  const deeper = await say(owner, 'deeper', reply);
  const second = await say(member, 'second');
  return { ...scene, pageId, otherPage, say, first, reply, deeper, second };
}

const outline = ({ content, replies }: CommentThread): string =>
  `${content}${replies.length ? `(${replies.map(outline).join(' ')})` : ''}`;

test('threads nest, and lists go level by level', async () => {
  const { db, owner, pageId, first, reply, say } = await discussion();
  await say(owner, 'another', first);
  expect(outline(await getCommentThread(db, { userId: owner, commentId: first }))).toBe(
    'first(reply(deeper) another)',
  );
  const top = await listPageComments(db, { userId: owner, pageId, limit: 1 });
  expect(top.items.map(({ content, replyCount }) => [content, replyCount])).toEqual([['first', 2]]);
  const rest = await listPageComments(db, { userId: owner, pageId, after: top.nextCursor });
  expect(rest.items.map(({ content }) => content)).toEqual(['second']);
  const replies = await listCommentReplies(db, { userId: owner, pageId, commentId: reply });
  expect(replies.items.map(({ content }) => content)).toEqual(['deeper']);
});

test('the replies of a thread stand in the order of time, whatever their ids', async () => {
  const { db, owner, first, say } = await discussion();
  const ids: string[] = [];
  for (const content of ['2', '3', '4', '5']) ids.push(await say(owner, content, first));
  const byId = ids.toSorted((a, b) => (a < b ? 1 : -1));
  for (const [hours, id] of byId.entries()) {
    await db
      .update(pageComments)
      .set({ createdAt: new Date(Date.UTC(2030, 0, 1, hours)), content: `${hours}` })
      .where(eq(pageComments.id, id));
  }
  expect(outline(await getCommentThread(db, { userId: owner, commentId: first }))).toBe(
    'first(reply(deeper) 0 1 2 3)',
  );
});

test('a deleted comment keeps its place and hides its text', async () => {
  const { db, owner, member, stranger, first, reply } = await discussion();
  const remove = (userId: string, commentId: string) => trashPageComment(db, { userId, commentId });
  await expect(remove(member, first)).rejects.toThrow(ForbiddenError);
  await expect(remove(stranger, first)).rejects.toThrow(NotFoundError);
  await remove(owner, reply);
  expect(outline(await getCommentThread(db, { userId: member, commentId: first }))).toBe(
    'first(null(deeper))',
  );
  await expect(remove(owner, reply)).rejects.toThrow(
    new ConflictError('This comment is already deleted.'),
  );
  await expect(
    editPageComment(db, { userId: member, commentId: reply, content: 'x' }),
  ).rejects.toThrow(ConflictError);
  expect((await restorePageComment(db, { userId: member, commentId: reply })).content).toBe(
    'reply',
  );
  await expect(restorePageComment(db, { userId: member, commentId: reply })).rejects.toThrow(
    new ConflictError('This comment is not deleted.'),
  );
});

test('people edit their own only', async () => {
  const { db, owner, member, reply } = await discussion();
  const edit = (userId: string) =>
    editPageComment(db, { userId, commentId: reply, content: 'better' });
  await expect(edit(owner)).rejects.toThrow(ForbiddenError);
  expect(await edit(member)).toMatchObject({ content: 'better', editedAt: expect.any(Date) });
});

test('a reply answers a live comment of the same page', async () => {
  const { db, owner, otherPage, first, say } = await discussion();
  const elsewhere = createPageComment(db, {
    userId: owner,
    pageId: otherPage,
    content: 'x',
    parentId: first,
  });
  await expect(elsewhere).rejects.toThrow(/not on this page/);
  await expect(say(owner, 'x', 'unknown')).rejects.toThrow(InvalidInputError);
  await expect(say(owner, '  ')).rejects.toThrow(InvalidInputError);
  await expect(say(owner, 'a\0b')).rejects.toThrow(/NUL/);
  const raw = db
    .insert(pageComments)
    .values({ pageId: otherPage, authorId: owner, content: 'x', parentId: first });
  await expect(raw).rejects.toMatchObject({ constraint: 'page_comments_pageId_parentId_fkey' });
  await trashPageComment(db, { userId: owner, commentId: first });
  await expect(say(owner, 'x', first)).rejects.toThrow(ConflictError);
});

test('nothing reaches or comes from a person who may not view the page', async () => {
  const { db, owner, member, stranger, pageId, first, say } = await discussion();
  const params = { userId: stranger, pageId };
  expect((await listPageComments(db, params)).items).toEqual([]);
  expect((await listCommentReplies(db, { ...params, commentId: first })).items).toEqual([]);
  await expect(getCommentThread(db, { userId: stranger, commentId: first })).rejects.toThrow(
    NotFoundError,
  );
  await expect(say(stranger, 'x')).rejects.toThrow(NotFoundError);
  await trashPage(db, { userId: owner, pageId });
  expect((await listPageComments(db, { userId: member, pageId })).items).toEqual([]);
  await expect(say(owner, 'x')).rejects.toThrow(ConflictError);
});
