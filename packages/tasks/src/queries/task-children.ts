import type { Placeholders } from '@reference/kit';
import { exists, type SQL } from 'drizzle-orm';
import type { Db } from '../database.ts';
import { tasks } from '../schema/tasks.ts';
import { noSuchTask } from './refusals.ts';
import { liveTask, type TaskRef } from './task-columns.ts';

/**
 * Limits a list of a task's children to a live task of this user; evaluated once. The children's
 * own `user_id` can't differ (composite foreign key), and a condition on it would lead the planner
 * to its index, which lacks the children's order.
 */
export const ofLiveTask = (db: Db, task: Placeholders<TaskRef>): SQL =>
  exists(db.select({ id: tasks.id }).from(tasks).where(liveTask(task)));

/**
 * Distinguishes an empty list from a missing task.
 * @throws NotFoundError
 */
export async function requireLiveTask(db: Db, task: TaskRef): Promise<void> {
  const [found] = await db.select({ id: tasks.id }).from(tasks).where(liveTask(task)).limit(1);
  if (!found) throw noSuchTask();
}
