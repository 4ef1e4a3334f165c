import { type HotQuery, type PlanSample, scanOrSort } from './hot-query.ts';
import { claimTasks } from './task-claims.ts';
import { getUserTasks } from './task-list.ts';
import { appendLogs, listTaskLogs } from './task-logs.ts';
import { appendMessage, listTaskMessages } from './task-messages.ts';
import { transitionTask } from './task-status.ts';
import { getTaskById, updateTask } from './tasks.ts';

// A task's few tags are sorted within its row; tasks themselves never are.
const scan = ['Seq Scan', 'Incremental Sort'];

const taskOf = ({ userId, taskId }: PlanSample) => ({ userId, taskId });

/** The queries about tasks and their rows. */
export const taskPlans: readonly HotQuery[] = [
  {
    name: 'getTaskById',
    run: (db, sample) => getTaskById(db, taskOf(sample)),
    forbidden: scan,
    statements: 1,
    indexes: ['task_tags_pkey'],
  },
  {
    name: 'getUserTasks',
    run: (db, { userId }) => getUserTasks(db, { userId }),
    forbidden: scan,
    statements: 1,
    indexes: ['tasks_user_id_created_at_id_live_idx', 'task_tags_pkey'],
  },
  {
    name: 'getUserTasks, second page',
    run: async (db, { userId }) => {
      const { nextCursor } = await getUserTasks(db, { userId, limit: 2 });
      await getUserTasks(db, { userId, limit: 2, after: nextCursor });
    },
    forbidden: scan,
    statements: 2,
    indexes: ['tasks_user_id_created_at_id_live_idx'],
  },
  {
    name: 'getUserTasks of one status',
    run: (db, { userId }) => getUserTasks(db, { userId, status: 'error' }),
    forbidden: scan,
    statements: 1,
    indexes: ['tasks_user_id_status_created_at_id_idx'],
  },
  {
    name: 'getUserTasks of the trash',
    run: (db, { userId }) => getUserTasks(db, { userId, deleted: true }),
    forbidden: scan,
    statements: 1,
    indexes: ['tasks_user_id_created_at_id_deleted_idx'],
  },
  {
    name: 'getUserTasks by tag',
    run: (db, { userId, tagId }) => getUserTasks(db, { userId, tagId }),
    forbidden: ['Seq Scan'],
    statements: 1,
    indexes: ['task_tags_tag_id_user_id_task_id_idx'],
  },
  {
    name: 'getUserTasks by words',
    run: (db, { userId }) => getUserTasks(db, { userId, text: 'rareword' }),
    forbidden: ['Seq Scan'],
    statements: 1,
    indexes: ['tasks_search_idx'],
  },
  {
    name: 'updateTask',
    run: (db, sample) => updateTask(db, { ...taskOf(sample), changes: { progress: 1 } }),
    forbidden: scanOrSort,
    statements: 1,
    indexes: [],
  },
  {
    name: 'transitionTask',
    run: (db, sample) => transitionTask(db, { ...taskOf(sample), to: 'pending' }),
    forbidden: scanOrSort,
    statements: 1,
    indexes: [],
  },
  {
    name: 'claimTasks',
    run: (db) => claimTasks(db, { limit: 2 }),
    forbidden: scanOrSort,
    statements: 2,
    indexes: ['tasks_pending_idx', 'tasks_lease_expires_at_id_idx'],
  },
  {
    name: 'appendLogs',
    run: (db, sample) => appendLogs(db, { ...taskOf(sample), lines: [{ message: 'a' }] }),
    forbidden: scanOrSort,
    statements: 1,
    indexes: [],
  },
  {
    name: 'listTaskLogs',
    run: (db, sample) => listTaskLogs(db, { ...taskOf(sample), afterSequence: 3 }),
    forbidden: scanOrSort,
    statements: 1,
    indexes: ['task_logs_task_id_sequence_key'],
  },
  {
    name: 'appendMessage',
    run: (db, sample) => appendMessage(db, { ...taskOf(sample), role: 'user', content: 'a' }),
    forbidden: scanOrSort,
    statements: 4,
    indexes: ['settings_user_id_key_key'],
  },
  {
    name: 'listTaskMessages',
    run: (db, sample) => listTaskMessages(db, taskOf(sample)),
    forbidden: scanOrSort,
    statements: 1,
    indexes: ['task_messages_task_id_sequence_key'],
  },
];
