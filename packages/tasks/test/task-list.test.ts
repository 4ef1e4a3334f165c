import { InvalidInputError } from '@reference/kit';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  addTaskTag,
  appendLogs,
  appendMessage,
  createTag,
  getUserTasks,
  softDeleteTask,
  type TaskStatus,
  type TaskSummary,
  taskStatus,
  tasks,
  transitionTask,
} from '../src/index.ts';
import { openRecording } from './recording.ts';
import { addTask, addUser, openWorkbench, untyped, type Workbench } from './workbench.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench();
});
afterAll(() => bench.close());

const idsOf = (items: readonly TaskSummary[]) => items.map(({ id }) => id);

describe('getUserTasks', () => {
  it('gives tags, counts and a preview in one statement', async () => {
    const userId = await addUser(bench.db);
    const taskId = await addTask(bench.db, userId, 'x'.repeat(1000));
    for (const name of ['zebra', 'Apple']) {
      const tag = await createTag(bench.db, { userId, name, color: '#ff0000' });
      await addTaskTag(bench.db, { userId, taskId, tagId: tag.id });
    }
    await appendMessage(bench.db, { userId, taskId, role: 'agent', content: 'Hello' });
    await appendLogs(bench.db, { userId, taskId, lines: [{ message: 'a' }, { message: 'b' }] });

    const recording = openRecording(bench);
    let page: Awaited<ReturnType<typeof getUserTasks>> | undefined;
    const statements = await recording.record(async () => {
      page = await getUserTasks(recording.db, { userId });
    });
    await recording.close();

    expect(statements).toHaveLength(1);
    expect(page?.items).toHaveLength(1);
    const [task] = page?.items ?? [];
    expect(task).toMatchObject({ id: taskId, messageCount: 1, logCount: 2 });
    expect(task?.promptPreview).toBe('x'.repeat(300));
    expect(task?.tags.map(({ name }) => name)).toEqual(['Apple', 'zebra']);
  });

  it('filters by status, tag, words and trash, alone and together', async () => {
    const userId = await addUser(bench.db);
    const add = async (prompt: string, status?: TaskStatus) => {
      const taskId = await addTask(bench.db, userId, prompt);
      if (status) await transitionTask(bench.db, { userId, taskId, to: status });
      return taskId;
    };
    const login = await add('Repair the login page');
    const logins = await add('All the logins fail on "Safari"', 'stopped');
    const docs = await add('Write docs', 'stopped');
    const gone = await add('Repair the login of old');
    await softDeleteTask(bench.db, { userId, taskId: gone });
    const tag = await createTag(bench.db, { userId, name: 'urgent' });
    await addTaskTag(bench.db, { userId, taskId: logins, tagId: tag.id });
    await addTaskTag(bench.db, { userId, taskId: docs, tagId: tag.id });
    const list = async (filter: Omit<Parameters<typeof getUserTasks>[1], 'userId'>) =>
      idsOf((await getUserTasks(bench.db, { userId, ...filter })).items).sort();

    expect(await list({})).toEqual([login, logins, docs].sort());
    expect(await list({ status: 'stopped' })).toEqual([logins, docs].sort());
    expect(await list({ status: ['stopped', 'pending'] })).toEqual([login, logins, docs].sort());
    expect(await list({ tagId: tag.id })).toEqual([logins, docs].sort());
    expect(await list({ text: 'login' })).toEqual([login, logins].sort());
    expect(await list({ text: 'login -safari' })).toEqual([login]);
    expect(await list({ text: '"login page"' })).toEqual([login]);
    expect(await list({ text: 'login', tagId: tag.id, status: 'stopped' })).toEqual([logins]);
    expect(await list({ text: "it's: a | weird & ('query" })).toEqual([]);
    expect(await list({ text: '  ' })).toHaveLength(3);
    expect(await list({ deleted: true, text: 'old' })).toEqual([gone]);
  });

  it("finds words in the user's own tasks only", async () => {
    const [mine, other] = [await addUser(bench.db), await addUser(bench.db)];
    const taskId = await addTask(bench.db, mine, 'Quokka enclosure');
    await addTask(bench.db, other, 'Quokka enclosure');
    await addTask(bench.db, other, `user:${mine}`);
    const { items } = await getUserTasks(bench.db, { userId: mine, text: 'quokka' });
    expect(idsOf(items)).toEqual([taskId]);
  });

  it('walks every task once, in order, forwards and back, also where times are equal', async () => {
    const userId = await addUser(bench.db);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 12 }),
        fc.integer({ min: 1, max: 5 }),
        async (milliseconds, limit) => {
          await bench.db.delete(tasks);
          const rows = milliseconds.map((offset, index) => ({
            id: `task-${index}`,
            userId,
            prompt: 'a',
            createdAt: new Date(1_700_000_000_000 + offset),
          }));
          if (rows.length > 0) await bench.db.insert(tasks).values(rows);
          const expected = rows
            .sort((a, b) => +b.createdAt - +a.createdAt || (a.id < b.id ? 1 : -1))
            .map(({ id }) => id);

          const seen: string[] = [];
          let page = await getUserTasks(bench.db, { userId, limit });
          seen.push(...idsOf(page.items));
          while (page.nextCursor) {
            page = await getUserTasks(bench.db, { userId, limit, after: page.nextCursor });
            seen.push(...idsOf(page.items));
          }
          expect(seen).toEqual(expected);

          const backwards = [...page.items];
          while (page.previousCursor) {
            page = await getUserTasks(bench.db, { userId, limit, before: page.previousCursor });
            backwards.unshift(...page.items);
          }
          expect(idsOf(backwards)).toEqual(expected);
        },
      ),
      { numRuns: 25 },
    );
  });

  it.each([
    { after: 'nonsense' },
    { limit: 0 },
    { limit: 201 },
    { limit: 1.5 },
    { status: 'done' },
    { status: [] },
    { tagId: "x' or true" },
    { text: 'a\0b' },
    { orderBy: 'prompt' },
  ])('refuses %j', async (wrong) => {
    const userId = await addUser(bench.db);
    const listing = getUserTasks(bench.db, { userId, ...untyped(wrong) });
    await expect(listing).rejects.toThrow(InvalidInputError);
  });

  it('knows every status', () => {
    expect(taskStatus.enumValues).toEqual([
      'pending',
      'processing',
      'completed',
      'error',
      'stopped',
    ]);
  });
});
