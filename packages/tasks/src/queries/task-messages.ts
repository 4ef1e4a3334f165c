import {
  type KeysetPage,
  keyset,
  type PageRequest,
  type Placeholders,
  parseInput,
  parseLimit,
  preparedPages,
  transaction,
} from '@reference/kit';
import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Db } from '../database.ts';
import { filledProse } from '../schema/fields.ts';
import { tasks } from '../schema/tasks.ts';
import { messageRole, type TaskMessage, taskMessages } from '../schema/transcripts.ts';
import { takeDailyMessages } from './daily-usage.ts';
import { noSuchTask } from './refusals.ts';
import { ofLiveTask, requireLiveTask } from './task-children.ts';
import { liveTask, type TaskRef } from './task-columns.ts';

const appendSchema = z.strictObject({
  role: z.enum(messageRole.enumValues),
  content: filledProse(100_000)(z.string()),
});

const messageColumns = {
  id: taskMessages.id,
  sequence: taskMessages.sequence,
  role: taskMessages.role,
  content: taskMessages.content,
  createdAt: taskMessages.createdAt,
};

/** A message as lists return it. */
export type Message = Pick<TaskMessage, keyof typeof messageColumns>;

/**
 * Appends a message to a task. A user's own message counts against their daily limit.
 *
 * @throws DailyLimitError when the user has reached the limit; the message is not stored
 * @throws NotFoundError also for another user's task
 * @throws InvalidInputError for an empty or too long message
 */
export async function appendMessage(
  db: Db,
  { userId, taskId, ...input }: TaskRef & z.input<typeof appendSchema>,
): Promise<Message> {
  const { role, content } = parseInput(appendSchema, input);
  return transaction(db, async (tx) => {
    // Writers wait for the counter's row lock, so sequences have no gap and no duplicate.
    const [task] = await tx
      .update(tasks)
      .set({ messageCount: sql`${tasks.messageCount} + 1` })
      .where(liveTask({ userId, taskId }))
      .returning({ sequence: tasks.messageCount });
    if (!task) throw noSuchTask();
    if (role === 'user') await takeDailyMessages(tx, { userId, count: 1 });
    const [message] = await tx
      .insert(taskMessages)
      .values({ userId, taskId, sequence: task.sequence, role, content })
      .returning(messageColumns);
    if (!message) throw noSuchTask();
    return message;
  });
}

const order = keyset([{ column: taskMessages.sequence }]);
const pages = preparedPages(
  order,
  (db: Db, p: Placeholders<{ userId: string; taskId: string }>, seek) =>
    db
      .select({ ...messageColumns, ...order.select })
      .from(taskMessages)
      .where(and(eq(taskMessages.taskId, p.taskId), ofLiveTask(db, p), seek.where))
      .orderBy(...seek.orderBy)
      .limit(seek.limit),
);

/**
 * Lists a task's messages, oldest first.
 * @throws NotFoundError also for another user's task
 */
export async function listTaskMessages(
  db: Db,
  { userId, taskId, after, before, limit: asked }: TaskRef & PageRequest,
): Promise<KeysetPage<Message>> {
  const limit = parseLimit(asked);
  const page = await pages(db, { userId, taskId }, { after, before, limit });
  if (page.items.length === 0) await requireLiveTask(db, { userId, taskId });
  return page;
}
