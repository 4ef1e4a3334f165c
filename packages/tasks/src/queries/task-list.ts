import { type KeysetPage, keyset, type PageRequest, parseInput, parseLimit } from '@reference/kit';
import { and, eq, exists, inArray, isNotNull, isNull, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Db } from '../database.ts';
import { idSchema, prose } from '../schema/fields.ts';
import { taskTags } from '../schema/tags.ts';
import { type TaskStatus, taskStatus, tasks } from '../schema/tasks.ts';
import { type TagOfTask, taskSummaryColumns } from './task-columns.ts';

/** A task as a list shows it. */
export type TaskSummary = Pick<
  typeof tasks.$inferSelect,
  Exclude<keyof typeof taskSummaryColumns, 'promptPreview' | 'tags'>
> & {
  /** The prompt's first 300 characters. */
  readonly promptPreview: string;
  readonly tags: TagOfTask[];
};

const filterSchema = z.strictObject({
  status: z
    .union([z.enum(taskStatus.enumValues), z.array(z.enum(taskStatus.enumValues)).min(1)])
    .optional(),
  tagId: idSchema.optional(),
  text: prose(500)(z.string()).optional(),
  deleted: z.boolean().default(false),
});

export interface TaskFilter {
  /** One, or any of several. */
  readonly status?: TaskStatus | readonly TaskStatus[] | undefined;
  /** Tasks that wear this tag. */
  readonly tagId?: string | undefined;
  /**
   * Words of the title or the prompt, as typed into a search box: all of them, in any form of the
   * word; `"a phrase"`, `or` and `-not` work.
   */
  readonly text?: string | undefined;
  /** The trash instead of the live tasks. */
  readonly deleted?: boolean | undefined;
}

const order = keyset([
  { column: tasks.createdAt, direction: 'desc' },
  { column: tasks.id, direction: 'desc' },
]);

/**
 * A user's tasks, newest first, with their tags and how many messages and log lines they have, in
 * one statement.
 *
 * @returns a page; `nextCursor` continues it with the same filters
 * @throws InvalidInputError for a wrong filter, limit or cursor
 */
export async function getUserTasks(
  db: Db,
  {
    userId,
    after,
    before,
    limit: asked,
    ...given
  }: TaskFilter & PageRequest & { readonly userId: string },
): Promise<KeysetPage<TaskSummary>> {
  const limit = parseLimit(asked);
  const filter = parseInput(filterSchema, given);
  const seek = order.seek({ after, before });
  const rows = await db
    .select({ ...taskSummaryColumns, ...order.select })
    .from(tasks)
    .where(
      and(
        eq(tasks.userId, userId),
        filter.deleted ? isNotNull(tasks.deletedAt) : isNull(tasks.deletedAt),
        hasStatus(filter.status),
        filter.tagId === undefined ? undefined : wearsTag(db, filter.tagId),
        filter.text?.trim() ? matchesWords(userId, filter.text) : undefined,
        seek.where,
      ),
    )
    .orderBy(...seek.orderBy)
    .limit(limit + 1);
  return seek.page(rows, limit);
}

const hasStatus = (status: TaskStatus | TaskStatus[] | undefined): SQL | undefined => {
  if (status === undefined) return undefined;
  return Array.isArray(status) ? inArray(tasks.status, status) : eq(tasks.status, status);
};

const wearsTag = (db: Db, tagId: string): SQL =>
  exists(
    db
      .select({ taskId: taskTags.taskId })
      .from(taskTags)
      .where(
        and(
          eq(taskTags.tagId, tagId),
          eq(taskTags.userId, tasks.userId),
          eq(taskTags.taskId, tasks.id),
        ),
      ),
  );

/** The owner is a word of the search vector: the index gives this user's matches, not everyone's. */
const matchesWords = (userId: string, text: string): SQL => {
  const owner = `'${`user:${userId}`.replace(/['\\]/g, '\\$&')}'`;
  return sql`${tasks.search} @@ (${owner}::tsquery && websearch_to_tsquery('english', ${text}))`;
};
