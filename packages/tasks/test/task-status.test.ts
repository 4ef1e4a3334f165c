import { ConflictError, InvalidInputError, NotFoundError } from '@reference/kit';
import { capabilities } from '@reference/local-postgres';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  canTransition,
  claimTasks,
  requireTaskById,
  softDeleteTask,
  type TaskStatus,
  taskStatus,
  transitionTask,
} from '../src/index.ts';
import { addTask, addUser, openWorkbench, type Workbench } from './workbench.ts';

let bench: Workbench;
let userId: string;
beforeAll(async () => {
  bench = await openWorkbench();
  userId = await addUser(bench.db);
});
afterAll(() => bench.close());

/** Written down once more, apart from the code: the moves that the product allows. */
const allowed = new Set([
  'pending → processing',
  'pending → error',
  'pending → stopped',
  'processing → pending',
  'processing → completed',
  'processing → error',
  'processing → stopped',
  'error → pending',
  'stopped → pending',
]);
const statuses = taskStatus.enumValues;

describe('transitionTask', () => {
  it('allows exactly the listed moves', () => {
    const moves = statuses.flatMap((from) =>
      statuses.filter((to) => canTransition(from, to)).map((to) => `${from} → ${to}`),
    );
    expect(new Set(moves)).toEqual(allowed);
  });

  it('follows the list through any sequence of moves', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...statuses), { minLength: 1, maxLength: 12 }),
        async (moves) => {
          const taskId = await addTask(bench.db, userId);
          let status: TaskStatus = 'pending';
          for (const to of moves) {
            const moving = transitionTask(bench.db, { userId, taskId, to });
            if (allowed.has(`${status} → ${to}`)) {
              await moving;
              status = to;
            } else {
              await expect(moving).rejects.toThrow(ConflictError);
            }
            const task = await requireTaskById(bench.db, { userId, taskId });
            expect(task.status).toBe(status);
            const ended = ['completed', 'error', 'stopped'].includes(status);
            expect(task.completedAt !== null).toBe(ended);
            if (status === 'completed') expect(task.progress).toBe(100);
            if (status === 'pending') expect(task.progress).toBe(0);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('says where a completed task stands, and what to do', async () => {
    const taskId = await addTask(bench.db, userId);
    await transitionTask(bench.db, { userId, taskId, to: 'processing' });
    await transitionTask(bench.db, { userId, taskId, to: 'completed' });
    const moving = transitionTask(bench.db, { userId, taskId, to: 'processing' });
    await expect(moving).rejects.toThrow(ConflictError);
    await expect(moving).rejects.toThrow(/status completed cannot become processing.*new task/);
  });

  it('keeps the reason of an error until the task is tried again', async () => {
    const taskId = await addTask(bench.db, userId);
    const failed = await transitionTask(bench.db, {
      userId,
      taskId,
      to: 'error',
      error: 'No disk',
    });
    expect(failed.error).toBe('No disk');
    const retried = await transitionTask(bench.db, { userId, taskId, to: 'pending' });
    expect(retried).toMatchObject({ error: null, completedAt: null });
  });

  it('takes a reason with an error only', async () => {
    const taskId = await addTask(bench.db, userId);
    const moving = transitionTask(bench.db, { userId, taskId, to: 'stopped', error: 'why' });
    await expect(moving).rejects.toThrow(InvalidInputError);
  });

  it('does not find a deleted task', async () => {
    const taskId = await addTask(bench.db, userId);
    await softDeleteTask(bench.db, { userId, taskId });
    const moving = transitionTask(bench.db, { userId, taskId, to: 'stopped' });
    await expect(moving).rejects.toThrow(NotFoundError);
  });

  it('lets only its worker end a claimed task, and its owner stop it', async () => {
    const taskId = await addTask(bench.db, userId);
    const claimed = await claimTasks(bench.db, { limit: 100 });
    const leaseToken = claimed.find(({ task }) => task.id === taskId)?.leaseToken;
    for (const to of ['completed', 'error', 'pending'] as const) {
      await expect(transitionTask(bench.db, { userId, taskId, to })).rejects.toThrow(ConflictError);
      await expect(
        transitionTask(bench.db, { userId, taskId, to, leaseToken: 'of another' }),
      ).rejects.toThrow(/Another worker holds this task/);
    }
    await transitionTask(bench.db, { userId, taskId, to: 'pending', leaseToken });
    await claimTasks(bench.db, { limit: 100 });
    const stopped = await transitionTask(bench.db, { userId, taskId, to: 'stopped' });
    expect(stopped).toMatchObject({ status: 'stopped', leaseExpiresAt: null });
  });
});

describe.skipIf(!capabilities.concurrency)('transitionTask by many at once', () => {
  it('lets one of them move the task', async () => {
    const others = Array.from({ length: 8 }, () => bench.connect({ max: 1 }));
    for (let round = 0; round < 10; round++) {
      const taskId = await addTask(bench.db, userId);
      await transitionTask(bench.db, { userId, taskId, to: 'processing' });
      const ends = ['completed', 'error', 'stopped', 'pending'] as const;
      const results = await Promise.allSettled(
        others.map(({ db }, index) =>
          transitionTask(db, { userId, taskId, to: ends[index % ends.length] ?? 'error' }),
        ),
      );
      // From error and stopped a task may still become pending: at most those two moves win.
      const won = results.filter(({ status }) => status === 'fulfilled').length;
      expect(won).toBeGreaterThanOrEqual(1);
      for (const result of results) {
        if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(ConflictError);
      }
    }
    const taskId = await addTask(bench.db, userId);
    const starts = await Promise.allSettled(
      others.map(({ db }) => transitionTask(db, { userId, taskId, to: 'processing' })),
    );
    expect(starts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await Promise.all(others.map((other) => other.close()));
  });
});
