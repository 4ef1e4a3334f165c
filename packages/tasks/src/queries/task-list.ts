import {
  type KeysetPage,
  keyset,
  type PageRequest,
  type Placeholders,
  parseInput,
  parseLimit,
  preparedPages,
} from '@reference/kit';
import { and, eq, exists, isNotNull, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Db } from '../database.ts';
import { idSchema, prose } from '../schema/fields.ts';
import { taskTags } from '../schema/tags.ts';
import { type Task, type TaskStatus, taskStatus, tasks } from '../schema/tasks.ts';
import { type TagOfTask, taskSummaryColumns } from './task-columns.ts';

/** A task as lists return it. */
export type TaskSummary = Pick<
  Task,
  Exclude<keyof typeof taskSummaryColumns, 'promptPreview' | 'tags'>
> & {
  /** The prompt's first 300 characters. */
  readonly promptPreview: string;
  readonly tags: TagOfTask[];
};

const statusSchema = z.enum(taskStatus.enumValues);
const filterSchema = z.strictObject({
  status: z.union([statusSchema, z.array(statusSchema).min(1)]).optional(),
  tagId: idSchema.optional(),
  text: prose(500)(z.string()).optional(),
  deleted: z.boolean().default(false),
});

export interface TaskFilter {
  /** One status, or any of several. */
  readonly status?: TaskStatus | readonly TaskStatus[] | undefined;
  /** Only tasks with this tag. */
  readonly tagId?: string | undefined;
  /**
   * Words of the title or the prompt, as typed into a search box: all of them, in any form of the
   * word; `"a phrase"`, `or` and `-not` work.
   */
  readonly text?: string | undefined;
  /** The trash instead of the live tasks. */
  readonly deleted?: boolean | undefined;
}

/**
 * Lists a user's tasks, newest first, with their tags, message counts and log counts, in one
 * statement.
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
  const { status, tagId, text = '', deleted } = parseInput(filterSchema, given);
  const statuses = [status ?? []].flat();
  const filter: Filter = {
    deleted,
    status: statuses.length > 1 ? 'several' : statuses.length === 1 ? 'one' : 'any',
    tag: tagId !== undefined,
    words: text.trim() !== '',
  };
  // Each filter's statement takes those it needs.
  const values = {
    userId,
    status: statuses[0] ?? 'pending',
    statuses: `{${statuses.join()}}`,
    tagId: tagId ?? '',
    owner: ownerWord(userId),
    text,
  };
  return pagesFor(filter)(db, values, { after, before, limit });
}

const order = keyset([
  { column: tasks.createdAt, direction: 'desc' },
  { column: tasks.id, direction: 'desc' },
]);

/** The filters in use, without their values: each combination is a hot query of its own, 24 at most. */
interface Filter {
  readonly deleted: boolean;
  readonly status: 'any' | 'one' | 'several';
  readonly tag: boolean;
  readonly words: boolean;
}

type Parameters = Placeholders<{
  userId: string;
  status: TaskStatus;
  statuses: string;
  tagId: string;
  owner: string;
  text: string;
}>;

const built = new Map<string, ReturnType<typeof buildPages>>();

function pagesFor(filter: Filter): ReturnType<typeof buildPages> {
  const key = JSON.stringify(filter);
  const pages = built.get(key) ?? buildPages(filter);
  built.set(key, pages);
  return pages;
}

const buildPages = (filter: Filter) =>
  preparedPages(order, (db: Db, p: Parameters, seek) =>
    db
      .select({ ...taskSummaryColumns, ...order.select })
      .from(tasks)
      .where(
        and(
          eq(tasks.userId, p.userId),
          filter.deleted ? isNotNull(tasks.deletedAt) : isNull(tasks.deletedAt),
          filter.status === 'one' ? eq(tasks.status, p.status) : undefined,
          filter.status === 'several'
            ? sql`${tasks.status} = any(${p.statuses}::task_status[])`
            : undefined,
          filter.tag ? wearsTag(db, p) : undefined,
          filter.words
            ? sql`${tasks.search} @@ (${p.owner}::tsquery && websearch_to_tsquery('english', ${p.text}))`
            : undefined,
          seek.where,
        ),
      )
      .orderBy(...seek.orderBy)
      .limit(seek.limit),
  );

const wearsTag = (db: Db, p: Parameters) =>
  exists(
    db
      .select({ taskId: taskTags.taskId })
      .from(taskTags)
      .where(
        and(
          eq(taskTags.tagId, p.tagId),
          eq(taskTags.userId, tasks.userId),
          eq(taskTags.taskId, tasks.id),
        ),
      ),
  );

/** The owner is a word of the search vector, so that the index gives only this user's matches. */
const ownerWord = (userId: string) => `'${`user:${userId}`.replace(/['\\]/g, '\\$&')}'`;
