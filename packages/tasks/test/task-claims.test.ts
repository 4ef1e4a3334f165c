import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ConflictError, InvalidInputError, NotFoundError } from '@reference/kit';
import { capabilities } from '@reference/local-postgres';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type ClaimedTask,
  claimTasks,
  createTasks,
  renewLease,
  requireTaskById,
  softDeleteTask,
  type TaskRef,
  tasks,
  transitionTask,
} from '../src/index.ts';
import { addTask, addUser, openWorkbench, untyped, type Workbench } from './workbench.ts';

let bench: Workbench;
let userId: string;
beforeAll(async () => {
  bench = await openWorkbench();
  userId = await addUser(bench.db);
});
afterAll(() => bench.close());
beforeEach(async () => {
  await bench.db.delete(tasks);
});

const idsOf = (claimed: readonly ClaimedTask[]) => claimed.map(({ task }) => task.id);

async function addTasks(count: number): Promise<string[]> {
  const created = [];
  for (let left = count; left > 0; left -= 100) {
    const batch = Array.from({ length: Math.min(left, 100) }, () => ({ prompt: 'a' }));
    created.push(...(await createTasks(bench.db, { userId, tasks: batch })));
  }
  return created.map(({ id }) => id);
}

const endLease = (taskId: string) =>
  bench.db
    .update(tasks)
    .set({ leaseExpiresAt: sql`now() - interval '1 second'` })
    .where(eq(tasks.id, taskId));

async function claimOne(): Promise<ClaimedTask> {
  const [claimed] = await claimTasks(bench.db);
  if (!claimed) throw new Error('nothing to claim');
  return claimed;
}

describe('claimTasks', () => {
  it('gives the oldest pending task, and not the ones that are deleted or under way', async () => {
    const created = await Promise.all(['a', 'b', 'c', 'd'].map(() => addTask(bench.db, userId)));
    const [deleted, started, late, early] = created;
    if (!deleted || !started || !late || !early) throw new Error('four were created');
    await softDeleteTask(bench.db, { userId, taskId: deleted });
    await transitionTask(bench.db, { userId, taskId: started, to: 'processing' });
    await bench.db
      .update(tasks)
      .set({ createdAt: sql`now() - interval '1 day'` })
      .where(eq(tasks.id, early));

    const { task, leaseToken } = await claimOne();
    expect(task).toMatchObject({ id: early, userId, status: 'processing', attempts: 1 });
    expect(leaseToken).toMatch(/.{21}/);
    expect(idsOf(await claimTasks(bench.db, { limit: 10 }))).toEqual([late]);
    expect(await claimTasks(bench.db)).toEqual([]);
  });

  it('gives one task after the other by age, whatever their ids', async () => {
    const ids = (await addTasks(4)).sort().reverse();
    for (const [hours, id] of ids.entries()) {
      await bench.db
        .update(tasks)
        .set({ createdAt: sql`now() - make_interval(hours => ${10 - hours}::int)` })
        .where(eq(tasks.id, id));
    }
    const given: string[] = [];
    while (given.length < 4) given.push((await claimOne()).task.id);
    expect(given).toEqual(ids);
  });

  it('gives a task whose worker has gone silent to another, and refuses the first one', async () => {
    const taskId = await addTask(bench.db, userId);
    const first = await claimOne();
    expect(await claimTasks(bench.db)).toEqual([]);
    await endLease(taskId);
    const second = await claimOne();
    expect(second.task).toMatchObject({ id: taskId, attempts: 2 });
    expect(second.leaseToken).not.toBe(first.leaseToken);

    const old = { userId, taskId, leaseToken: first.leaseToken };
    await expect(renewLease(bench.db, old)).rejects.toThrow(ConflictError);
    await expect(transitionTask(bench.db, { ...old, to: 'completed' })).rejects.toThrow(
      ConflictError,
    );
    const leaseToken = second.leaseToken;
    await renewLease(bench.db, { userId, taskId, leaseToken, progress: 60 });
    const done = await transitionTask(bench.db, { userId, taskId, leaseToken, to: 'completed' });
    expect(done).toMatchObject({ status: 'completed', progress: 100 });
  });

  it('sets a task to error that has lost its last worker', async () => {
    const taskId = await addTask(bench.db, userId);
    for (const attempt of [1, 2]) {
      expect(
        (await claimTasks(bench.db, { maxAttempts: 2 })).map(({ task }) => task.attempts),
      ).toEqual([attempt]);
      await endLease(taskId);
    }
    expect(await claimTasks(bench.db, { maxAttempts: 2 })).toEqual([]);
    const task = await requireTaskById(bench.db, { userId, taskId });
    expect(task).toMatchObject({ status: 'error', error: 'Given up: 2 workers were lost on it.' });
    const retried = await transitionTask(bench.db, { userId, taskId, to: 'pending' });
    expect(retried.attempts).toBe(0);
  });

  it('leaves a task alone that a person set to processing', async () => {
    const taskId = await addTask(bench.db, userId);
    await transitionTask(bench.db, { userId, taskId, to: 'processing' });
    expect(await claimTasks(bench.db)).toEqual([]);
  });

  it.each([{ limit: 0 }, { limit: 101 }, { leaseSeconds: 0 }, { maxAttempts: 0 }, { worker: 'a' }])(
    'refuses %j',
    async (options) => {
      await expect(claimTasks(bench.db, untyped(options))).rejects.toThrow(InvalidInputError);
    },
  );
});

describe('renewLease', () => {
  it('tells a worker that its task was stopped or deleted', async () => {
    const ends = [
      [(ref: TaskRef) => transitionTask(bench.db, { ...ref, to: 'stopped' }), ConflictError],
      [(ref: TaskRef) => softDeleteTask(bench.db, ref), NotFoundError],
    ] as const;
    for (const [end, error] of ends) {
      const taskId = await addTask(bench.db, userId);
      const { leaseToken } = await claimOne();
      const held = { userId, taskId, leaseToken };
      const { leaseExpiresAt } = await renewLease(bench.db, { ...held, leaseSeconds: 600 });
      expect(leaseExpiresAt.getTime()).toBeGreaterThan(Date.now() + 500_000);
      await end({ userId, taskId });
      await expect(renewLease(bench.db, held)).rejects.toThrow(error);
    }
  });
});

describe.skipIf(!capabilities.concurrency)('workers at once', () => {
  it('never get one task twice, and leave none', async () => {
    const created = await addTasks(300);
    const pools = Array.from({ length: 6 }, () => bench.connect({ max: 1 }));
    const claimed = await Promise.all(
      pools.map(async ({ db }) => {
        const own: string[] = [];
        for (;;) {
          const batch = await claimTasks(db, { limit: 7 });
          if (batch.length === 0) return own;
          own.push(...idsOf(batch));
        }
      }),
    );
    await Promise.all(pools.map((pool) => pool.close()));
    // An idle worker saw only rows that others were about to take; what they rolled back is still there.
    const rest = idsOf(await claimTasks(bench.db, { limit: 100 }));
    const all = [...claimed.flat(), ...rest];
    expect(all).toHaveLength(300);
    expect(new Set(all)).toEqual(new Set(created));
    expect(claimed.filter((own) => own.length > 0).length).toBeGreaterThan(1);
  });

  it('do not take what an open transaction is claiming, and get it when that one is lost', async () => {
    const [taskId] = await addTasks(1);
    const other = bench.connect({ max: 1 });
    const claiming = other.db.transaction(async (tx) => {
      expect(idsOf(await claimTasks(tx))).toEqual([taskId]);
      expect(await claimTasks(bench.db)).toEqual([]);
      throw new Error('the worker is lost');
    });
    await expect(claiming).rejects.toThrow('the worker is lost');
    expect(idsOf(await claimTasks(bench.db))).toEqual([taskId]);
    await other.close();
  });

  it('finish every task once though workers are killed in the middle', async () => {
    const created = await addTasks(60);
    const completions: string[] = [];
    const workers = new Set<ChildProcess>();
    const startWorker = () => {
      const worker = spawn(
        process.execPath,
        ['--import', 'tsx', fileURLToPath(new URL('./claim-worker.ts', import.meta.url))],
        {
          env: { ...process.env, TASKS_DATABASE_URL: bench.url },
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      );
      worker.stdout.setEncoding('utf8').on('data', (text: string) => {
        for (const [, id] of text.matchAll(/^completed (.+)$/gm)) if (id) completions.push(id);
      });
      workers.add(worker);
      return worker;
    };
    const kill = async (worker: ChildProcess) => {
      workers.delete(worker);
      const gone = once(worker, 'exit');
      worker.kill('SIGKILL');
      await gone;
    };
    try {
      // Each is killed within the time that its first three tasks take.
      await Promise.all(
        [startWorker(), startWorker(), startWorker()].map(async (victim) => {
          await once(victim.stdout, 'data');
          await sleep(Math.random() * 120);
          await kill(victim);
        }),
      );
      startWorker();
      startWorker();
      const unfinished = sql`${tasks.status} <> 'completed'`;
      while ((await bench.db.$count(tasks, unfinished)) > 0) await sleep(50);
    } finally {
      await Promise.all([...workers].map(kill));
    }
    const done = await bench.db
      .select({ id: tasks.id, status: tasks.status, attempts: tasks.attempts })
      .from(tasks);
    expect(done.map(({ id }) => id).sort()).toEqual([...created].sort());
    expect(new Set(done.map(({ status }) => status))).toEqual(new Set(['completed']));
    expect(done.some(({ attempts }) => attempts > 1)).toBe(true);
    expect(new Set(completions).size).toBe(completions.length);
  }, 300_000);
});
