import { snakeTimestamps } from '@reference/kit';
import { sql } from 'drizzle-orm';
import {
  check,
  foreignKey,
  index,
  integer,
  pgEnum,
  pgTable,
  text,
  unique,
} from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import type { z } from 'zod';
import { nanoidKey, ownerId } from './columns.ts';
import { filledProse, immutable, prose } from './fields.ts';
import { tasks } from './tasks.ts';
import { users } from './users.ts';

export const messageRole = pgEnum('message_role', ['user', 'agent']);
export type MessageRole = (typeof messageRole.enumValues)[number];

export const logType = pgEnum('log_type', ['info', 'command', 'error', 'success']);
export type LogType = (typeof logType.enumValues)[number];

/** A row is one message between the user and the agent of a task. */
export const taskMessages = pgTable(
  'task_messages',
  {
    id: nanoidKey(),
    userId: ownerId(),
    taskId: text('task_id').notNull(),
    /** 1, 2, 3, … within the task, so that two messages of one millisecond keep their order. */
    sequence: integer('sequence').notNull(),
    role: messageRole('role').notNull(),
    content: text('content').notNull(),
    ...snakeTimestamps,
  },
  (t) => [
    foreignKey({
      name: 'task_messages_user_id_fkey',
      columns: [t.userId],
      foreignColumns: [users.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'task_messages_task_id_user_id_fkey',
      columns: [t.taskId, t.userId],
      foreignColumns: [tasks.id, tasks.userId],
    }).onDelete('cascade'),
    /** Serves the messages of a task, in order. */
    unique('task_messages_task_id_sequence_key').on(t.taskId, t.sequence),
    /** Serves both foreign keys. */
    index('task_messages_user_id_task_id_idx').on(t.userId, t.taskId),
    check('task_messages_sequence_check', sql`${t.sequence} >= 1`),
  ],
);

/**
 * A row is one line that an agent logged while it ran a task. Append-only, with a row per line and
 * not one growing JSONB array in tasks, because an update of the array writes all of it again
 * (docs/performance-tasks.md).
 */
export const taskLogs = pgTable(
  'task_logs',
  {
    id: nanoidKey(),
    userId: ownerId(),
    taskId: text('task_id').notNull(),
    /** 1, 2, 3, … within the task, without a gap. */
    sequence: integer('sequence').notNull(),
    type: logType('type').notNull().default('info'),
    message: text('message').notNull(),
    ...snakeTimestamps,
  },
  (t) => [
    foreignKey({
      name: 'task_logs_user_id_fkey',
      columns: [t.userId],
      foreignColumns: [users.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'task_logs_task_id_user_id_fkey',
      columns: [t.taskId, t.userId],
      foreignColumns: [tasks.id, tasks.userId],
    }).onDelete('cascade'),
    /** Serves the log of a task, in order, from any line on. */
    unique('task_logs_task_id_sequence_key').on(t.taskId, t.sequence),
    /** Serves both foreign keys. */
    index('task_logs_user_id_task_id_idx').on(t.userId, t.taskId),
    check('task_logs_sequence_check', sql`${t.sequence} >= 1`),
  ],
);

const place = { taskId: true, sequence: true } as const;
const positive = (field: z.ZodInt) => field.min(1);
const messageFields = { sequence: positive, content: filledProse(100_000) };
const logFields = { sequence: positive, message: prose(20_000) };

export const insertTaskMessageSchema = createInsertSchema(taskMessages, messageFields).strict();
export const selectTaskMessageSchema = createSelectSchema(taskMessages);
export const updateTaskMessageSchema = createUpdateSchema(taskMessages, messageFields)
  .omit({ ...immutable, ...place })
  .strict();

export const insertTaskLogSchema = createInsertSchema(taskLogs, logFields).strict();
export const selectTaskLogSchema = createSelectSchema(taskLogs);
export const updateTaskLogSchema = createUpdateSchema(taskLogs, logFields)
  .omit({ ...immutable, ...place })
  .strict();

export type TaskMessage = typeof taskMessages.$inferSelect;
export type NewTaskMessage = typeof taskMessages.$inferInsert;
export type TaskLog = typeof taskLogs.$inferSelect;
export type NewTaskLog = typeof taskLogs.$inferInsert;
