'use server';

import {
  addTaskTag,
  appendMessage,
  createTask,
  createTaskSchema,
  deleteKey,
  getUserTasks,
  keyProvider,
  listTags,
  listTaskLogs,
  messageRole,
  removeTaskTag,
  restoreTask,
  setKey,
  softDeleteTask,
  taskStatus,
  transitionTask,
} from '@reference/tasks';
import { z } from 'zod';
import { act } from '@/server/action.ts';
import { keyring, tasks } from '@/server/databases.ts';
import { taskFilterSchema, tasksAtOnce } from './task-filter.ts';
import { tasksUserId } from './tasks-user.ts';

const taskId = z.string();

export async function moreTasks(input: unknown) {
  return act(input, {
    schema: taskFilterSchema.extend({ after: z.string() }),
    query: async (page, session) =>
      getUserTasks(tasks(), { userId: await tasksUserId(session), ...page, limit: tasksAtOnce }),
  });
}

export async function addTask(input: unknown) {
  return act(input, {
    schema: createTaskSchema.pick({ prompt: true, title: true, selectedAgent: true }),
    query: async (task, session) =>
      createTask(tasks(), { userId: await tasksUserId(session), ...task }),
    revalidate: '/tasks',
  });
}

/** Stops a task, or puts it back in the queue. */
export async function moveTask(input: unknown) {
  return act(input, {
    schema: z.object({ taskId, to: z.enum(taskStatus.enumValues).extract(['pending', 'stopped']) }),
    query: async (move, session) =>
      transitionTask(tasks(), { userId: await tasksUserId(session), ...move }),
    revalidate: '/tasks',
  });
}

export async function deleteTask(input: unknown) {
  return act(input, {
    schema: z.object({ taskId }),
    query: async (task, session) =>
      softDeleteTask(tasks(), { userId: await tasksUserId(session), ...task }),
    revalidate: '/tasks',
  });
}

export async function bringBackTask(input: unknown) {
  return act(input, {
    schema: z.object({ taskId }),
    query: async (task, session) =>
      restoreTask(tasks(), { userId: await tasksUserId(session), ...task }),
    revalidate: '/tasks',
  });
}

/** A person's tags: a menu asks for them when it opens. */
export async function ownTags() {
  return act(
    {},
    {
      schema: z.object({}),
      query: async (_, session) =>
        listTags(tasks(), { userId: await tasksUserId(session), limit: 100 }),
    },
  );
}

/** Adds or removes one tag of a task; changes of other tags from another window stay. */
export async function tagTask(input: unknown) {
  return act(input, {
    schema: z.object({ taskId, tagId: z.string(), isSet: z.boolean() }),
    query: async ({ isSet, ...tag }, session) => {
      const change = isSet ? addTaskTag : removeTaskTag;
      return change(tasks(), { userId: await tasksUserId(session), ...tag });
    },
    revalidate: '/tasks',
  });
}

export async function sendMessage(input: unknown) {
  return act(input, {
    schema: z.object({ taskId, content: z.string() }),
    query: async (message, session) =>
      appendMessage(tasks(), {
        userId: await tasksUserId(session),
        role: messageRole.enumValues[0],
        ...message,
      }),
    revalidate: '/tasks',
  });
}

/** The lines after the ones that a reader has: asked again and again while a task runs. */
export async function followLog(input: unknown) {
  return act(input, {
    schema: z.object({ taskId, afterSequence: z.int().min(0) }),
    query: async (log, session) =>
      listTaskLogs(tasks(), { userId: await tasksUserId(session), ...log, limit: 200 }),
  });
}

export async function saveKey(input: unknown) {
  return act(input, {
    schema: z.object({ provider: z.enum(keyProvider.enumValues), value: z.string() }),
    query: async (key, session) =>
      setKey(tasks(), { userId: await tasksUserId(session), keyring: keyring(), ...key }),
    revalidate: '/tasks/settings',
  });
}

export async function removeKey(input: unknown) {
  return act(input, {
    schema: z.object({ provider: z.enum(keyProvider.enumValues) }),
    query: async (key, session) =>
      deleteKey(tasks(), { userId: await tasksUserId(session), ...key }),
    revalidate: '/tasks/settings',
  });
}
