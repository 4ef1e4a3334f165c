import { ConflictError, ForbiddenError, InvalidInputError, NotFoundError } from '@reference/kit';
import { capabilities } from '@reference/local-postgres';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  appendChatMessage,
  deleteChatMessage,
  editChatMessage,
  listChatMessages,
  trashPage,
} from '../../src/queries/core.ts';
import { chatMessages } from '../../src/schema/index.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';
import { makeScene } from './scene.ts';
import { addPages, grant } from './trees.ts';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await openWorkspace();
});
afterAll(() => workspace.close());

async function chat(contents: readonly string[] = []) {
  const scene = await makeScene(workspace);
  const { db, owner, driveId } = scene;
  const [pageId = ''] = await addPages(db, driveId, ['chat']);
  const ids: string[] = [];
  for (const content of contents) {
    const message = { pageId, role: 'user' as const, content };
    ids.push((await appendChatMessage(db, { userId: owner, message })).id);
  }
  const history = async (userId = owner, more: object = {}) =>
    listChatMessages(db, { userId, pageId, ...more });
  const contentsSeen = async (userId = owner) =>
    (await history(userId)).items.map(({ content }) => content);
  return { ...scene, pageId, ids, history, contentsSeen };
}

test('keeps tool calls and answers, and an author for people only', async () => {
  const { db, owner, pageId, history } = await chat();
  const toolCalls = [
    { id: 'c1', name: 'search', arguments: { words: 'apples', deep: { n: [1, null] } } },
  ];
  const toolResults = [{ callId: 'c1', result: { hits: 3 } }];
  await appendChatMessage(db, { userId: owner, message: { pageId, role: 'user', content: 'q' } });
  await appendChatMessage(db, {
    userId: owner,
    message: {
      pageId,
      role: 'assistant',
      content: 'a',
      toolCalls,
      toolResults,
      agentRole: 'WRITER',
    },
  });
  const { items } = await history();
  expect(items.map(({ role, userId }) => [role, userId])).toEqual([
    ['assistant', null],
    ['user', owner],
  ]);
  expect(items[0]).toMatchObject({ toolCalls, toolResults, agentRole: 'WRITER', isActive: true });
});

test('an edit is a new version in the same place', async () => {
  const { db, owner, pageId, ids, contentsSeen } = await chat(['one', 'two', 'three']);
  const edited = await editChatMessage(db, {
    userId: owner,
    messageId: ids[1] ?? '',
    content: 'TWO',
  });
  expect(edited.editedAt).toBeInstanceOf(Date);
  expect(await contentsSeen()).toEqual(['three', 'TWO', 'one']);
  const stored = await db
    .select({ content: chatMessages.content, isActive: chatMessages.isActive })
    .from(chatMessages)
    .where(eq(chatMessages.pageId, pageId));
  expect(stored).toContainEqual({ content: 'two', isActive: false });
  const again = editChatMessage(db, { userId: owner, messageId: ids[1] ?? '', content: 'x' });
  await expect(again).rejects.toThrow(ConflictError);
  await deleteChatMessage(db, { userId: owner, messageId: edited.id });
  expect(await contentsSeen()).toEqual(['three', 'one']);
});

test.skipIf(!capabilities.concurrency)('of many edits at once one wins', async () => {
  const { db, owner, ids, contentsSeen } = await chat(['one']);
  const results = await Promise.allSettled(
    Array.from({ length: 8 }, (_, n) =>
      editChatMessage(db, { userId: owner, messageId: ids[0] ?? '', content: `${n}` }),
    ),
  );
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(await contentsSeen()).toHaveLength(1);
});

test('history goes both ways over messages of one millisecond', async () => {
  const { db, pageId, history } = await chat();
  const createdAt = new Date('2026-01-02T03:04:05.678Z');
  await db.insert(chatMessages).values(
    Array.from({ length: 11 }, (_, n) => ({
      pageId,
      role: 'assistant' as const,
      content: `${n}`,
      createdAt: n < 9 ? createdAt : new Date(createdAt.getTime() + n),
    })),
  );
  const seen: string[] = [];
  let page = await history(undefined, { limit: 3 });
  const first = page;
  for (;;) {
    seen.push(...page.items.map(({ id }) => id));
    if (!page.nextCursor) break;
    page = await history(undefined, { limit: 3, after: page.nextCursor });
  }
  expect(seen).toHaveLength(11);
  expect(new Set(seen).size).toBe(11);
  while (page.previousCursor)
    page = await history(undefined, { limit: 3, before: page.previousCursor });
  expect(page.items).toEqual(first.items);
});

test('is read by who may view, written by who may edit', async () => {
  const { db, owner, member, stranger, pageId, ids, contentsSeen } = await chat(['one']);
  const message = { pageId, role: 'user' as const, content: 'hello' };
  expect(await contentsSeen(member)).toEqual([]);
  await expect(appendChatMessage(db, { userId: stranger, message })).rejects.toThrow(NotFoundError);
  await grant(db, pageId, member, ['canView']);
  expect(await contentsSeen(member)).toEqual(['one']);
  expect(await contentsSeen(stranger)).toEqual([]);
  await expect(appendChatMessage(db, { userId: member, message })).rejects.toThrow(ForbiddenError);
  await grant(db, pageId, member, ['canView', 'canEdit']);
  await appendChatMessage(db, { userId: member, message });
  const edit = (userId: string) =>
    editChatMessage(db, { userId, messageId: ids[0] ?? '', content: 'mine' });
  await expect(edit(member)).rejects.toThrow(ForbiddenError);
  await expect(edit(stranger)).rejects.toThrow(NotFoundError);
  await trashPage(db, { userId: owner, pageId });
  await expect(appendChatMessage(db, { userId: owner, message })).rejects.toThrow(ConflictError);
});

test('refuses wrong roles, oversized tool calls and NUL, and stores nothing', async () => {
  const { db, owner, pageId, contentsSeen } = await chat();
  const append = (values: object) =>
    appendChatMessage(db, {
      userId: owner,
      message: { pageId, role: 'user', content: 'x', ...values },
    });
  await expect(append({ role: 'robot' })).rejects.toThrow(InvalidInputError);
  await expect(append({ content: 'a\0b' })).rejects.toThrow(/NUL/);
  await expect(append({ messageType: 'poem' })).rejects.toThrow(InvalidInputError);
  await expect(append({ userId: 'someone else' })).rejects.toThrow(InvalidInputError);
  const call = (text: string) => [{ id: '1', name: 'n', arguments: { text } }];
  await expect(append({ toolCalls: call('x'.repeat(300_000)) })).rejects.toThrow(/at most/);
  await expect(append({ toolCalls: call('a\0b') })).rejects.toThrow(/NUL/);
  await expect(append({ toolCalls: [{ name: 'no id' }] })).rejects.toThrow(/toolCalls.0.id/);
  expect(await contentsSeen()).toEqual([]);
});
