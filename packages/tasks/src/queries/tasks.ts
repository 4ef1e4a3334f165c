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

/** A user's fields of a new task; the others have defaults or come from the run. */
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

/** Gets a user's task; undefined if it is deleted. */
export async function getTaskById(db: Db, task: TaskRef): Promise<TaskWithTags | undefined> {
  const [found] = await taskById(db, { ...task });
  return found;
}

const taskById = prepared((db: Db, p: Placeholders<TaskRef>) =>
  db.select(taskColumnsWithTags).from(tasks).where(liveTask(p)),
);

/**
 * Gets a user's task.
 * @throws NotFoundError also for another user's task
 */
export async function requireTaskById(db: Db, task: TaskRef): Promise<TaskWithTags> {
  const found = await getTaskById(db, task);
  if (!found) throw noSuchTask();
  return found;
}

/**
 * Creates a pending task. Its prompt counts against the user's daily limit.
 *
 * @throws DailyLimitError when the user has reached the limit
 * @throws NotFoundError when the user does not exist, or a connector in `mcpServerIds` does not or
 *   is another user's
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
 * Changes a task's fields; omitted ones stay unchanged. Status, deletion and counts have functions
 * of their own.
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
 * Moves a task to the trash, where only the list of deleted tasks and `restoreTask` find it. A
 * worker that runs it gets a NotFoundError from its next call.
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
 * Restores a task from the trash.
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

/**
 * An array column has no foreign keys, so this check limits a task to its own user's connectors.
 */
async function requireConnectors(tx: Tx, userId: string, ids: readonly string[]): Promise<void> {
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return;
  // Locked, so that `deleteConnector` cannot delete one before the task that names it is committed.
  const found = await tx
    .select({ id: connectors.id })
    .from(connectors)
    .where(and(eq(connectors.userId, userId), inArray(connectors.id, wanted)))
    .for('key share');
  if (found.length < wanted.length) {
    throw new NotFoundError('The user has no such connector; list theirs and choose from those.');
  }
}
