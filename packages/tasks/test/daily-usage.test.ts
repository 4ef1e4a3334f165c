import { ForbiddenError, InvalidInputError, NotFoundError } from '@reference/kit';
import { capabilities } from '@reference/local-postgres';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  appendMessage,
  createTask,
  createTasks,
  DailyLimitError,
  dailyUsage,
  getDailyUsage,
  listTaskMessages,
  setSetting,
  takeDailyMessages,
  tasks,
} from '../src/index.ts';
import { addTask, addUser, openWorkbench, untyped, type Workbench } from './workbench.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench();
});
afterAll(() => bench.close());

const limited = async (limit: number) => {
  const userId = await addUser(bench.db);
  await setSetting(bench.db, { userId, key: 'maxMessagesPerDay', value: limit });
  return userId;
};

describe('the daily limit', () => {
  it('counts prompts and messages of the user, and not those of the agent', async () => {
    const userId = await limited(3);
    const taskId = await addTask(bench.db, userId);
    await appendMessage(bench.db, { userId, taskId, role: 'agent', content: 'Hello' });
    await appendMessage(bench.db, { userId, taskId, role: 'user', content: 'Hello' });
    expect(await getDailyUsage(bench.db, { userId })).toEqual({ used: 2, limit: 3, remaining: 1 });
    await createTask(bench.db, { userId, prompt: 'One more' });

    const refused = appendMessage(bench.db, { userId, taskId, role: 'user', content: 'No' });
    await expect(refused).rejects.toThrow(DailyLimitError);
    await expect(refused).rejects.toThrow(ForbiddenError);
    await appendMessage(bench.db, { userId, taskId, role: 'agent', content: 'Still here' });
    const { items } = await listTaskMessages(bench.db, { userId, taskId });
    expect(items.map(({ sequence, content }) => [sequence, content])).toEqual([
      [1, 'Hello'],
      [2, 'Hello'],
      [3, 'Still here'],
    ]);
  });

  it('takes a batch whole or not at all', async () => {
    const userId = await limited(3);
    const batch = (count: number) =>
      createTasks(bench.db, {
        userId,
        tasks: Array.from({ length: count }, () => ({ prompt: 'a' })),
      });
    await batch(2);
    await expect(batch(2)).rejects.toThrow(DailyLimitError);
    expect(await bench.db.$count(tasks, eq(tasks.userId, userId))).toBe(2);
    expect((await getDailyUsage(bench.db, { userId })).used).toBe(2);
    await batch(1);
  });

  it('counts nothing for a task that is not kept', async () => {
    const userId = await limited(3);
    await expect(
      createTask(bench.db, { userId, prompt: 'a', mcpServerIds: ['none'] }),
    ).rejects.toThrow(NotFoundError);
    expect((await getDailyUsage(bench.db, { userId })).used).toBe(0);
  });

  it('starts anew each day, and gives nothing back for deleted tasks', async () => {
    const userId = await limited(1);
    await addTask(bench.db, userId);
    await bench.db.delete(tasks).where(eq(tasks.userId, userId));
    await expect(addTask(bench.db, userId)).rejects.toThrow(DailyLimitError);
    await bench.db
      .update(dailyUsage)
      .set({ day: '2001-01-01' })
      .where(eq(dailyUsage.userId, userId));
    await addTask(bench.db, userId);
  });

  it.each([0, -1, 1.5, '1'])('refuses to take %j messages', async (count) => {
    const userId = await limited(3);
    const taking = takeDailyMessages(bench.db, { userId, count: untyped(count) });
    await expect(taking).rejects.toThrow(InvalidInputError);
  });
});

describe.skipIf(!capabilities.concurrency)('the daily limit under a race', () => {
  it.each([1, 7, 20])('lets exactly %i of 40 in', async (limit) => {
    const userId = await limited(100);
    const taskId = await addTask(bench.db, userId);
    await setSetting(bench.db, { userId, key: 'maxMessagesPerDay', value: limit + 1 });
    const pools = Array.from({ length: 8 }, () => bench.connect({ max: 5 }));
    const results = await Promise.allSettled(
      Array.from({ length: 40 }, (_, index) =>
        appendMessage(pools[index % 8]?.db ?? bench.db, {
          userId,
          taskId,
          role: 'user',
          content: `${index}`,
        }),
      ),
    );
    await Promise.all(pools.map((pool) => pool.close()));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(limit);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(DailyLimitError);
    }
    const { items } = await listTaskMessages(bench.db, { userId, taskId });
    expect(items).toHaveLength(limit);
    expect((await getDailyUsage(bench.db, { userId })).used).toBe(limit + 1);
  });

  it('lets exactly the limit in on the first messages of a day, which insert the row', async () => {
    const userId = await limited(3);
    const pools = Array.from({ length: 8 }, () => bench.connect({ max: 1 }));
    const results = await Promise.allSettled(
      pools.map(({ db }) => takeDailyMessages(db, { userId, count: 1 })),
    );
    await Promise.all(pools.map((pool) => pool.close()));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
  });
});
