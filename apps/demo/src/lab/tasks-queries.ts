import {
  appendLogs,
  createTask,
  type Db,
  getDailyUsage,
  getSettings,
  getTaskById,
  getUserTasks,
  listKeys,
  listTags,
  listTaskLogs,
  listTaskMessages,
  type TaskStatus,
  taskStatus,
} from '@reference/tasks';
import { type LabField, type LabPerson, type LabQuery, limitField } from './lab-query.ts';

const taskField: LabField<Db> = {
  name: 'taskId',
  kind: 'choice',
  choices: async (db: Db, { tasksUserId }: LabPerson) => {
    const { items } = await getUserTasks(db, { userId: tasksUserId, limit: 50 });
    return items.map(({ id, title, status }) => ({ value: id, label: `${title} · ${status}` }));
  },
};

const statusField: LabField<Db> = {
  name: 'status',
  kind: 'choice',
  choices: async () => taskStatus.enumValues.map((status) => ({ value: status, label: status })),
};

const statusOf = (text: string): TaskStatus | undefined =>
  taskStatus.enumValues.find((status) => status === text);

/** The tasks' queries that the lab runs. */
export const tasksQueries: readonly LabQuery<Db>[] = [
  {
    name: 'getUserTasks',
    call: 'getUserTasks(db, { userId, limit })',
    fields: [limitField],
    run: (db, { tasksUserId: userId }, values) =>
      getUserTasks(db, { userId, limit: values.number('limit') }),
  },
  {
    name: 'getUserTasks of one status',
    call: 'getUserTasks(db, { userId, status, limit })',
    fields: [statusField, limitField],
    run: (db, { tasksUserId: userId }, values) =>
      getUserTasks(db, {
        userId,
        status: statusOf(values.text('status')),
        limit: values.number('limit'),
      }),
  },
  {
    name: 'getUserTasks by words',
    call: 'getUserTasks(db, { userId, text, limit })',
    fields: [{ name: 'text', kind: 'text', initial: 'login test' }, limitField],
    run: (db, { tasksUserId: userId }, values) =>
      getUserTasks(db, { userId, text: values.text('text'), limit: values.number('limit') }),
  },
  {
    name: 'getTaskById',
    call: 'getTaskById(db, { userId, taskId })',
    fields: [taskField],
    run: (db, { tasksUserId: userId }, values) =>
      getTaskById(db, { userId, taskId: values.text('taskId') }),
  },
  {
    name: 'listTaskLogs',
    call: 'listTaskLogs(db, { userId, taskId, afterSequence, limit })',
    fields: [
      taskField,
      { name: 'afterSequence', kind: 'number', initial: 0, max: 1_000_000 },
      limitField,
    ],
    run: (db, { tasksUserId: userId }, values) =>
      listTaskLogs(db, {
        userId,
        taskId: values.text('taskId'),
        afterSequence: values.number('afterSequence'),
        limit: values.number('limit'),
      }),
  },
  {
    name: 'listTaskMessages',
    call: 'listTaskMessages(db, { userId, taskId, limit })',
    fields: [taskField, limitField],
    run: (db, { tasksUserId: userId }, values) =>
      listTaskMessages(db, {
        userId,
        taskId: values.text('taskId'),
        limit: values.number('limit'),
      }),
  },
  {
    name: 'listTags',
    call: 'listTags(db, { userId, limit })',
    fields: [limitField],
    run: (db, { tasksUserId: userId }, values) =>
      listTags(db, { userId, limit: values.number('limit') }),
  },
  {
    name: 'listKeys',
    call: 'listKeys(db, { userId })',
    fields: [],
    run: (db, { tasksUserId: userId }) => listKeys(db, { userId }),
  },
  {
    name: 'getSettings',
    call: 'getSettings(db, { userId })',
    fields: [],
    run: (db, { tasksUserId: userId }) => getSettings(db, { userId }),
  },
  {
    name: 'getDailyUsage',
    call: 'getDailyUsage(db, { userId })',
    fields: [],
    run: (db, { tasksUserId: userId }) => getDailyUsage(db, { userId }),
  },
  {
    name: 'createTask',
    call: 'createTask(db, { userId, prompt })',
    fields: [{ name: 'prompt', kind: 'text', initial: 'Add a health check' }],
    writes: true,
    run: (db, { tasksUserId: userId }, values) =>
      createTask(db, { userId, prompt: values.text('prompt') }),
  },
  {
    name: 'appendLogs',
    call: 'appendLogs(db, { userId, taskId, lines: [{ message }] })',
    fields: [taskField, { name: 'message', kind: 'text', initial: 'from the lab' }],
    writes: true,
    run: (db, { tasksUserId: userId }, values) =>
      appendLogs(db, {
        userId,
        taskId: values.text('taskId'),
        lines: [{ message: values.text('message') }],
      }),
  },
];
