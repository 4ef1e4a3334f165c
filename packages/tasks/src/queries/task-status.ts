import { ConflictError, parseInput } from '@reference/kit';
import { and, eq, inArray, isNull, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Db } from '../database.ts';
import { prose } from '../schema/fields.ts';
import { type TaskStatus, taskStatus, tasks } from '../schema/tasks.ts';
import { leaseLost, noSuchTask } from './refusals.ts';
import { liveTask, type TaskRecord, type TaskRef, taskColumns } from './task-columns.ts';

/** The transitions from each status. */
export const taskTransitions = {
  pending: ['processing', 'error', 'stopped'],
  /** To pending when a worker returns the task. */
  processing: ['pending', 'completed', 'error', 'stopped'],
  /** Final; new work is a new task. */
  completed: [],
  /** To pending for a retry. */
  error: ['pending'],
  stopped: ['pending'],
} as const satisfies Record<TaskStatus, readonly TaskStatus[]>;

const statuses = taskStatus.enumValues;
const ended: readonly TaskStatus[] = ['completed', 'error', 'stopped'];

/** True if the state machine allows a transition. */
export const canTransition = (from: TaskStatus, to: TaskStatus): boolean =>
  taskTransitions[from].some((next) => next === to);

const transitionSchema = z
  .strictObject({
    to: z.enum(statuses),
    error: prose(10_000)(z.string()).optional(),
    leaseToken: z.string().min(1).optional(),
  })
  .refine((move) => move.error === undefined || move.to === 'error', {
    path: ['error'],
    message: 'goes with the status error only',
  });

export type TransitionTask = TaskRef & z.input<typeof transitionSchema>;

/**
 * Changes a task's status in one conditional UPDATE: if two calls come at once, one succeeds and
 * the other gets a ConflictError.
 *
 * While a worker holds a task (`claimTasks`), only that worker, by its lease token, completes,
 * fails or returns it; its owner may stop it.
 *
 * @param error the reason, with `to: 'error'`
 * @param leaseToken of the claim, from a worker
 * @throws ConflictError when the state machine has no such transition from the task's status, or
 *   another worker holds it
 * @throws NotFoundError also for another user's task
 */
export async function transitionTask(
  db: Db,
  { userId, taskId, ...move }: TransitionTask,
): Promise<TaskRecord> {
  const { to, error, leaseToken } = parseInput(transitionSchema, move);
  const from = statuses.filter((status) => canTransition(status, to));
  const [task] = await db
    .update(tasks)
    .set({
      status: to,
      error: to === 'error' ? (error ?? null) : to === 'pending' ? null : undefined,
      progress: to === 'completed' ? 100 : to === 'pending' ? 0 : undefined,
      // A person's retry resets the count of claims; a worker's return does not.
      attempts:
        to === 'pending'
          ? sql`case when ${tasks.status} = 'processing' then ${tasks.attempts} else 0 end`
          : undefined,
      leaseToken: null,
      leaseExpiresAt: null,
      completedAt: ended.includes(to) ? sql`now()` : null,
    })
    .where(and(liveTask({ userId, taskId }), inArray(tasks.status, from), mayMove(to, leaseToken)))
    .returning(taskColumns);
  return task ?? (await refuse(db, { userId, taskId, to }));
}

function mayMove(to: TaskStatus, leaseToken: string | undefined): SQL | undefined {
  if (leaseToken !== undefined) return eq(tasks.leaseToken, leaseToken);
  return to === 'stopped' ? undefined : isNull(tasks.leaseToken);
}

/** Throws the error of the condition that failed. */
async function refuse(
  db: Db,
  { userId, taskId, to }: TaskRef & { readonly to: TaskStatus },
): Promise<never> {
  const [task] = await db
    .select({ status: tasks.status })
    .from(tasks)
    .where(liveTask({ userId, taskId }))
    .limit(1);
  if (!task) throw noSuchTask();
  if (canTransition(task.status, to)) throw leaseLost();
  const allowed: readonly TaskStatus[] = taskTransitions[task.status];
  const next = allowed.length > 0 ? allowed.join(', ') : 'nothing: create a new task';
  throw new ConflictError(
    `A task in status ${task.status} cannot become ${to}. From there: ${next}.`,
  );
}
