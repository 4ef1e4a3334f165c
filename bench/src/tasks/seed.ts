import { fillDatabase } from '../fill.ts';

/** How much data a run works on. */
export interface TasksSize {
  /** Tasks of the one user whose list is paged through. */
  readonly deepTasks: number;
  readonly otherUsers: number;
  readonly tasksPerUser: number;
  readonly logsPerTask: number;
}

/** `large`: 1,000,000 tasks and 10,000,000 log lines. */
export const tasksSizes: Readonly<Record<'small' | 'large', TasksSize>> = {
  small: { deepTasks: 51_000, otherUsers: 50, tasksPerUser: 200, logsPerTask: 2 },
  large: { deepTasks: 100_000, otherUsers: 900, tasksPerUser: 1_000, logsPerTask: 10 },
};

export const deepUserId = 'user-0';

/** Migrates and fills an empty database. */
export function seedTasks(url: string, size: TasksSize): Promise<void> {
  const folder = new URL('../../../packages/tasks/drizzle', import.meta.url);
  return fillDatabase(url, { folder, statements: statements(size) });
}

/** A sealed value's form, for rows that no one opens. */
const sealed = `'${btoa('{"alg":"dir","enc":"A256GCM","kid":"k1"}').replace(/=+$/, '')}..a.b.c'`;

const statements = ({ deepTasks, otherUsers, tasksPerUser, logsPerTask }: TasksSize) =>
  [
    [
      'users',
      `insert into users (id, provider, external_id, access_token, username)
      select 'user-' || n, 'github', n, ${sealed}, 'a' from generate_series(0, ${otherUsers}) n`,
    ],
    [
      'tags',
      `insert into tags (id, user_id, name)
      select 'tag-' || u || '-' || n, 'user-' || u, 'tag ' || n
      from generate_series(0, ${otherUsers}) u, generate_series(1, 10) n`,
    ],
    [
      'tasks',
      `insert into tasks (id, user_id, prompt, title, status, completed_at, log_count, message_count, created_at)
      select 'task-' || lpad(n::text, 9, '0'),
        'user-' || case when n <= ${deepTasks} then 0 else (n - ${deepTasks} - 1) / ${tasksPerUser} + 1 end,
        'Look into item ' || n || ' of the list and ' || repeat('describe what is wrong with it, ', 4),
        'Item ' || n,
        (case n % 10 when 0 then 'error' else 'completed' end)::task_status,
        now(), ${logsPerTask}, 3, timestamptz '2026-01-01' + n * interval '1 second'
      from generate_series(1, ${deepTasks + otherUsers * tasksPerUser}) n`,
    ],
    [
      'task_tags',
      `insert into task_tags (user_id, task_id, tag_id)
      select user_id, id, 'tag-' || substr(user_id, 6) || '-' || (right(id, 3)::int + k * 3) % 10 + 1
      from tasks, generate_series(0, 1) k where right(id, 1) in ('1', '4', '7')`,
    ],
    [
      'task_logs',
      `insert into task_logs (id, user_id, task_id, sequence, type, message)
      select substr(t.id, 6) || '-' || s, t.user_id, t.id, s, 'info', 'Step ' || s || ' of the work: reading files'
      from (select id, user_id from tasks order by id) t, generate_series(1, ${logsPerTask}) s`,
    ],
    [
      'task_messages',
      `insert into task_messages (id, user_id, task_id, sequence, role, content)
      select substr(t.id, 6) || '-' || s, t.user_id, t.id, s, 'agent', 'I am looking into it.'
      from (select id, user_id from tasks order by id) t, generate_series(1, 3) s
      where right(t.id, 1) = '1'`,
    ],
  ] as const;
