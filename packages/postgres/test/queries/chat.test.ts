import { setTimeout } from 'node:timers/promises';
import { transaction } from '@reference/kit';
import { capabilities } from '@reference/local-postgres';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as queries from '../../src/queries/index.ts';
import { openDatabase, type TestDatabase } from '../database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());

const missing = { code: 'NOT_FOUND' };
const invalid = { code: 'INVALID_INPUT' };

describe('conversations, messages and feedback', () => {
  test('a message moves its conversation to the top, and pages go back in time', async () => {
    const { db } = database;
    const first = await queries.createConversation(db, { userId: 'me', title: 'First' });
    const second = await queries.createConversation(db, { userId: 'me' });
    // A message of the millisecond in which the second began would leave their order to chance.
    await setTimeout(2);
    for (let n = 0; n < 5; n++) {
      await queries.appendMessage(db, {
        userId: 'me',
        conversationId: first,
        role: n % 2 === 0 ? 'user' : 'assistant',
        content: `message ${n}`,
        metadata: { n },
        traceId: 'trace',
      });
    }
    const { items } = await queries.getConversations(db, { userId: 'me' });
    expect(items.map(({ id }) => id)).toEqual([first, second]);
    const page = await queries.getMessages(db, { userId: 'me', conversationId: first, limit: 3 });
    expect(page.items.map(({ content }) => content)).toEqual([
      'message 4',
      'message 3',
      'message 2',
    ]);
    const rest = await queries.getMessages(db, {
      userId: 'me',
      conversationId: first,
      cursor: page.nextCursor,
    });
    expect(rest.items.map(({ content }) => content)).toEqual(['message 1', 'message 0']);
  });

  test('messages of one transaction keep their order', async () => {
    const { db } = database;
    const conversationId = await queries.createConversation(db, { userId: 'me' });
    const said = Array.from({ length: 40 }, (_, n) => `turn ${n}`);
    await transaction(db, async (tx) => {
      for (const content of said) {
        await queries.appendMessage(tx, { userId: 'me', conversationId, role: 'user', content });
      }
    });
    const { items } = await queries.getMessages(db, { userId: 'me', conversationId });
    expect(items.map(({ content }) => content).reverse()).toEqual(said);
  });

  test.skipIf(!capabilities.concurrency)(
    'a message whose transaction began earlier is the last, where it was committed last',
    async () => {
      const { db } = database;
      const other = database.openClient();
      const userId = 'someone in haste';
      const conversationId = await queries.createConversation(db, { userId });
      const own = { userId, conversationId, role: 'user' } as const;
      const usedAt = async () =>
        (await queries.getConversations(db, { userId })).items[0]?.updatedAt.getTime();
      const early = await transaction(other.db, async (tx) => {
        await tx.execute(sql`select now()`);
        await queries.appendMessage(db, { ...own, content: 'early' });
        const used = await usedAt();
        await queries.appendMessage(tx, { ...own, content: 'late' });
        return used;
      });
      const { items } = await queries.getMessages(db, { userId, conversationId });
      expect(items.map(({ content }) => content)).toEqual(['late', 'early']);
      expect(await usedAt()).toBeGreaterThanOrEqual(early ?? Number.POSITIVE_INFINITY);
    },
  );

  test('another person reads, writes, rates and deletes nothing', async () => {
    const { db } = database;
    const conversationId = await queries.createConversation(db, { userId: 'me' });
    const message = { conversationId, role: 'user', content: 'private' } as const;
    const messageId = await queries.appendMessage(db, { userId: 'me', ...message });
    const theirs = { userId: 'them', conversationId };
    expect((await queries.getConversations(db, { userId: 'them' })).items).toEqual([]);
    expect((await queries.getMessages(db, theirs)).items).toEqual([]);
    await expect(queries.appendMessage(db, { ...message, userId: 'them' })).rejects.toMatchObject(
      missing,
    );
    await expect(
      queries.createFeedback(db, { userId: 'them', messageId, rating: 'neutral' }),
    ).rejects.toMatchObject(missing);
    await queries.createFeedback(db, {
      userId: 'me',
      messageId,
      rating: 'thumbs_up',
      comment: '!',
    });
    expect((await queries.getFeedback(db, { userId: 'them', messageId })).items).toEqual([]);
    expect((await queries.getFeedback(db, { userId: 'me', messageId })).items).toMatchObject([
      { rating: 'thumbs_up', comment: '!', messageId },
    ]);
    await expect(queries.deleteConversation(db, theirs)).rejects.toMatchObject(missing);
    await queries.deleteConversation(db, { userId: 'me', conversationId });
    expect((await queries.getFeedback(db, { userId: 'me', messageId })).items).toEqual([]);
  });

  test('bad input is named by field', async () => {
    const { db } = database;
    await expect(
      queries.createConversation(db, { userId: 'me', title: 'x'.repeat(256) }),
    ).rejects.toMatchObject({ ...invalid, message: expect.stringContaining('title') });
    const conversationId = await queries.createConversation(db, { userId: 'me' });
    const role = 'robot' as 'user';
    await expect(
      queries.appendMessage(db, { userId: 'me', conversationId, role, content: 'x' }),
    ).rejects.toMatchObject({ ...invalid, message: expect.stringContaining('role') });
  });
});

describe('goals', () => {
  const goal = { userId: 'me', type: 'commits', target: 30, period: 'week', label: 'Ship' };

  test('count up to the target and keep a streak', async () => {
    const { db } = database;
    const goalId = await queries.createGoal(db, goal);
    const mine = { userId: 'me', goalId };
    expect(await queries.addGoalProgress(db, { ...mine, amount: 10 })).toMatchObject({
      current: 10,
      progress: 33,
    });
    expect(await queries.addGoalProgress(db, { ...mine, amount: 25 })).toMatchObject({
      current: 35,
      progress: 100,
    });
    expect(await queries.startGoalPeriod(db, mine)).toMatchObject({
      streak: 1,
      current: 0,
      progress: 0,
    });
    expect(await queries.startGoalPeriod(db, mine)).toMatchObject({ streak: 0 });
    expect((await queries.getGoals(db, { userId: 'me' })).items).toHaveLength(1);
  });

  test('are their owner’s alone', async () => {
    const { db } = database;
    const goalId = await queries.createGoal(db, goal);
    const theirs = { userId: 'them', goalId };
    expect((await queries.getGoals(db, { userId: 'them' })).items).toEqual([]);
    await expect(queries.addGoalProgress(db, { ...theirs, amount: 1 })).rejects.toMatchObject(
      missing,
    );
    await expect(queries.startGoalPeriod(db, theirs)).rejects.toMatchObject(missing);
    await expect(queries.deleteGoal(db, theirs)).rejects.toMatchObject(missing);
    await queries.deleteGoal(db, { userId: 'me', goalId });
    await expect(queries.deleteGoal(db, { userId: 'me', goalId })).rejects.toMatchObject(missing);
  });

  test('bad input is refused', async () => {
    const { db } = database;
    await expect(queries.createGoal(db, { ...goal, target: 0 })).rejects.toMatchObject(invalid);
    const goalId = await queries.createGoal(db, goal);
    for (const amount of [0, -1, 1.5, Number.NaN]) {
      await expect(
        queries.addGoalProgress(db, { userId: 'me', goalId, amount }),
      ).rejects.toMatchObject(invalid);
    }
    const huge = { userId: 'me', goalId, amount: 2_147_483_647 };
    await queries.addGoalProgress(db, huge);
    await expect(queries.addGoalProgress(db, huge)).rejects.toMatchObject(invalid);
  });
});
