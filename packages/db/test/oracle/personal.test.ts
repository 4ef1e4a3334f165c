import { DbError } from '@reference/kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as api from '../../src/index.ts';
import { addUser } from '../people.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';
import { connectPair, ownPairWrites, type Pair, pairReads, pairWrites } from './between-two.ts';
import { fingerprint } from './fingerprint.ts';
import { addOwner, type Owner, ownCounts, ownReads, ownWrites, writesByOther } from './personal.ts';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await openWorkspace();
  await api.upsertPlan(workspace.db, {
    key: 'free',
    name: 'Free',
    monthlyPriceCents: 0,
    limits: { storageBytes: 1000, maxFileBytes: 100, aiRequestsPerDay: 10 },
  });
});
afterAll(() => workspace.close());

/** How a call ended: done, or refused. */
const endOf = async (call: () => Promise<unknown>): Promise<unknown> => {
  try {
    return await call();
  } catch (error) {
    if (error instanceof DbError) return error.code;
    throw error;
  }
};

describe('a user’s own rows', () => {
  let mine: Owner;
  let theirs: Owner;
  beforeAll(async () => {
    mine = await addOwner(workspace.db, 'zqminex', 10);
    theirs = await addOwner(workspace.db, 'zqtheirsx', 20);
  });
  const idsOf = (owner: Owner) => Object.values(owner);

  test.each(Object.entries(ownReads))('%s shows them, and nobody else’s', async (_name, read) => {
    for (const [own, other] of [
      [mine, theirs],
      [theirs, mine],
    ] as const) {
      const text = JSON.stringify(await read(workspace.db, own));
      expect(idsOf(own).some((mark) => text.includes(mark))).toBe(true);
      expect(idsOf(other).filter((mark) => text.includes(mark))).toEqual([]);
    }
  });

  test('what is only counted is each user’s own', async () => {
    const { db } = workspace;
    expect(await api.getStorageUsage(db, mine)).toEqual({ usedBytes: 10, allowedBytes: 1000 });
    expect(await api.getStorageUsage(db, theirs)).toEqual({ usedBytes: 20, allowedBytes: 1000 });
    expect(await api.countUnreadNotifications(db, mine)).toBe(1);
    await api.markNotificationsRead(db, {
      userId: theirs.userId,
      notificationIds: [theirs.notificationId],
    });
    expect(await api.countUnreadNotifications(db, theirs)).toBe(0);
    expect(await api.countUnreadNotifications(db, mine)).toBe(1);
    expect(await api.getMemberRole(db, mine)).toBe('OWNER');
    expect(await api.getMemberRole(db, { ...mine, userId: theirs.userId })).toBeUndefined();
  });

  test.each(Object.entries(writesByOther))('%s of another’s is refused', async (_name, write) => {
    const { db } = workspace;
    const before = await fingerprint(db);
    const end = await endOf(() => write(db, theirs.userId, mine));
    expect([0, false, 'NOT_FOUND', 'FORBIDDEN']).toContain(end);
    expect(await fingerprint(db)).toEqual(before);
  });

  test.each(Object.entries(ownWrites))('%s leaves another’s as they are', async (_name, write) => {
    const { db } = workspace;
    const seen = async () => {
      const all = Object.entries({ ...ownReads, ...ownCounts });
      return Promise.all(all.map(async ([name, read]) => [name, await read(db, mine)]));
    };
    const before = await seen();
    await write(db, theirs.userId, mine);
    expect(await seen()).toEqual(before);
  });
});

/** How two people may stand to each other. */
const standings: Record<string, (pair: Pair) => Promise<unknown>> = {
  connected: async () => undefined,
  'connected no more': async ({ userId, otherId }) =>
    api.removeConnection(workspace.db, { userId, otherId }),
  'asked again': async ({ userId, otherId, token }) => {
    await api.removeConnection(workspace.db, { userId, otherId });
    await api.requestConnection(workspace.db, { userId, otherId, message: token });
  },
  'one blocked the other': async ({ userId, otherId }) =>
    api.blockUser(workspace.db, { userId, otherId }),
  'each blocked the other': async ({ userId, otherId }) => {
    await api.blockUser(workspace.db, { userId, otherId });
    await api.blockUser(workspace.db, { userId: otherId, otherId: userId });
  },
};

let counter = 0;
describe.each(Object.entries(standings))('between two people, %s', (_standing, arrange) => {
  let pair: Pair;
  let third: string;
  beforeAll(async () => {
    const { db } = workspace;
    const token = `zqpair${++counter}x`;
    const [userId, otherId] = [await addUser(db), await addUser(db)];
    third = await addUser(db);
    await api.upsertProfile(db, { userId, username: token, displayName: token, isPublic: false });
    pair = await connectPair(db, { userId, otherId, token });
    await arrange(pair);
  });

  test('the two see it, and a third sees what they would if it did not exist', async () => {
    const { db } = workspace;
    const unknown = { userId: 'a', otherId: 'b', conversationId: 'c', messageId: 'd', token: 'e' };
    const marks = Object.values(pair);
    for (const [name, read] of Object.entries(pairReads)) {
      const seen = await read(db, third, pair);
      expect([name, marks.filter((mark) => JSON.stringify(seen ?? '').includes(mark))]).toEqual([
        name,
        [],
      ]);
      expect([name, seen]).toEqual([name, await read(db, third, unknown)]);
    }
    for (const userId of [pair.userId, pair.otherId]) {
      const history = await pairReads.listDirectMessages?.(db, userId, pair);
      expect(JSON.stringify(history)).toContain(pair.token);
    }
    expect(await api.getProfile(db, { viewerId: pair.userId, userId: pair.userId })).toBeDefined();
  });

  test('a third can change nothing of it', async () => {
    const { db } = workspace;
    const before = await fingerprint(db);
    for (const [name, write] of Object.entries(pairWrites)) {
      const end = await endOf(() => write(db, third, pair));
      expect([name, ['NOT_FOUND', 'FORBIDDEN', 'CONFLICT'].includes(String(end))]).toEqual([
        name,
        true,
      ]);
    }
    expect(await fingerprint(db)).toEqual(before);
    const between = () =>
      Promise.all([
        api.getConnection(db, { userId: pair.userId, otherId: pair.otherId }),
        api.getConnection(db, { userId: pair.otherId, otherId: pair.userId }),
        api.listDirectMessages(db, { userId: pair.otherId, conversationId: pair.conversationId }),
      ]);
    const stood = await between();
    for (const write of Object.values(ownPairWrites)) await write(db, third, pair);
    expect(await between()).toEqual(stood);
  });

  test('only who wrote a message may remove it', async () => {
    const { db } = workspace;
    const before = await fingerprint(db);
    const { otherId: userId, messageId } = pair;
    expect(await endOf(() => api.trashDirectMessage(db, { userId, messageId }))).toMatch(
      /NOT_FOUND|FORBIDDEN/,
    );
    expect(await fingerprint(db)).toEqual(before);
  });
});
