import {
  ConflictError,
  type KeysetPage,
  keyset,
  listPage,
  mapConstraints,
  NotFoundError,
  type PageRequest,
  parseInput,
  transaction,
} from '@reference/kit';
import { and, eq, notInArray, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Db, Tx } from '../database.ts';
import { idSchema } from '../schema/fields.ts';
import { insertTagSchema, type Tag, tags, taskTags, updateTagSchema } from '../schema/tags.ts';
import { tasks } from '../schema/tasks.ts';
import { noSuchTask, noSuchUser } from './refusals.ts';
import { liveTask, type TaskRef } from './task-columns.ts';

const tagColumns = {
  id: tags.id,
  name: tags.name,
  color: tags.color,
  createdAt: tags.createdAt,
  updatedAt: tags.updatedAt,
};

/** A tag as lists return it. */
export type TagRecord = Pick<Tag, keyof typeof tagColumns>;

const createTagSchema = insertTagSchema.pick({ name: true, color: true }).strict();
const tagIdsSchema = z.strictObject({ tagIds: z.array(idSchema).max(50) });

/** A tag and its owner. */
export interface TagRef {
  readonly userId: string;
  readonly tagId: string;
}

/**
 * Creates a tag.
 * @throws ConflictError when the user has one of this name, whatever its case
 * @throws InvalidInputError naming each wrong field
 */
export async function createTag(
  db: Db,
  { userId, ...input }: z.input<typeof createTagSchema> & { readonly userId: string },
): Promise<TagRecord> {
  const values = parseInput(createTagSchema, input);
  const [tag] = await mapConstraints(
    db
      .insert(tags)
      .values({ ...values, userId })
      .returning(tagColumns),
    { tags_user_id_name_key: nameTaken, tags_user_id_fkey: noSuchUser },
  );
  if (!tag) throw noSuchTag();
  return tag;
}

/**
 * Renames or recolours a tag.
 * @throws ConflictError when the user has another one of this name
 * @throws NotFoundError also for another user's tag
 */
export async function updateTag(
  db: Db,
  { userId, tagId, changes }: TagRef & { readonly changes: z.input<typeof updateTagSchema> },
): Promise<TagRecord> {
  const values = parseInput(
    updateTagSchema.refine((given) => Object.keys(given).length > 0, 'give a field to change'),
    changes,
  );
  const [tag] = await mapConstraints(
    db
      .update(tags)
      .set(values)
      .where(and(eq(tags.id, tagId), eq(tags.userId, userId)))
      .returning(tagColumns),
    { tags_user_id_name_key: nameTaken },
  );
  if (!tag) throw noSuchTag();
  return tag;
}

/**
 * Deletes a tag, and removes it from every task.
 * @throws NotFoundError also for another user's tag
 */
export async function deleteTag(db: Db, { userId, tagId }: TagRef): Promise<void> {
  const deleted = await db
    .delete(tags)
    .where(and(eq(tags.id, tagId), eq(tags.userId, userId)))
    .returning({ id: tags.id });
  if (deleted.length === 0) throw noSuchTag();
}

const order = keyset([{ expression: sql`lower(${tags.name})`, type: 'text', nullable: false }]);

/** Lists a user's tags by name. */
export async function listTags(
  db: Db,
  { userId, ...request }: PageRequest & { readonly userId: string },
): Promise<KeysetPage<TagRecord>> {
  return listPage(order, request, (seek) =>
    db
      .select({ ...tagColumns, ...seek.select })
      .from(tags)
      .where(and(eq(tags.userId, userId), seek.where))
      .orderBy(...seek.orderBy)
      .limit(seek.limit),
  );
}

/**
 * Puts a tag on a task; a second call changes nothing.
 * @throws NotFoundError when the task or the tag does not exist, or is another user's
 */
export async function addTaskTag(
  db: Db,
  { userId, taskId, tagId }: TaskRef & TagRef,
): Promise<void> {
  await transaction(db, async (tx) => {
    await lockTask(tx, { userId, taskId });
    await insertTaskTags(tx, { userId, taskId }, [tagId]);
  });
}

/**
 * Removes a tag from a task; a second call changes nothing.
 * @throws NotFoundError when the task does not exist, or is another user's
 */
export async function removeTaskTag(
  db: Db,
  { userId, taskId, tagId }: TaskRef & TagRef,
): Promise<void> {
  await transaction(db, async (tx) => {
    await lockTask(tx, { userId, taskId });
    await tx
      .delete(taskTags)
      .where(
        and(eq(taskTags.taskId, taskId), eq(taskTags.tagId, tagId), eq(taskTags.userId, userId)),
      );
  });
}

/**
 * Replaces a task's tags. If two calls come at once, the second replaces the tags of the first.
 *
 * @param tagIds at most 50; an empty list removes all
 * @throws NotFoundError when the task or a tag does not exist, or is another user's
 */
export async function setTaskTags(
  db: Db,
  { userId, taskId, ...input }: TaskRef & { readonly tagIds: readonly string[] },
): Promise<void> {
  const tagIds = [...new Set(parseInput(tagIdsSchema, input).tagIds)];
  await transaction(db, async (tx) => {
    await lockTask(tx, { userId, taskId });
    await tx
      .delete(taskTags)
      .where(
        and(
          eq(taskTags.taskId, taskId),
          eq(taskTags.userId, userId),
          notInArray(taskTags.tagId, tagIds),
        ),
      );
    if (tagIds.length > 0) await insertTaskTags(tx, { userId, taskId }, tagIds);
  });
}

async function lockTask(tx: Tx, task: TaskRef): Promise<void> {
  const [found] = await tx
    .select({ id: tasks.id })
    .from(tasks)
    .where(liveTask(task))
    .limit(1)
    .for('no key update');
  if (!found) throw noSuchTask();
}

/** The composite foreign keys reject another user's tag, so no other check is needed. */
async function insertTaskTags(tx: Tx, task: TaskRef, tagIds: readonly string[]): Promise<void> {
  await mapConstraints(
    tx
      .insert(taskTags)
      .values(tagIds.map((tagId) => ({ ...task, tagId })))
      .onConflictDoNothing(),
    { task_tags_tag_id_user_id_fkey: noSuchTag },
  );
}

const nameTaken = () => new ConflictError('The user has a tag of this name.');
const noSuchTag = () => new NotFoundError('There is no such tag.');
