import {
  mapConstraints,
  NotFoundError,
  type Placeholders,
  parseInput,
  prepared,
  transaction,
} from '@reference/kit';
import { and, eq, inArray, isNotNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Db, Tx } from '../database.ts';
import { connectors } from '../schema/connectors.ts';
import { insertTaskSchema, tasks, updateTaskSchema } from '../schema/tasks.ts';
import { takeDailyMessages } from './daily-usage.ts';
import { noSuchTask, noSuchUser } from './refusals.ts';
import {
  liveTask,
  type TaskRecord,
  type TaskRef,
  type TaskWithTags,
  taskColumns,
  taskColumnsWithTags,
} from './task-columns.ts';

/** The user's choices for a new task; the rest has defaults or comes from the run. */
export const createTaskSchema = insertTaskSchema
  .pick({
    prompt: true,
    title: true,
    repoUrl: true,
    selectedAgent: true,
    selectedModel: true,
    installDependencies: true,
    maxDuration: true,
    keepAlive: true,
    enableBrowser: true,
    mcpServerIds: true,
  })
  .strict();
export type CreateTask = z.input<typeof createTaskSchema>;
export type UpdateTask = z.input<typeof updateTaskSchema>;

const maxBatch = 100;

/** A user's task, unless it is deleted. */
export async function getTaskById(db: Db, task: TaskRef): Promise<TaskWithTags | undefined> {
  const [found] = await taskById(db, { ...task });
  return found;
}

const taskById = prepared((db: Db, p: Placeholders<TaskRef>) =>
  db.select(taskColumnsWithTags).from(tasks).where(liveTask(p)),
);

/**
 * A user's task, unless it is deleted.
 * @throws NotFoundError also for another user's task
 */
export async function requireTaskById(db: Db, task: TaskRef): Promise<TaskWithTags> {
  const found = await getTaskById(db, task);
  if (!found) throw noSuchTask();
  return found;
}

/**
 * Creates a pending task. Its prompt counts as one of the user's messages of the day.
 *
 * @throws DailyLimitError when the user has sent as many as they may
 * @throws NotFoundError when the user, or a connector in `mcpServerIds`, is not there or not theirs
 * @throws InvalidInputError naming each wrong field
 */
export async function createTask(
  db: Db,
  { userId, ...input }: CreateTask & { readonly userId: string },
): Promise<TaskRecord> {
  const [task] = await createTasks(db, { userId, tasks: [input] });
  if (!task) throw noSuchUser();
  return task;
}

/**
 * Creates up to 100 pending tasks, all or none, in the order given. Errors as `createTask`.
 */
export async function createTasks(
  db: Db,
  { userId, ...input }: { readonly userId: string; readonly tasks: readonly CreateTask[] },
): Promise<TaskRecord[]> {
  const { tasks: rows } = parseInput(
    z.strictObject({ tasks: z.array(createTaskSchema).min(1).max(maxBatch) }),
    input,
  );
  return mapConstraints(
    transaction(db, async (tx) => {
      await takeDailyMessages(tx, { userId, count: rows.length });
      await requireConnectors(
        tx,
        userId,
        rows.flatMap((row) => row.mcpServerIds ?? []),
      );
      return tx
        .insert(tasks)
        .values(rows.map((row) => ({ ...row, userId })))
        .returning(taskColumns);
    }),
    { tasks_user_id_fkey: noSuchUser },
  );
}

/**
 * Changes a task's fields; those not given stay. Status, deletion and counts have functions of
 * their own.
 *
 * @param changes at least one field
 * @throws NotFoundError also for another user's task or connector
 * @throws InvalidInputError naming each wrong field
 */
export async function updateTask(
  db: Db,
  { userId, taskId, changes }: TaskRef & { readonly changes: UpdateTask },
): Promise<TaskRecord> {
  const checked = parseInput(
    updateTaskSchema.refine((given) => Object.keys(given).length > 0, 'give a field to change'),
    changes,
  );
  return transaction(db, async (tx) => {
    await requireConnectors(tx, userId, checked.mcpServerIds ?? []);
    const [task] = await tx
      .update(tasks)
      .set(checked)
      .where(liveTask({ userId, taskId }))
      .returning(taskColumns);
    if (!task) throw noSuchTask();
    return task;
  });
}

/**
 * Moves a task to the trash: nothing finds it but the list of deleted ones and `restoreTask`.
 * A worker that runs it learns from its next call that it is gone.
 * @throws NotFoundError also when it is deleted already
 */
export async function softDeleteTask(db: Db, task: TaskRef): Promise<TaskRecord> {
  const [deleted] = await db
    .update(tasks)
    .set({ deletedAt: sql`now()` })
    .where(liveTask(task))
    .returning(taskColumns);
  if (!deleted) throw noSuchTask();
  return deleted;
}

/**
 * Takes a task out of the trash.
 * @throws NotFoundError also when it is not deleted
 */
export async function restoreTask(db: Db, { userId, taskId }: TaskRef): Promise<TaskRecord> {
  const [restored] = await db
    .update(tasks)
    .set({ deletedAt: null })
    .where(and(eq(tasks.id, taskId), eq(tasks.userId, userId), isNotNull(tasks.deletedAt)))
    .returning(taskColumns);
  if (!restored) throw noSuchTask();
  return restored;
}

/** An array column has no foreign keys, so this is what keeps a task to its own user's connectors. */
async function requireConnectors(tx: Tx, userId: string, ids: readonly string[]): Promise<void> {
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return;
  // Locked, so that `deleteConnector` cannot take one away before the task that names it is there.
  const found = await tx
    .select({ id: connectors.id })
    .from(connectors)
    .where(and(eq(connectors.userId, userId), inArray(connectors.id, wanted)))
    .for('key share');
  if (found.length < wanted.length) {
    throw new NotFoundError('The user has no such connector; list theirs and choose from those.');
  }
}
