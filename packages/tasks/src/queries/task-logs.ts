import {
  type KeysetPage,
  keyset,
  type PageRequest,
  type Placeholders,
  parseInput,
  parseLimit,
  preparedPages,
} from '@reference/kit';
import { and, eq, gt, sql } from 'drizzle-orm';
import { nanoid } from 'nanoid';
import { z } from 'zod';
import type { Db } from '../database.ts';
import { prose } from '../schema/fields.ts';
import { tasks } from '../schema/tasks.ts';
import { logType, type TaskLog, taskLogs } from '../schema/transcripts.ts';
import { noSuchTask } from './refusals.ts';
import { ofLiveTask, requireLiveTask } from './task-children.ts';
import type { TaskRef } from './task-columns.ts';

const lineSchema = z.strictObject({
  type: z.enum(logType.enumValues).default('info'),
  message: prose(20_000)(z.string()),
});
const appendSchema = z.strictObject({ lines: z.array(lineSchema).min(1).max(1000) });
const afterSequenceSchema = z.object({ afterSequence: z.int().min(0).default(0) });

export type LogLine = z.input<typeof lineSchema>;

const logColumns = {
  sequence: taskLogs.sequence,
  type: taskLogs.type,
  message: taskLogs.message,
  createdAt: taskLogs.createdAt,
};

/** A log line as lists return it. */
export type LogEntry = Pick<TaskLog, keyof typeof logColumns>;

/**
 * Appends 1 to 1,000 lines to a task's log, all or none, in one statement. However many writers
 * there are, the log's sequence is 1, 2, 3, … without a gap, and one call's lines are consecutive,
 * because a counter in the task's row gives the numbers and rolls back with a failed insert.
 *
 * @returns the sequence of the first and of the last line
 * @throws NotFoundError also for another user's task
 * @throws InvalidInputError for no lines, too many, or a line that cannot be stored
 */
export async function appendLogs(
  db: Db,
  { userId, taskId, ...input }: TaskRef & { readonly lines: readonly LogLine[] },
): Promise<{ firstSequence: number; lastSequence: number }> {
  const { lines } = parseInput(appendSchema, input);
  const rows = JSON.stringify(lines.map((line) => ({ id: nanoid(), ...line })));
  const [appended] = await db.execute<{ last: number }>(sql`
    with task as (
      update ${tasks}
      set log_count = ${tasks.logCount} + ${lines.length}
      where ${tasks.id} = ${taskId} and ${tasks.userId} = ${userId} and ${tasks.deletedAt} is null
      returning ${tasks.id}, ${tasks.userId}, ${tasks.logCount} as last
    ), appended as (
      insert into ${taskLogs} (id, user_id, task_id, sequence, type, message)
      select line.id, task.user_id, task.id, task.last - ${lines.length} + line.place, line.type, line.message
      from task
      cross join rows from (
        jsonb_to_recordset(${rows}::text::jsonb) as (id text, type log_type, message text)
      ) with ordinality as line (id, type, message, place)
    )
    select last from task
  `);
  if (!appended) throw noSuchTask();
  return { firstSequence: appended.last - lines.length + 1, lastSequence: appended.last };
}

const order = keyset([{ column: taskLogs.sequence }]);
const pages = preparedPages(
  order,
  (db: Db, p: Placeholders<{ userId: string; taskId: string; afterSequence: number }>, seek) =>
    db
      .select({ ...logColumns, ...order.select })
      .from(taskLogs)
      .where(
        and(
          eq(taskLogs.taskId, p.taskId),
          ofLiveTask(db, p),
          gt(taskLogs.sequence, p.afterSequence),
          seek.where,
        ),
      )
      .orderBy(...seek.orderBy)
      .limit(seek.limit),
);

/**
 * Lists a task's log, oldest line first.
 *
 * @param afterSequence only lines after this one, to follow a running task
 * @throws NotFoundError also for another user's task
 */
export async function listTaskLogs(
  db: Db,
  {
    userId,
    taskId,
    after,
    before,
    limit: asked,
    ...given
  }: TaskRef & PageRequest & { readonly afterSequence?: number | undefined },
): Promise<KeysetPage<LogEntry>> {
  const limit = parseLimit(asked);
  const { afterSequence } = parseInput(afterSequenceSchema, given);
  const page = await pages(db, { userId, taskId, afterSequence }, { after, before, limit });
  if (page.items.length === 0) await requireLiveTask(db, { userId, taskId });
  return page;
}
