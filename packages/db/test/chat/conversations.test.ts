import { setTimeout } from 'node:timers/promises';
import { capabilities } from '@reference/local-postgres';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  appendMessage,
  archiveConversation,
  createConversation,
  deleteMessage,
  editMessage,
  finishMessage,
  getConversation,
  interruptStaleMessages,
  listConversations,
  listMessages,
  renameConversation,
  requireConversation,
  updateStreamingMessage,
} from '../../src/queries/chat.ts';
import { conversations, messages, pagePermissions } from '../../src/schema/index.ts';
import { makeScene } from '../core/scene.ts';
import { grant } from '../core/trees.ts';
import { addPage } from '../people.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';

let workspace: Workspace;
let scene: Awaited<ReturnType<typeof makeScene>>;
let conversationId: string;
beforeAll(async () => {
  workspace = await openWorkspace();
});
afterAll(() => workspace.close());
beforeEach(async () => {
  scene = await makeScene(workspace);
  conversationId = await open(scene.owner, { type: 'GLOBAL' });
});

const invalid = { code: 'INVALID_INPUT' };
const missing = { code: 'NOT_FOUND' };
const conflict = { code: 'CONFLICT' };
type Opening = Parameters<typeof createConversation>[1]['conversation'];
const open = async (userId: string, conversation: Opening) =>
  (await createConversation(workspace.db, { userId, conversation })).id;
const say = (content: string, more: object = {}) =>
  appendMessage(workspace.db, {
    userId: scene.owner,
    message: { conversationId, role: 'user', content, ...more },
  });
const history = (userId = scene.owner, more: object = {}) =>
  listMessages(workspace.db, { userId, conversationId, ...more });
const contents = async (userId?: string) =>
  (await history(userId)).items.map(({ content }) => content);

describe('conversations', () => {
  test('have the target that fits their type', async () => {
    const { db, owner, driveId } = scene;
    const pageId = await addPage(db, driveId);
    const refuse = (conversation: object) =>
      expect(
        createConversation(db, {
          userId: owner,
          conversation: { type: 'GLOBAL', ...conversation },
        }),
      ).rejects.toMatchObject(invalid);
    await refuse({ pageId });
    await refuse({ type: 'PAGE' });
    await refuse({ type: 'PAGE', driveId });
    await refuse({ type: 'DRIVE', driveId, pageId });
    await refuse({ title: '' });
    const wrong = db.insert(conversations).values({ userId: owner, type: 'GLOBAL', pageId });
    await expect(wrong).rejects.toMatchObject({ constraint: 'conversations_target_check' });
  });

  test('are read, renamed, written in and put away by their person alone', async () => {
    const { db, owner, member } = scene;
    await say('hello');
    const theirs = { userId: member, conversationId };
    expect(await getConversation(db, theirs)).toBeUndefined();
    expect(await contents(member)).toEqual([]);
    expect((await listConversations(db, { userId: member })).items).toEqual([]);
    await expect(requireConversation(db, theirs)).rejects.toMatchObject(missing);
    await expect(renameConversation(db, { ...theirs, title: 'x' })).rejects.toMatchObject(missing);
    await expect(archiveConversation(db, theirs)).rejects.toMatchObject(missing);
    const message = { conversationId, role: 'user' as const, content: 'x' };
    await expect(appendMessage(db, { userId: member, message })).rejects.toMatchObject(missing);
    const mine = { userId: owner, conversationId };
    expect(await renameConversation(db, { ...mine, title: 'Plans' })).toMatchObject({
      title: 'Plans',
    });
    await archiveConversation(db, mine);
    expect(await contents()).toEqual([]);
    await expect(say('x')).rejects.toMatchObject(missing);
  });

  test('about a page or a drive are shown while that may be seen', async () => {
    const { db, owner, member, stranger, driveId } = scene;
    const pageId = await addPage(db, driveId);
    await expect(open(member, { type: 'PAGE', pageId })).rejects.toMatchObject(missing);
    await expect(open(stranger, { type: 'DRIVE', driveId })).rejects.toMatchObject(missing);
    await grant(db, pageId, member, ['canView']);
    const aboutPage = await open(member, { type: 'PAGE', pageId });
    const aboutDrive = await open(member, { type: 'DRIVE', driveId });
    // Times have milliseconds.
    await setTimeout(2);
    const message = { conversationId: aboutPage, role: 'assistant' as const, content: 'It says …' };
    const { id: messageId } = await appendMessage(db, { userId: member, message });
    const listed = async () =>
      (await listConversations(db, { userId: member })).items.map(({ id }) => id);
    expect(await listed()).toEqual([aboutPage, aboutDrive]);
    await db.delete(pagePermissions).where(eq(pagePermissions.pageId, pageId));
    expect(await listed()).toEqual([aboutDrive]);
    const about = { userId: member, conversationId: aboutPage };
    expect((await listMessages(db, about)).items).toEqual([]);
    await expect(
      editMessage(db, { userId: member, messageId, content: 'x' }),
    ).rejects.toMatchObject(missing);
    await expect(appendMessage(db, { userId: member, message })).rejects.toMatchObject(missing);
    expect(await getConversation(db, { userId: owner, conversationId: aboutPage })).toBeUndefined();
  });

  test('are listed with their last message, the one written in last first', async () => {
    const { db, owner } = scene;
    const others = [];
    for (let n = 0; n < 4; n++) {
      others.push(await open(owner, { type: 'GLOBAL', title: `Talk ${n}` }));
      // Times have milliseconds.
      await setTimeout(2);
    }
    await say('a question');
    const answer = await say('x'.repeat(500), { role: 'assistant' });
    const first = await listConversations(db, { userId: owner, limit: 2 });
    expect(first.items[0]).toMatchObject({
      id: conversationId,
      lastMessage: { role: 'assistant', content: 'x'.repeat(200) },
    });
    const rest = await listConversations(db, { userId: owner, limit: 10, after: first.nextCursor });
    expect([...first.items, ...rest.items].map(({ id }) => id)).toEqual([
      conversationId,
      ...others.reverse(),
    ]);
    expect(rest.items[0]?.lastMessage).toBeNull();
    const back = await listConversations(db, {
      userId: owner,
      limit: 2,
      before: rest.previousCursor,
    });
    expect(back.items).toEqual(first.items);
    await deleteMessage(db, { userId: owner, messageId: answer.id });
    const [again] = (await listConversations(db, { userId: owner, limit: 1 })).items;
    expect(again?.lastMessage).toEqual({ role: 'user', content: 'a question' });
  });
});

describe('messages', () => {
  test('keep tool calls; an edit is a new version in the same place', async () => {
    const { db, owner, member } = scene;
    const toolCalls = [{ id: 'c1', name: 'search', arguments: { words: 'apples' } }];
    await say('one');
    const two = await say('two');
    await say('three', {
      role: 'assistant',
      toolCalls,
      toolResults: [{ callId: 'c1', result: [1] }],
    });
    const edited = await editMessage(db, { userId: owner, messageId: two.id, content: 'TWO' });
    expect(edited.id).not.toBe(two.id);
    expect(await contents()).toEqual(['three', 'TWO', 'one']);
    const [latest] = (await history()).items;
    expect(latest).toMatchObject({
      toolCalls,
      toolResults: [{ callId: 'c1', result: [1] }],
      userId: null,
    });
    const old = await db
      .select({ isActive: messages.isActive })
      .from(messages)
      .where(eq(messages.id, two.id));
    expect(old).toEqual([{ isActive: false }]);
    const again = { userId: owner, messageId: two.id };
    await expect(editMessage(db, { ...again, content: 'x' })).rejects.toMatchObject(conflict);
    await expect(deleteMessage(db, again)).rejects.toMatchObject(conflict);
    await expect(deleteMessage(db, { userId: member, messageId: edited.id })).rejects.toMatchObject(
      missing,
    );
    await expect(say('a\0b')).rejects.toMatchObject(invalid);
    await expect(say('x', { role: 'robot' })).rejects.toMatchObject(invalid);
  });

  test('history goes both ways', async () => {
    for (let n = 0; n < 8; n++) await say(`${n}`);
    const first = await history(undefined, { limit: 3 });
    const second = await history(undefined, { limit: 3, after: first.nextCursor });
    expect(second.items.map(({ content }) => content)).toEqual(['4', '3', '2']);
    const back = await history(undefined, { limit: 3, before: second.previousCursor });
    expect(back.items).toEqual(first.items);
  });

  test('stream, and end once, whatever else streams', async () => {
    const { db, owner, member } = scene;
    const { id: other } = await say('other', { role: 'assistant', status: 'STREAMING' });
    const { id: messageId } = await say('', { role: 'assistant', status: 'STREAMING' });
    await updateStreamingMessage(db, { userId: owner, messageId, written: { content: 'so f' } });
    const written = (await history()).items.find(({ id }) => id === messageId);
    expect(written).toMatchObject({ status: 'STREAMING', content: 'so f' });
    const end = { messageId, status: 'COMPLETE' as const, written: { content: 'so far' } };
    await expect(finishMessage(db, { ...end, userId: member })).rejects.toMatchObject(missing);
    await expect(editMessage(db, { userId: owner, messageId, content: 'x' })).rejects.toMatchObject(
      conflict,
    );
    expect(await finishMessage(db, { ...end, userId: owner })).toMatchObject({
      status: 'COMPLETE',
      content: 'so far',
    });
    await expect(finishMessage(db, { ...end, userId: owner })).rejects.toMatchObject(conflict);
    const late = { userId: owner, messageId, written: { content: 'later' } };
    await expect(updateStreamingMessage(db, late)).rejects.toMatchObject(conflict);
    expect((await contents()).toSorted()).toEqual(['other', 'so far']);
    const streaming = (await history()).items.filter(({ status }) => status === 'STREAMING');
    expect(streaming).toMatchObject([{ id: other, content: 'other' }]);
  });

  test('that nobody writes any more are interrupted', async () => {
    const { db } = scene;
    const { id } = await say('half an ans', { role: 'assistant', status: 'STREAMING' });
    expect(await interruptStaleMessages(db)).toBe(0);
    await db.execute(
      sql`update messages set "updatedAt" = now() - interval '2 minutes' where id = ${id}`,
    );
    expect(await interruptStaleMessages(db)).toBe(1);
    expect((await history()).items[0]).toMatchObject({
      status: 'INTERRUPTED',
      content: 'half an ans',
    });
  });

  test.skipIf(!capabilities.concurrency)(
    'of many who end or edit one at once, one succeeds',
    async () => {
      const { db, owner } = scene;
      const { id: messageId } = await say('', { role: 'assistant', status: 'STREAMING' });
      const statuses = ['COMPLETE', 'INTERRUPTED', 'COMPLETE', 'INTERRUPTED'] as const;
      const ends = await Promise.allSettled(
        statuses.map((status) => finishMessage(db, { userId: owner, messageId, status })),
      );
      expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const edits = await Promise.allSettled(
        ['a', 'b', 'c', 'd'].map((content) =>
          editMessage(db, { userId: owner, messageId, content }),
        ),
      );
      expect(edits.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await contents()).toHaveLength(1);
    },
  );

  test('of one moment are each later than the one before', async () => {
    const { db } = workspace;
    // No clock comes near it: each message can be later only than the last one.
    const last = new Date(Date.now() + 3_600_000);
    await db
      .update(conversations)
      .set({ lastMessageAt: last })
      .where(eq(conversations.id, conversationId));
    const times: number[] = [];
    for (const content of ['one', 'two', 'three'])
      times.push((await say(content)).createdAt.getTime() - last.getTime());
    expect(times).toEqual([1, 2, 3]);
  });

  test.skipIf(!capabilities.concurrency)(
    'written at once have an order, in which none appears behind one that was read',
    async () => {
      const met: string[] = [];
      let writing = true;
      const reader = (async () => {
        for (;;) {
          const last = !writing;
          const { items } = await history(undefined, { limit: 200 });
          const fresh = items.filter(({ id }) => !met.includes(id));
          // Only at the head: what is new comes before everything met.
          expect(items.slice(0, fresh.length)).toEqual(fresh);
          met.push(...fresh.map(({ id }) => id));
          if (last) return;
        }
      })();
      await Promise.all(
        Array.from({ length: 6 }, async (_, writer) => {
          for (let n = 0; n < 6; n++) await say(`${writer} ${n}`);
        }),
      );
      writing = false;
      await reader;
      expect(met).toHaveLength(36);
    },
  );
});
