import { capabilities } from '@reference/local-postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { listNotifications } from '../../src/queries/notifications.ts';
import {
  acceptConnection,
  blockUser,
  getConnection,
  getProfile,
  listConnections,
  listDirectConversations,
  listDirectMessages,
  markConversationRead,
  rejectConnection,
  removeConnection,
  requestConnection,
  sendDirectMessage,
  trashDirectMessage,
  unblockUser,
  upsertProfile,
} from '../../src/queries/social.ts';
import { addUser } from '../people.ts';
import { whileOpen } from '../racers.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';

let workspace: Workspace;
let ada: string;
let lin: string;
let max: string;
beforeAll(async () => {
  workspace = await openWorkspace();
});
afterAll(() => workspace.close());
beforeEach(async () => {
  const { db } = workspace;
  [ada, lin, max] = [await addUser(db), await addUser(db), await addUser(db)];
});

const invalid = { code: 'INVALID_INPUT' };
const missing = { code: 'NOT_FOUND' };
const forbidden = { code: 'FORBIDDEN' };
const conflict = { code: 'CONFLICT' };
const between = (userId: string, otherId: string) => ({ userId, otherId });
const statusOf = async (userId: string, otherId: string) =>
  (await getConnection(workspace.db, { userId, otherId }))?.status;
const request = (userId: string, otherId: string) =>
  requestConnection(workspace.db, { userId, otherId });
const accept = (userId: string, otherId: string) =>
  acceptConnection(workspace.db, { userId, otherId });
const block = (userId: string, otherId: string) => blockUser(workspace.db, { userId, otherId });
async function connect(one: string, other: string) {
  await request(one, other);
  await accept(other, one);
}
const toldTo = async (userId: string) =>
  (await listNotifications(workspace.db, { userId })).items.map(({ type }) => type);

describe('connections', () => {
  test('a request is accepted by the other only, and both are told', async () => {
    expect(await request(ada, lin)).toEqual({ status: 'PENDING' });
    await expect(request(ada, lin)).rejects.toMatchObject(conflict);
    await expect(accept(ada, lin)).rejects.toMatchObject(missing);
    await expect(accept(max, ada)).rejects.toMatchObject(missing);
    await accept(lin, ada);
    expect(await statusOf(lin, ada)).toBe('ACCEPTED');
    await expect(request(lin, ada)).rejects.toMatchObject(conflict);
    expect(await toldTo(lin)).toEqual(['CONNECTION_REQUEST']);
    expect(await toldTo(ada)).toEqual(['CONNECTION_ACCEPTED']);
  });

  test('a rejected request leaves nothing, and may be made again', async () => {
    const { db } = workspace;
    await request(ada, lin);
    await expect(rejectConnection(db, between(ada, lin))).rejects.toMatchObject(missing);
    await rejectConnection(db, between(lin, ada));
    expect(await statusOf(ada, lin)).toBeUndefined();
    expect(await toldTo(ada)).toEqual(['CONNECTION_REJECTED']);
    await request(ada, lin);
    await removeConnection(db, between(ada, lin));
    await expect(removeConnection(db, between(ada, lin))).rejects.toMatchObject(missing);
  });

  const blocks = async (userId: string) =>
    (await listConnections(workspace.db, { userId, status: 'BLOCKED' })).items.map(
      ({ otherId, blockedBy }) => [otherId, blockedBy],
    );

  test('a block ends a connection, keeps both from asking, and only its maker lifts it', async () => {
    const { db } = workspace;
    await connect(ada, lin);
    await block(ada, lin);
    await block(ada, lin);
    await expect(request(lin, ada)).rejects.toMatchObject(forbidden);
    await expect(request(ada, lin)).rejects.toMatchObject({
      ...forbidden,
      message: expect.stringContaining('Unblock'),
    });
    await expect(removeConnection(db, between(lin, ada))).rejects.toMatchObject(missing);
    await expect(unblockUser(db, between(lin, ada))).rejects.toMatchObject(missing);
    expect(await blocks(ada)).toEqual([[lin, ada]]);
    expect(await blocks(lin)).toEqual([]);
    await unblockUser(db, between(ada, lin));
    await request(lin, ada);
  });

  test('each side’s block stands until that side lifts it, whoever began', async () => {
    const { db } = workspace;
    for (const [first, second] of [
      [ada, lin],
      [max, ada],
    ] as const) {
      await block(first, second);
      await block(second, first);
      expect(await blocks(first)).toContainEqual([second, first]);
      expect(await blocks(second)).toContainEqual([first, second]);
      await unblockUser(db, between(first, second));
      await expect(unblockUser(db, between(first, second))).rejects.toMatchObject(missing);
      expect(await blocks(first)).not.toContainEqual([second, first]);
      expect(await blocks(second)).toContainEqual([first, second]);
      expect(await getConnection(db, between(first, second))).toMatchObject({
        status: 'BLOCKED',
        blockedBy: second,
      });
      await expect(request(first, second)).rejects.toMatchObject({
        ...forbidden,
        message: expect.not.stringContaining('Unblock'),
      });
      await unblockUser(db, between(second, first));
      expect(await statusOf(first, second)).toBeUndefined();
      await request(first, second);
    }
  });

  test('lists hold both sides, the latest change first, and page without a gap', async () => {
    const { db } = workspace;
    const others: string[] = [];
    for (let n = 0; n < 7; n++) {
      const other = await addUser(db);
      others.unshift(other);
      await (n % 2 === 0 ? connect(ada, other) : connect(other, ada));
    }
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof listConnections>> = await listConnections(db, {
        userId: ada,
        status: 'ACCEPTED',
        after,
        limit: 3,
      });
      seen.push(...page.items.map(({ otherId }) => otherId));
      after = page.nextCursor;
    } while (after);
    expect(seen).toEqual(others);
    expect((await listConnections(db, { userId: max, status: 'ACCEPTED' })).items).toEqual([]);
  });

  test('refuses oneself, unknown people, an unknown status and an oversized message', async () => {
    const { db } = workspace;
    await expect(request(ada, ada)).rejects.toMatchObject(invalid);
    await expect(block(ada, ada)).rejects.toMatchObject(invalid);
    await expect(request(ada, 'nobody')).rejects.toMatchObject(missing);
    await expect(block(ada, 'nobody')).rejects.toMatchObject(missing);
    await expect(
      requestConnection(db, { ...between(ada, lin), message: 'x'.repeat(1001) }),
    ).rejects.toMatchObject(invalid);
    await expect(
      // @ts-expect-error: a status that there is not
      listConnections(db, { userId: ada, status: 'FRIENDS' }),
    ).rejects.toMatchObject(invalid);
  });

  describe.skipIf(!capabilities.concurrency)('on connections of their own', () => {
    test('two requests that cross connect the two, once', async () => {
      for (let round = 0; round < 15; round++) {
        const other = await addUser(workspace.db);
        const statuses = await Promise.all([request(ada, other), request(other, ada)]);
        expect(statuses.map(({ status }) => status).sort()).toEqual(['ACCEPTED', 'PENDING']);
        expect(await statusOf(ada, other)).toBe('ACCEPTED');
      }
    });

    test('a message written while its reader blocks the writer waits, and is refused', async () => {
      await connect(ada, lin);
      const { later } = await whileOpen(
        workspace,
        (tx) => blockUser(tx, between(lin, ada)),
        (other) => sendDirectMessage(other, { ...between(ada, lin), content: 'x' }),
      );
      await expect(later[0]?.outcome).rejects.toMatchObject(forbidden);
    });

    test('of two blocks that are lifted at once none stays', async () => {
      await block(ada, lin);
      await block(lin, ada);
      await whileOpen(
        workspace,
        (tx) => unblockUser(tx, between(ada, lin)),
        (other) => unblockUser(other, between(lin, ada)),
      );
      expect(await statusOf(ada, lin)).toBeUndefined();
    });

    test('accepting and blocking at once ends in a block', async () => {
      for (let round = 0; round < 15; round++) {
        const other = await addUser(workspace.db);
        await request(other, ada);
        await Promise.allSettled([accept(ada, other), block(ada, other)]);
        expect(await statusOf(ada, other)).toBe('BLOCKED');
      }
    });
  });
});

describe('profiles', () => {
  test('are seen when public, by oneself and by connections, and by none who are blocked', async () => {
    const { db } = workspace;
    const username = `ada_${Date.now()}`;
    await upsertProfile(db, { userId: ada, username, displayName: 'Ada' });
    const sees = async (viewerId: string) =>
      (await getProfile(db, { viewerId, username: username.toUpperCase() })) !== undefined;
    expect([await sees(ada), await sees(lin)]).toEqual([true, false]);
    await connect(ada, lin);
    expect([await sees(lin), await sees(max)]).toEqual([true, false]);
    await upsertProfile(db, { userId: ada, username, displayName: 'Ada L.', isPublic: true });
    expect(await sees(max)).toBe(true);
    await block(ada, lin);
    expect([await sees(lin), await sees(max)]).toEqual([false, true]);
    expect(await getProfile(db, { viewerId: max, userId: ada })).toMatchObject({
      displayName: 'Ada L.',
    });
    await expect(
      upsertProfile(db, { userId: lin, username: username.toUpperCase(), displayName: 'x' }),
    ).rejects.toMatchObject(conflict);
    await expect(
      upsertProfile(db, { userId: lin, username: 'no spaces', displayName: 'x' }),
    ).rejects.toMatchObject(invalid);
    await expect(
      upsertProfile(db, { userId: 'nobody', username: 'nobody', displayName: 'x' }),
    ).rejects.toMatchObject(missing);
  });
});

describe('direct messages', () => {
  const send = (userId: string, otherId: string, content: string) =>
    sendDirectMessage(workspace.db, { userId, otherId, content });

  test('go between connected people, and are read by no one else', async () => {
    const { db } = workspace;
    await expect(send(ada, lin, 'hello')).rejects.toMatchObject(forbidden);
    await connect(ada, lin);
    const { conversationId } = await send(ada, lin, 'hello');
    expect((await send(lin, ada, 'hi')).conversationId).toBe(conversationId);
    const contents = async (userId: string) =>
      (await listDirectMessages(db, { userId, conversationId })).items.map(
        ({ content }) => content,
      );
    expect(await contents(ada)).toEqual(['hi', 'hello']);
    expect(await contents(max)).toEqual([]);
    const [last] = (await listDirectMessages(db, { userId: ada, conversationId })).items;
    const messageId = last?.id ?? '';
    await expect(
      markConversationRead(db, { userId: max, conversationId, messageId }),
    ).rejects.toMatchObject(missing);
    expect(await toldTo(lin)).toContain('NEW_DIRECT_MESSAGE');
    await block(lin, ada);
    await expect(send(ada, lin, 'still there?')).rejects.toMatchObject(forbidden);
    await expect(send(ada, ada, 'me')).rejects.toMatchObject(invalid);
    await expect(send(lin, ada, '  ')).rejects.toMatchObject(invalid);
  });

  test('the list of conversations has the last message and what is unread', async () => {
    const { db } = workspace;
    await connect(ada, lin);
    await connect(max, ada);
    const { conversationId, id } = await send(lin, ada, 'one');
    const two = await send(lin, ada, 'two');
    await send(max, ada, 'three');
    const overview = async (userId: string) =>
      (await listDirectConversations(db, { userId })).items.map(
        ({ otherId, lastMessage, unread }) => [otherId, lastMessage, unread],
      );
    expect(await overview(ada)).toEqual([
      [max, 'three', 1],
      [lin, 'two', 2],
    ]);
    expect(await overview(lin)).toEqual([[ada, 'two', 0]]);
    const { lastReadAt } = await markConversationRead(db, {
      userId: ada,
      conversationId,
      messageId: two.id,
    });
    expect(lastReadAt).toEqual(two.createdAt);
    expect(await overview(ada)).toEqual([
      [max, 'three', 1],
      [lin, 'two', 0],
    ]);
    // Never back to an earlier message, and not by one of another conversation.
    await markConversationRead(db, { userId: ada, conversationId, messageId: id });
    expect((await overview(ada))[1]).toEqual([lin, 'two', 0]);
    await send(lin, ada, 'four');
    expect(await overview(ada)).toEqual([
      [lin, 'four', 1],
      [max, 'three', 1],
    ]);
    const first = await listDirectConversations(db, { userId: ada, limit: 1 });
    const second = await listDirectConversations(db, {
      userId: ada,
      limit: 1,
      after: first.nextCursor,
    });
    expect(second.items[0]?.otherId).toBe(max);
    await expect(trashDirectMessage(db, { userId: ada, messageId: id })).rejects.toMatchObject(
      missing,
    );
    await trashDirectMessage(db, { userId: lin, messageId: id });
    const { items } = await listDirectMessages(db, { userId: ada, conversationId });
    expect(items.map(({ content }) => content)).toEqual(['four', 'two']);
  });
});
