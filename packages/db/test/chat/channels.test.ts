import { capabilities } from '@reference/local-postgres';
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Db } from '../../src/database.ts';
import {
  addReaction,
  appendChannelMessage,
  countUnreadInChannels,
  deleteChannelMessage,
  editChannelMessage,
  listChannelMessages,
  listenToChannels,
  listThreadReplies,
  markChannelRead,
  removeReaction,
} from '../../src/queries/chat.ts';
import { trashPage } from '../../src/queries/core.ts';
import { channelMessages } from '../../src/schema/index.ts';
import { makeScene } from '../core/scene.ts';
import { grant } from '../core/trees.ts';
import { addPage } from '../people.ts';
import { whileOpen } from '../racers.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';

let workspace: Workspace;
let scene: Awaited<ReturnType<typeof makeScene>>;
let pageId: string;
beforeAll(async () => {
  workspace = await openWorkspace();
});
afterAll(() => workspace.close());
beforeEach(async () => {
  scene = await makeScene(workspace);
  pageId = await addPage(scene.db, scene.driveId, 'CHANNEL');
  await grant(scene.db, pageId, scene.member, ['canView', 'canEdit']);
});

const invalid = { code: 'INVALID_INPUT' };
const missing = { code: 'NOT_FOUND' };
const forbidden = { code: 'FORBIDDEN' };
const conflict = { code: 'CONFLICT' };
const write = (userId: string, content: string, parentId: string | null = null) =>
  appendChannelMessage(workspace.db, { userId, message: { pageId, content, parentId } });
const read = (userId: string, more: object = {}) =>
  listChannelMessages(workspace.db, { userId, pageId, ...more });
const seenBy = async (userId: string) => (await read(userId)).items.map(({ content }) => content);
const repliesSeenBy = async (userId: string, messageId: string) => {
  const { items } = await listThreadReplies(workspace.db, { userId, pageId, messageId });
  return items.map(({ content }) => content);
};
const unreadOf = async (userId: string) =>
  (await countUnreadInChannels(workspace.db, { userId })).find((entry) => entry.pageId === pageId)
    ?.unread;

describe('writing', () => {
  test('takes the right to edit; who may view reads; a stranger gets nothing', async () => {
    const { db, owner, member, stranger } = scene;
    const { id } = await write(owner, 'hello');
    await write(member, 'hi');
    expect(await seenBy(member)).toEqual(['hi', 'hello']);
    expect(await seenBy(stranger)).toEqual([]);
    await expect(write(stranger, 'x')).rejects.toMatchObject(missing);
    await expect(
      addReaction(db, { userId: stranger, messageId: id, emoji: '👍' }),
    ).rejects.toMatchObject(missing);
    await expect(
      deleteChannelMessage(db, { userId: stranger, messageId: id }),
    ).rejects.toMatchObject(missing);
    await expect(markChannelRead(db, { userId: stranger, pageId })).rejects.toMatchObject(missing);
    await grant(db, pageId, member, ['canView']);
    await expect(write(member, 'x')).rejects.toMatchObject(forbidden);
    await grant(db, pageId, member, ['canView'], new Date(Date.now() - 1000));
    expect(await seenBy(member)).toEqual([]);
    await expect(
      editChannelMessage(db, { userId: member, messageId: id, content: 'x' }),
    ).rejects.toMatchObject(missing);
  });

  test('only in channels, outside the trash', async () => {
    const { db, owner, driveId } = scene;
    const document = await addPage(db, driveId);
    const message = { pageId: document, content: 'x' };
    await expect(appendChannelMessage(db, { userId: owner, message })).rejects.toMatchObject(
      invalid,
    );
    await expect(write(owner, '  ')).rejects.toMatchObject(invalid);
    await expect(write(owner, 'a\0b')).rejects.toMatchObject(invalid);
    await trashPage(db, { userId: owner, pageId });
    await expect(write(owner, 'x')).rejects.toMatchObject(conflict);
  });

  test('an edit keeps the id, place, replies and reactions, and leaves the former text inactive', async () => {
    const { db, owner, member } = scene;
    const { id } = await write(owner, 'on Tusday');
    await write(owner, 'second');
    await write(member, 'reply', id);
    await addReaction(db, { userId: member, messageId: id, emoji: '👍' });
    const edited = await editChannelMessage(db, {
      userId: owner,
      messageId: id,
      content: 'on Tuesday',
    });
    expect(edited).toMatchObject({ id, content: 'on Tuesday', isActive: true });
    const { items } = await read(member);
    expect(items.map(({ content }) => content)).toEqual(['second', 'on Tuesday']);
    expect(items[1]).toMatchObject({
      id,
      replyCount: 1,
      reactions: [{ emoji: '👍', count: 1, mine: true }],
    });
    expect(items[1]?.editedAt).toBeInstanceOf(Date);
    const former = await db
      .select({ content: channelMessages.content })
      .from(channelMessages)
      .where(and(eq(channelMessages.pageId, pageId), eq(channelMessages.isActive, false)));
    expect(former).toEqual([{ content: 'on Tusday' }]);
    await expect(
      editChannelMessage(db, { userId: member, messageId: id, content: 'mine' }),
    ).rejects.toMatchObject(forbidden);
  });

  test('is deleted by its author and by who may delete the page, once', async () => {
    const { db, owner, member } = scene;
    const { id } = await write(member, 'one');
    const { id: other } = await write(owner, 'two');
    await expect(
      deleteChannelMessage(db, { userId: member, messageId: other }),
    ).rejects.toMatchObject(forbidden);
    await deleteChannelMessage(db, { userId: owner, messageId: id });
    expect(await seenBy(member)).toEqual(['two']);
    const again = { userId: member, messageId: id };
    await expect(deleteChannelMessage(db, again)).rejects.toMatchObject(conflict);
    await expect(editChannelMessage(db, { ...again, content: 'x' })).rejects.toMatchObject(
      conflict,
    );
    await expect(addReaction(db, { ...again, emoji: '👍' })).rejects.toMatchObject(conflict);
  });
});

describe('threads', () => {
  test('hold replies of one level, in the same channel', async () => {
    const { db, owner, member, stranger, driveId } = scene;
    const { id } = await write(owner, 'question');
    const { id: replyId } = await write(member, 'answer', id);
    await write(owner, 'thanks', id);
    expect(await seenBy(owner)).toEqual(['question']);
    expect(await repliesSeenBy(member, id)).toEqual(['answer', 'thanks']);
    expect(await repliesSeenBy(stranger, id)).toEqual([]);
    expect((await read(owner)).items[0]).toMatchObject({
      replyCount: 2,
      lastReplyAt: expect.any(Date),
    });
    await expect(write(owner, 'x', replyId)).rejects.toMatchObject(invalid);
    const elsewhere = await addPage(db, driveId, 'CHANNEL');
    await expect(
      appendChannelMessage(db, {
        userId: owner,
        message: { pageId: elsewhere, content: 'x', parentId: id },
      }),
    ).rejects.toMatchObject(invalid);
    await deleteChannelMessage(db, { userId: owner, messageId: id });
    expect(await repliesSeenBy(member, id)).toEqual([]);
    await expect(write(owner, 'x', id)).rejects.toMatchObject(conflict);
  });

  test('go with their first message, so nothing that nobody sees counts as unread', async () => {
    const { db, owner, member } = scene;
    const { id: kept } = await write(owner, 'kept');
    const { id: messageId } = await write(owner, 'question');
    const { id: replyId } = await write(owner, 'more', messageId);
    expect(await unreadOf(member)).toBe(3);
    await deleteChannelMessage(db, { userId: owner, messageId });
    expect(await unreadOf(member)).toBe(1);
    await markChannelRead(db, { userId: member, pageId, messageId: kept });
    expect(await unreadOf(member)).toBe(0);
    await expect(
      editChannelMessage(db, { userId: owner, messageId: replyId, content: 'x' }),
    ).rejects.toMatchObject(conflict);
  });

  test('and channels page both ways without a gap', async () => {
    const { owner } = scene;
    const { id } = await write(owner, 'first');
    for (let n = 0; n < 7; n++) await write(owner, `reply ${n}`, id);
    for (let n = 0; n < 7; n++) await write(owner, `message ${n}`);
    const first = await read(owner, { limit: 3 });
    let page = first;
    const seen = page.items.map(({ content }) => content);
    while (page.nextCursor) {
      page = await read(owner, { limit: 3, after: page.nextCursor });
      seen.push(...page.items.map(({ content }) => content));
    }
    expect(seen).toEqual([6, 5, 4, 3, 2, 1, 0].map((n) => `message ${n}`).concat('first'));
    while (page.previousCursor) page = await read(owner, { limit: 3, before: page.previousCursor });
    expect(page.items).toEqual(first.items);
    const thread = (more: object) =>
      listThreadReplies(workspace.db, { userId: owner, pageId, messageId: id, limit: 4, ...more });
    const one = await thread({});
    const two = await thread({ after: one.nextCursor });
    expect([...one.items, ...two.items].map(({ content }) => content)).toEqual(
      [0, 1, 2, 3, 4, 5, 6].map((n) => `reply ${n}`),
    );
    expect((await thread({ before: two.previousCursor })).items).toEqual(one.items);
  });
});

test('reactions are counted by kind, in the order in which they came', async () => {
  const { db, owner, member } = scene;
  const { id: messageId } = await write(owner, 'done');
  await addReaction(db, { userId: member, messageId, emoji: '🎉' });
  await addReaction(db, { userId: owner, messageId, emoji: '🎉' });
  await addReaction(db, { userId: owner, messageId, emoji: '🎉' });
  await addReaction(db, { userId: member, messageId, emoji: '👍' });
  const reactions = async (userId: string) => (await read(userId)).items[0]?.reactions;
  expect(await reactions(owner)).toEqual([
    { emoji: '🎉', count: 2, mine: true },
    { emoji: '👍', count: 1, mine: false },
  ]);
  await removeReaction(db, { userId: member, messageId, emoji: '🎉' });
  await removeReaction(db, { userId: member, messageId, emoji: '🎉' });
  expect((await reactions(member))?.[0]).toEqual({ emoji: '🎉', count: 1, mine: false });
  await expect(addReaction(db, { userId: owner, messageId, emoji: 'ok' })).rejects.toMatchObject(
    invalid,
  );
});

describe('unread', () => {
  test('counts what others wrote since, replies too, in every channel that one may see', async () => {
    const { db, owner, member, stranger, driveId } = scene;
    const quiet = await addPage(db, driveId, 'CHANNEL');
    await addPage(db, driveId);
    const { id } = await write(owner, 'one');
    await write(owner, 'two', id);
    await write(member, 'mine');
    expect(await unreadOf(member)).toBe(2);
    expect(await unreadOf(owner)).toBe(1);
    expect(await countUnreadInChannels(db, { userId: member, driveId })).toEqual([
      { pageId, unread: 2 },
    ]);
    const ofOwner = await countUnreadInChannels(db, { userId: owner, driveId });
    expect(ofOwner.sort((a, b) => b.unread - a.unread)).toEqual([
      { pageId, unread: 1 },
      { pageId: quiet, unread: 0 },
    ]);
    expect(await countUnreadInChannels(db, { userId: stranger })).toEqual([]);
    await deleteChannelMessage(db, { userId: owner, messageId: id });
    expect(await unreadOf(member)).toBe(0);
  });

  test('is marked up to a message or to the latest, and never goes back', async () => {
    const { db, owner, member, driveId } = scene;
    const { id: first } = await write(owner, 'one');
    const { id: second } = await write(owner, 'two');
    await write(owner, 'three');
    const mark = (messageId?: string) =>
      markChannelRead(db, { userId: member, pageId, ...(messageId && { messageId }) });
    await mark(second);
    expect(await unreadOf(member)).toBe(1);
    await mark(first);
    expect(await unreadOf(member)).toBe(1);
    await mark();
    expect(await unreadOf(member)).toBe(0);
    await write(owner, 'four');
    expect(await unreadOf(member)).toBe(1);
    await expect(mark('no such message')).rejects.toMatchObject(missing);
    const empty = await addPage(db, driveId, 'CHANNEL');
    await markChannelRead(db, { userId: owner, pageId: empty });
    await appendChannelMessage(db, { userId: owner, message: { pageId: empty, content: 'x' } });
  });

  test.skipIf(!capabilities.concurrency)(
    'nothing is lost when many write and one reads and marks at the same time',
    async () => {
      const { db, owner, member } = scene;
      const seen = new Set<string>();
      const readAll = async () => {
        const { items } = await read(member, { limit: 200 });
        const [latest] = items;
        if (!latest) return;
        for (const { id } of items) seen.add(id);
        await markChannelRead(db, { userId: member, pageId, messageId: latest.id });
      };
      const writers = Array.from({ length: 8 }, async (_, writer) => {
        for (let n = 0; n < 8; n++) await write(owner, `${writer} ${n}`);
      });
      let writing = true;
      const reader = (async () => {
        while (writing) {
          await readAll();
          // Every message that is not unread was seen: none was committed behind one that was read.
          const { items } = await read(member, { limit: 200 });
          const unread = (await unreadOf(member)) ?? 0;
          expect(items.slice(unread).every(({ id }) => seen.has(id) || unread > 0)).toBe(true);
        }
      })();
      await Promise.all(writers);
      writing = false;
      await reader;
      const { items } = await read(member, { limit: 200 });
      const unread = (await unreadOf(member)) ?? 0;
      expect(items.slice(unread).filter(({ id }) => !seen.has(id))).toEqual([]);
      const moments = items.map(({ createdAt }) => createdAt.getTime());
      expect(new Set(moments).size).toBe(64);
    },
  );
});

test.skipIf(!capabilities.concurrency)(
  'a reaction to a message that is being deleted waits, and is refused',
  async () => {
    const { owner } = scene;
    const { id: messageId } = await write(owner, 'x');
    const { later } = await whileOpen(
      workspace,
      (tx) => deleteChannelMessage(tx, { userId: owner, messageId }),
      (db) => addReaction(db, { userId: owner, messageId, emoji: '👍' }),
    );
    await expect(later[0]?.outcome).rejects.toMatchObject(conflict);
  },
);

test.skipIf(!capabilities.concurrency)(
  'a reply to a message that is being deleted waits, and is refused; the other way round both go',
  async () => {
    const { db, owner, member } = scene;
    const [one, other] = [await write(owner, 'one'), await write(owner, 'other')];
    const remove = (messageId: string) => (handle: Db) =>
      deleteChannelMessage(handle, { userId: owner, messageId });
    const reply = (parentId: string) => (handle: Db) =>
      appendChannelMessage(handle, { userId: owner, message: { pageId, content: 'x', parentId } });
    const late = await whileOpen<unknown, unknown>(workspace, remove(one.id), reply(one.id));
    await expect(late.later[0]?.outcome).rejects.toMatchObject(conflict);
    const early = await whileOpen<unknown, unknown>(workspace, reply(other.id), remove(other.id));
    await early.later[0]?.outcome;
    const left = await db
      .select({ id: channelMessages.id })
      .from(channelMessages)
      .where(and(eq(channelMessages.pageId, pageId), eq(channelMessages.isActive, true)));
    expect([left, await unreadOf(member)]).toEqual([[], 0]);
  },
);

test.skipIf(!capabilities.concurrency)(
  'of many edits at once each leaves its former text',
  async () => {
    const { db, owner } = scene;
    const { id } = await write(owner, 'text 0');
    await Promise.all(
      Array.from({ length: 6 }, (_, n) =>
        editChannelMessage(db, { userId: owner, messageId: id, content: `text ${n + 1}` }),
      ),
    );
    const rows = await db
      .select({ content: channelMessages.content, isActive: channelMessages.isActive })
      .from(channelMessages)
      .where(eq(channelMessages.pageId, pageId));
    expect(rows.map(({ content }) => content).sort()).toEqual(
      Array.from({ length: 7 }, (_, n) => `text ${n}`),
    );
    expect(rows.filter(({ isActive }) => isActive)).toHaveLength(1);
  },
);

test.skipIf(!capabilities.concurrency)(
  'listeners hear of a message when it is committed, and not before',
  async () => {
    const { db, owner } = scene;
    const heard: string[] = [];
    const stop = await listenToChannels(workspace, { onChange: (id) => heard.push(id) });
    await db
      .transaction(async (tx) => {
        await appendChannelMessage(tx, { userId: owner, message: { pageId, content: 'never' } });
        throw new Error('rolled back');
      })
      .catch(() => {});
    const { id: messageId } = await write(owner, 'now');
    await addReaction(db, { userId: owner, messageId, emoji: '👍' });
    await expect.poll(() => heard).toEqual([pageId, pageId]);
    await stop();
  },
);
