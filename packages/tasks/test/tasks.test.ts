import { InvalidInputError, NotFoundError, transaction } from '@reference/kit';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createConnector,
  createTask,
  createTasks,
  deleteConnector,
  getTaskById,
  getUserTasks,
  requireTaskById,
  restoreTask,
  softDeleteTask,
  updateTask,
} from '../src/index.ts';
import { dailyUsage, tasks } from '../src/schema/index.ts';
import { addTask, addUser, keyring, openWorkbench, type Workbench } from './workbench.ts';

let bench: Workbench;
let userId: string;
beforeAll(async () => {
  bench = await openWorkbench();
});
afterAll(() => bench.close());

describe('createTask', () => {
  it('gives a pending task with its defaults', async () => {
    userId = await addUser(bench.db);
    const task = await createTask(bench.db, { userId, prompt: 'Add a health check' });
    expect(task).toMatchObject({
      userId,
      prompt: 'Add a health check',
      status: 'pending',
      progress: 0,
      selectedAgent: 'claude',
      maxDuration: 300,
      mcpServerIds: [],
      attempts: 0,
      completedAt: null,
      deletedAt: null,
    });
    expect(task).not.toHaveProperty('search');
    expect(task).not.toHaveProperty('leaseToken');
    const found = await requireTaskById(bench.db, { userId, taskId: task.id });
    expect(found).toEqual({ ...task, tags: [] });
  });

  it.each([1, 300])('takes a limit of %i minutes', async (maxDuration) => {
    userId = await addUser(bench.db);
    const task = await createTask(bench.db, { userId, prompt: 'a', maxDuration });
    expect(task).toMatchObject({ maxDuration });
  });

  it.each([
    [{ prompt: '   ' }, 'prompt'],
    [{ prompt: 'a\0b' }, 'NUL'],
    [{ prompt: 'a', repoUrl: 'git@github.com:a/b' }, 'repoUrl'],
    [{ prompt: 'a', repoUrl: 'https://token@github.com/a/b' }, 'repoUrl'],
    [{ prompt: 'a', maxDuration: 0 }, 'maxDuration'],
    [{ prompt: 'a', maxDuration: 301 }, 'maxDuration'],
    [{ prompt: 'a', status: 'completed' }, 'status'],
    [{ prompt: 'a', title: 'two\nlines' }, 'title'],
  ])('refuses %j, naming %s', async (input, named) => {
    userId = await addUser(bench.db);
    const creating = createTask(bench.db, { userId, ...input });
    await expect(creating).rejects.toThrow(InvalidInputError);
    await expect(creating).rejects.toThrow(named);
    expect(await bench.db.$count(tasks, eq(tasks.userId, userId))).toBe(0);
    expect(await bench.db.$count(dailyUsage, eq(dailyUsage.userId, userId))).toBe(0);
  });

  it('refuses an unknown user', async () => {
    await expect(createTask(bench.db, { userId: 'nobody', prompt: 'a' })).rejects.toThrow(
      NotFoundError,
    );
  });

  it('takes the connectors of its own user only, and loses them when they are deleted', async () => {
    userId = await addUser(bench.db);
    const stranger = await addUser(bench.db);
    const remote = { type: 'remote', name: 'Search', baseUrl: 'https://mcp.example.com' } as const;
    const own = await createConnector(bench.db, { userId, keyring, ...remote });
    const foreign = await createConnector(bench.db, { userId: stranger, keyring, ...remote });
    const wanting = createTask(bench.db, {
      userId,
      prompt: 'a',
      mcpServerIds: [own.id, foreign.id],
    });
    await expect(wanting).rejects.toThrow(NotFoundError);
    const task = await createTask(bench.db, { userId, prompt: 'a', mcpServerIds: [own.id] });
    expect(task.mcpServerIds).toEqual([own.id]);
    await deleteConnector(bench.db, { userId, connectorId: own.id });
    const left = await requireTaskById(bench.db, { userId, taskId: task.id });
    expect(left.mcpServerIds).toEqual([]);
  });

  it('keeps the connectors that it names until it is stored', async () => {
    userId = await addUser(bench.db);
    const { id: connectorId } = await createConnector(bench.db, {
      userId,
      keyring,
      type: 'remote',
      name: 'Wanted',
      baseUrl: 'https://mcp.example.com',
    });
    const other = bench.connect({ max: 1 });
    try {
      await transaction(bench.db, async (tx) => {
        await createTask(tx, { userId, prompt: 'a', mcpServerIds: [connectorId] });
        const deleting = transaction(other.db, async (othersTx) => {
          await othersTx.execute(sql`set local lock_timeout = 200`);
          await deleteConnector(othersTx, { userId, connectorId });
        });
        await expect(deleting).rejects.toMatchObject({ sqlstate: '55P03' });
      });
    } finally {
      await other.close();
    }
  });
});

describe('createTasks', () => {
  it('creates all, in the order given', async () => {
    userId = await addUser(bench.db);
    const prompts = Array.from({ length: 100 }, (_, index) => `Task ${index}`);
    const created = await createTasks(bench.db, {
      userId,
      tasks: prompts.map((prompt) => ({ prompt })),
    });
    expect(created.map(({ prompt }) => prompt)).toEqual(prompts);
  });

  it('creates none when one is wrong, and says which', async () => {
    userId = await addUser(bench.db);
    const creating = createTasks(bench.db, {
      userId,
      tasks: [{ prompt: 'a' }, { prompt: '', title: 'b' }],
    });
    await expect(creating).rejects.toThrow(/tasks\.1\.prompt/);
    expect(await bench.db.$count(tasks, eq(tasks.userId, userId))).toBe(0);
  });
});

describe('updateTask', () => {
  it('changes what is given, and updated_at', async () => {
    userId = await addUser(bench.db);
    const taskId = await addTask(bench.db, userId);
    const before = await requireTaskById(bench.db, { userId, taskId });
    const after = await updateTask(bench.db, {
      userId,
      taskId,
      changes: { title: 'New', prNumber: 7, prStatus: 'open', progress: 40 },
    });
    expect(after).toMatchObject({ title: 'New', prNumber: 7, prompt: before.prompt, progress: 40 });
    expect(after.updatedAt.getTime()).toBeGreaterThanOrEqual(before.updatedAt.getTime());
  });

  it.each([
    {},
    { progress: 101 },
    { prNumber: 0 },
    { status: 'completed' },
    { prMergeCommitSha: 'x' },
  ])('refuses %j', async (changes) => {
    userId = await addUser(bench.db);
    const taskId = await addTask(bench.db, userId);
    await expect(updateTask(bench.db, { userId, taskId, changes })).rejects.toThrow(
      InvalidInputError,
    );
  });
});

describe('softDeleteTask and restoreTask', () => {
  it('hide a task from everything but the trash, and bring it back whole', async () => {
    userId = await addUser(bench.db);
    const taskId = await addTask(bench.db, userId);
    const ref = { userId, taskId };
    const before = await requireTaskById(bench.db, ref);
    await softDeleteTask(bench.db, ref);

    expect(await getTaskById(bench.db, ref)).toBeUndefined();
    expect((await getUserTasks(bench.db, { userId })).items).toEqual([]);
    const trash = await getUserTasks(bench.db, { userId, deleted: true });
    expect(trash.items.map(({ id }) => id)).toEqual([taskId]);
    await expect(updateTask(bench.db, { ...ref, changes: { title: 'x' } })).rejects.toThrow(
      NotFoundError,
    );
    await expect(softDeleteTask(bench.db, ref)).rejects.toThrow(NotFoundError);

    await restoreTask(bench.db, ref);
    const after = await requireTaskById(bench.db, ref);
    expect(after).toEqual({ ...before, updatedAt: after.updatedAt });
    await expect(restoreTask(bench.db, ref)).rejects.toThrow(NotFoundError);
  });
});
