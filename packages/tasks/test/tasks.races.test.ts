import type { Client } from '@reference/kit';
import { capabilities } from '@reference/local-postgres';
import { race } from '@reference/races';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Db } from '../src/database.ts';
import {
  addTaskTag,
  claimTasks,
  createConnector,
  createTag,
  createTask,
  deleteConnector,
  deleteKey,
  deleteTag,
  deleteUser,
  getKey,
  renewLease,
  restoreTask,
  rotateEncryptionKey,
  setKey,
  setTaskTags,
  softDeleteTask,
  tasks,
  taskTags,
  transitionTask,
} from '../src/index.ts';
import type * as schema from '../src/schema/index.ts';
import { addTask, addUser, openWorkbench, testKeyring, type Workbench } from './workbench.ts';

let bench: Workbench;
let clients: Client<typeof schema>[] = [];
let connections: Db[] = [];
beforeAll(async () => {
  bench = await openWorkbench();
  clients = [1, 2, 3].map(() => bench.connect({ max: 1 }));
  connections = clients.map(({ db }) => db);
});
afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await bench.close();
});

const statusOf = async (taskId: string) => {
  const [task] = await bench.db
    .select({ status: tasks.status, leaseToken: tasks.leaseToken })
    .from(tasks)
    .where(eq(tasks.id, taskId));
  return task;
};

describe.skipIf(!capabilities.concurrency)('a task and its worker', () => {
  /** A task that a worker holds. */
  const setup = async () => {
    await bench.db.delete(tasks);
    const userId = await addUser(bench.db);
    const taskId = await addTask(bench.db, userId);
    const [claimed] = await claimTasks(bench.db);
    return { userId, taskId, leaseToken: claimed?.leaseToken ?? '' };
  };
  type Scene = Awaited<ReturnType<typeof setup>>;

  it('transitionTask by worker and owner × renewLease: one move, and an ended task has no lease', async () => {
    await race({
      name: 'transitionTask × transitionTask × renewLease',
      connections,
      setup,
      calls: [
        (db: Db, held: Scene) => transitionTask(db, { ...held, to: 'completed' }),
        (db: Db, { userId, taskId }: Scene) =>
          transitionTask(db, { userId, taskId, to: 'stopped' }),
        (db: Db, held: Scene) => renewLease(db, { ...held, leaseSeconds: 60 }),
      ],
      check: async ({ taskId }, [completed, stopped]) => {
        expect([completed?.ok, stopped?.ok].sort()).toEqual([false, true]);
        const task = await statusOf(taskId);
        expect(task).toEqual({ status: completed?.ok ? 'completed' : 'stopped', leaseToken: null });
      },
    });
  });

  it('claimTasks × claimTasks × softDeleteTask: one worker gets it, or nobody', async () => {
    await race({
      name: 'claimTasks × claimTasks × softDeleteTask',
      connections,
      setup: async () => {
        await bench.db.delete(tasks);
        const userId = await addUser(bench.db);
        return { userId, taskId: await addTask(bench.db, userId) };
      },
      calls: [
        (db: Db) => claimTasks(db),
        (db: Db) => claimTasks(db),
        (db: Db, { userId, taskId }) => softDeleteTask(db, { userId, taskId }),
      ],
      check: (_, [one, two]) => {
        const given = [one, two].flatMap((claim) => (claim?.ok ? (claim.value as unknown[]) : []));
        expect(given.length).toBeLessThanOrEqual(1);
      },
    });
  });
});

describe.skipIf(!capabilities.concurrency)('what hangs on a task', () => {
  const setup = async () => {
    const userId = await addUser(bench.db);
    const taskId = await addTask(bench.db, userId);
    const ids: string[] = [];
    for (const name of ['a', 'b', 'c'])
      ids.push((await createTag(bench.db, { userId, name, color: '#112233' })).id);
    const [a = '', b = '', c = ''] = ids;
    return { userId, taskId, a, b, c };
  };
  type Scene = Awaited<ReturnType<typeof setup>>;
  const tagsOf = async ({ taskId }: Scene) =>
    (
      await bench.db
        .select({ id: taskTags.tagId })
        .from(taskTags)
        .where(eq(taskTags.taskId, taskId))
    )
      .map(({ id }) => id)
      .sort();

  it('setTaskTags × setTaskTags × deleteTag: one set stands whole, without the deleted tag', async () => {
    await race({
      name: 'setTaskTags × setTaskTags × deleteTag',
      connections,
      setup,
      calls: [
        (db: Db, { userId, taskId, a, b }: Scene) =>
          setTaskTags(db, { userId, taskId, tagIds: [a, b] }),
        (db: Db, { userId, taskId, b, c }: Scene) =>
          setTaskTags(db, { userId, taskId, tagIds: [b, c] }),
        (db: Db, { userId, c }: Scene) => deleteTag(db, { userId, tagId: c }),
      ],
      check: async (scene, [first, , deleted]) => {
        expect([first?.ok, deleted?.ok]).toEqual([true, true]);
        const { a, b } = scene;
        expect([[a, b].sort(), [b]]).toContainEqual(await tagsOf(scene));
      },
    });
  });

  it('softDeleteTask × restoreTask × addTaskTag', async () => {
    await race({
      name: 'softDeleteTask × restoreTask × addTaskTag',
      connections,
      setup,
      calls: [
        (db: Db, { userId, taskId }: Scene) => softDeleteTask(db, { userId, taskId }),
        (db: Db, { userId, taskId }: Scene) => restoreTask(db, { userId, taskId }),
        (db: Db, { userId, taskId, a }: Scene) => addTaskTag(db, { userId, taskId, tagId: a }),
      ],
      check: async (scene, [, , tagged]) => {
        expect(await tagsOf(scene)).toEqual(tagged?.ok ? [scene.a] : []);
      },
    });
  });

  it('createTask × deleteConnector: no task names a connector that is gone', async () => {
    await race({
      name: 'createTask × createTask × deleteConnector',
      connections,
      setup: async () => {
        const userId = await addUser(bench.db);
        const keyring = testKeyring('k1');
        const remote = { name: 'docs', baseUrl: 'https://mcp.example.com' };
        const { id } = await createConnector(bench.db, { userId, keyring, ...remote });
        return { userId, connectorId: id };
      },
      calls: [
        (db: Db, { userId, connectorId }) =>
          createTask(db, { userId, prompt: 'one', mcpServerIds: [connectorId] }),
        (db: Db, { userId, connectorId }) =>
          createTask(db, { userId, prompt: 'two', mcpServerIds: [connectorId] }),
        (db: Db, { userId, connectorId }) => deleteConnector(db, { userId, connectorId }),
      ],
      check: async ({ userId }, [, , deleted]) => {
        expect(deleted?.ok).toBe(true);
        const named = await bench.db
          .select({ mcpServerIds: tasks.mcpServerIds })
          .from(tasks)
          .where(eq(tasks.userId, userId));
        expect(named.flatMap(({ mcpServerIds }) => mcpServerIds)).toEqual([]);
      },
    });
  });

  it('deleteUser × createTask × setKey: nothing of the person stays', async () => {
    const keyring = testKeyring('k1');
    await race({
      name: 'deleteUser × createTask × setKey',
      connections,
      setup,
      calls: [
        (db: Db, { userId }: Scene) => deleteUser(db, { userId }),
        (db: Db, { userId }: Scene) => createTask(db, { userId, prompt: 'late' }),
        (db: Db, { userId }: Scene) =>
          setKey(db, { userId, provider: 'openai', value: 'sk-late-12345678', keyring }),
      ],
      check: async ({ userId }, [deleted]) => {
        expect(deleted?.ok).toBe(true);
        expect(await bench.db.$count(tasks, eq(tasks.userId, userId))).toBe(0);
      },
    });
  });
});

describe.skipIf(!capabilities.concurrency)('a key that is rotated', () => {
  const [before, after] = [testKeyring('old', 'new'), testKeyring('new', 'old')];
  const newest = { provider: 'openai' as const, value: 'sk-second-12345678' };

  it('setKey × rotateEncryptionKey × deleteKey: opens to what was written last, or is gone', async () => {
    await race({
      name: 'setKey × rotateEncryptionKey × deleteKey',
      connections,
      setup: async () => {
        const userId = await addUser(bench.db);
        const first = { provider: 'openai' as const, value: 'sk-first-123456789' };
        await setKey(bench.db, { userId, keyring: before, ...first });
        return { userId };
      },
      calls: [
        (db: Db, { userId }) => setKey(db, { userId, keyring: before, ...newest }),
        (db: Db) => rotateEncryptionKey(db, { keyring: after }),
        (db: Db, { userId }) => deleteKey(db, { userId, provider: 'openai' }),
      ],
      check: async ({ userId }, [set]) => {
        expect(set?.ok).toBe(true);
        const found = await getKey(bench.db, { userId, provider: 'openai', keyring: after });
        expect([undefined, newest.value]).toContain(found);
      },
    });
  });
});
