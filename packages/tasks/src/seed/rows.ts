import type {
  NewTag,
  NewTask,
  NewTaskLog,
  NewTaskMessage,
  NewTaskTag,
  TaskStatus,
} from '../schema/index.ts';
import { agent, taskStatus } from '../schema/index.ts';

/** The seeded people. Their tokens and keys are made up. */
export const people = [
  { id: 'seed-ada', name: 'Ada Lovelace', username: 'ada', tasks: 60 },
  { id: 'seed-grace', name: 'Grace Hopper', username: 'grace', tasks: 12 },
] as const;

/** Every seeded time is before this instant, the same in every database. */
const lastDay = Date.UTC(2026, 0, 31, 17);
export const at = (minutesAgo: number) => new Date(lastDay - minutesAgo * 60_000);

const work = [
  ['Add a health check', 'Add a /health endpoint that checks the database and answers in JSON.'],
  [
    'Flaky login test',
    'The test "keeps the session after a reload" fails one time in ten. Find out why.',
  ],
  ['Upgrade the linter', 'Move to the current major version of the linter and fix what it finds.'],
  ['Paginate invoices', 'The invoices page loads every row. Page it by keyset, fifty at a time.'],
  [
    'Dark mode',
    'Follow the system colour scheme, and let people choose another in their settings.',
  ],
  ['Explain the cache', 'Write down what is cached for how long, and what empties it.'],
] as const;
const labels = [
  ['bug', '#dc2626'],
  ['docs', '#2563eb'],
  ['urgent', '#ea580c'],
  ['Later', '#6b7280'],
] as const;
const steps = [
  ['info', 'Sandbox is up'],
  ['command', 'git clone --depth 1 https://github.com/example/shop'],
  ['command', 'pnpm install'],
  ['info', 'Reading the code'],
  ['command', 'pnpm test'],
  ['success', 'All tests pass'],
] as const;

const pick = <T>(values: readonly T[], index: number): T => {
  const value = values[index % values.length];
  if (value === undefined) throw new RangeError('There is nothing to pick from.');
  return value;
};

/** Without processing, because a seeded task has no worker. */
const statuses = taskStatus.enumValues.filter((status) => status !== 'processing');

function taskRow(userId: string, number: number): NewTask & { id: string; status: TaskStatus } {
  const [title, prompt] = pick(work, number);
  const status = number === 0 ? 'completed' : pick(statuses, number);
  const createdAt = at(number * 97);
  const ended = status === 'pending' ? null : at(number * 97 - 30);
  return {
    id: `${userId}-task-${number}`,
    userId,
    title,
    prompt,
    repoUrl: 'https://github.com/example/shop',
    selectedAgent: pick(agent.enumValues, number),
    status,
    progress: status === 'completed' ? 100 : 0,
    error: status === 'error' ? 'The sandbox ran out of memory.' : null,
    branchName: `agent/task-${number}`,
    prUrl: status === 'completed' ? `https://github.com/example/shop/pull/${number + 1}` : null,
    prNumber: status === 'completed' ? number + 1 : null,
    prStatus: status === 'completed' ? pick(['open', 'merged', 'closed'] as const, number) : null,
    messageCount: 2,
    logCount: status === 'pending' ? 0 : steps.length,
    completedAt: ended,
    deletedAt: number % 15 === 14 ? at(1) : null,
    createdAt,
    updatedAt: ended ?? createdAt,
  };
}

/** One person's tasks, with their rows. */
export function workOf({ id: userId, tasks: count }: (typeof people)[number]) {
  const tasks = Array.from({ length: count }, (_, number) => taskRow(userId, number));
  const tags: NewTag[] = labels.map(([name, color]) => ({
    id: `${userId}-tag-${name.toLowerCase()}`,
    userId,
    name,
    color,
    createdAt: at(10_000),
    updatedAt: at(10_000),
  }));
  const messages = tasks.flatMap(({ id: taskId, prompt, createdAt }): NewTaskMessage[] =>
    [prompt, 'I will look into it.'].map((content, index) => ({
      id: `${taskId}-message-${index + 1}`,
      userId,
      taskId,
      sequence: index + 1,
      role: index === 0 ? 'user' : 'agent',
      content,
      createdAt,
      updatedAt: createdAt,
    })),
  );
  const logs = tasks.flatMap(({ id: taskId, logCount = 0, createdAt }): NewTaskLog[] =>
    steps.slice(0, logCount).map(([type, message], index) => ({
      id: `${taskId}-log-${index + 1}`,
      userId,
      taskId,
      sequence: index + 1,
      type,
      message,
      createdAt,
      updatedAt: createdAt,
    })),
  );
  const taskTags = tasks.flatMap(({ id: taskId, createdAt }, number): NewTaskTag[] =>
    tags
      .filter((_, index) => (number + index) % 3 === 0)
      .map(({ id: tagId }) => ({
        userId,
        taskId,
        tagId: tagId ?? '',
        createdAt,
        updatedAt: createdAt,
      })),
  );
  return { tags, tasks, messages, logs, taskTags };
}
