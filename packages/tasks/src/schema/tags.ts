import { snakeTimestamps } from '@reference/kit';
import { sql } from 'drizzle-orm';
import {
  check,
  foreignKey,
  index,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { nanoidKey, ownerId } from './columns.ts';
import { color, immutable, line } from './fields.ts';
import { tasks } from './tasks.ts';
import { users } from './users.ts';

/** A row is a label that a user puts on their tasks. */
export const tags = pgTable(
  'tags',
  {
    id: nanoidKey(),
    userId: ownerId(),
    name: text('name').notNull(),
    color: text('color').notNull().default('#6b7280'),
    ...snakeTimestamps,
  },
  (t) => [
    foreignKey({
      name: 'tags_user_id_fkey',
      columns: [t.userId],
      foreignColumns: [users.id],
    }).onDelete('cascade'),
    /** The target of task_tags' composite foreign key: a tag and its tasks belong to one user. */
    unique('tags_id_user_id_key').on(t.id, t.userId),
    /** Serves a user's tags by name, whatever its case, and the foreign key. */
    uniqueIndex('tags_user_id_name_key').on(t.userId, sql`lower(${t.name})`),
    check('tags_color_check', sql`${t.color} ~ '^#[0-9a-fA-F]{6}$'`),
  ],
);

/** A row is one tag on one task, both of one user. */
export const taskTags = pgTable(
  'task_tags',
  {
    userId: ownerId(),
    taskId: text('task_id').notNull(),
    tagId: text('tag_id').notNull(),
    ...snakeTimestamps,
  },
  (t) => [
    /** Serves the tags of a task. */
    primaryKey({ name: 'task_tags_pkey', columns: [t.taskId, t.tagId] }),
    foreignKey({
      name: 'task_tags_user_id_fkey',
      columns: [t.userId],
      foreignColumns: [users.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'task_tags_task_id_user_id_fkey',
      columns: [t.taskId, t.userId],
      foreignColumns: [tasks.id, tasks.userId],
    }).onDelete('cascade'),
    foreignKey({
      name: 'task_tags_tag_id_user_id_fkey',
      columns: [t.tagId, t.userId],
      foreignColumns: [tags.id, tags.userId],
    }).onDelete('cascade'),
    /** Serves the tasks of a tag, and the foreign key to tags. */
    index('task_tags_tag_id_user_id_task_id_idx').on(t.tagId, t.userId, t.taskId),
    /** Serves the foreign keys to users and tasks. */
    index('task_tags_user_id_task_id_idx').on(t.userId, t.taskId),
  ],
);

const tagFields = { name: line(50), color };

export const insertTagSchema = createInsertSchema(tags, tagFields)
  // drizzle-zod types a refined column as required in an insert, also one with a default.
  .partial({ color: true })
  .strict();
export const selectTagSchema = createSelectSchema(tags);
export const updateTagSchema = createUpdateSchema(tags, tagFields).omit(immutable).strict();

export const insertTaskTagSchema = createInsertSchema(taskTags).strict();
export const selectTaskTagSchema = createSelectSchema(taskTags);
/** Empty, because a tag on a task is added or removed, never changed. */
export const updateTaskTagSchema = createUpdateSchema(taskTags)
  .omit({ userId: true, taskId: true, tagId: true, createdAt: true, updatedAt: true })
  .strict();

export type Tag = typeof tags.$inferSelect;
export type NewTag = typeof tags.$inferInsert;
export type TaskTag = typeof taskTags.$inferSelect;
export type NewTaskTag = typeof taskTags.$inferInsert;
