import type { Placeholders } from '@reference/kit';
import { and, eq, getTableColumns, isNull, type SQL, sql } from 'drizzle-orm';
import { tags, taskTags } from '../schema/tags.ts';
import { type Task, tasks } from '../schema/tasks.ts';

const { search: _search, leaseToken: _leaseToken, ...wholeColumns } = getTableColumns(tasks);

/** A tag as a task returns it. */
export interface TagOfTask {
  readonly id: string;
  readonly name: string;
  readonly color: string;
}

// Plain names, because in a select from one table Drizzle would drop the table from `${tasks.id}`.
/** A task's tags by name, as one JSON value of its row, which saves a statement per task. */
const tagList = sql<TagOfTask[]>`(
  select coalesce(
    json_agg(json_build_object('id', tag.id, 'name', tag.name, 'color', tag.color)
      order by lower(tag.name)),
    '[]')
  from ${taskTags} as worn
  join ${tags} as tag on tag.id = worn.tag_id and tag.user_id = worn.user_id
  where worn.task_id = ${tasks}.id and worn.user_id = ${tasks}.user_id
)`;

/** All columns of a task except its search vector and its worker's token. */
export const taskColumns = wholeColumns;
export const taskColumnsWithTags = { ...wholeColumns, tags: tagList };

/** The columns of a task in a list: the first 300 characters of its prompt, no settings. */
export const taskSummaryColumns = {
  id: tasks.id,
  title: tasks.title,
  promptPreview: sql<string>`left(${tasks.prompt}, 300)`,
  repoUrl: tasks.repoUrl,
  selectedAgent: tasks.selectedAgent,
  selectedModel: tasks.selectedModel,
  status: tasks.status,
  progress: tasks.progress,
  branchName: tasks.branchName,
  previewUrl: tasks.previewUrl,
  prUrl: tasks.prUrl,
  prNumber: tasks.prNumber,
  prStatus: tasks.prStatus,
  messageCount: tasks.messageCount,
  logCount: tasks.logCount,
  createdAt: tasks.createdAt,
  updatedAt: tasks.updatedAt,
  completedAt: tasks.completedAt,
  deletedAt: tasks.deletedAt,
  tags: tagList,
};

export type TaskRecord = Omit<Task, 'search' | 'leaseToken'>;
export type TaskWithTags = TaskRecord & { tags: TagOfTask[] };

/** A task and its owner. */
export interface TaskRef {
  readonly userId: string;
  readonly taskId: string;
}

/** The one ownership predicate: this user's live task. */
export const liveTask = ({ userId, taskId }: TaskRef | Placeholders<TaskRef>): SQL | undefined =>
  and(eq(tasks.id, taskId), eq(tasks.userId, userId), isNull(tasks.deletedAt));
