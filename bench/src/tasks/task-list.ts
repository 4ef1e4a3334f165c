import { isDeepStrictEqual } from 'node:util';
import { createTasksClient, getUserTasks } from '@reference/tasks';
import postgres from 'postgres';
import { type Figures, measure } from '../measure.ts';
import { deepUserId, type TasksSize } from './seed.ts';

const pageSize = 50;
const deepPage = 1_000;

interface Sample {
  readonly userId: string;
  /** For this project. */
  readonly after: string | undefined;
  /** For raw SQL: the last row before the page. */
  readonly from: { readonly createdAt: string; readonly id: string } | undefined;
}

export interface ListFigures {
  readonly title: string;
  readonly figures: ReadonlyMap<string, Figures>;
}

/** Page 1 of many users, page 1 and page 1,000 of one, each against the same SQL in raw postgres.js. */
export async function measureTaskList(
  url: string,
  size: TasksSize,
  rounds: number,
): Promise<ListFigures[]> {
  const ours = createTasksClient({ url });
  const raw = postgres(url, { onnotice: () => {} });
  const contestants = [
    { name: 'raw postgres.js', run: (sample: Sample) => rawPage(raw, sample) },
    {
      name: 'this project',
      run: async ({ userId, after }: Sample) =>
        (await getUserTasks(ours.db, { userId, after, limit: pageSize })).items,
    },
  ];
  const first = (userId: string): Sample => ({ userId, after: undefined, from: undefined });
  const sets = [
    {
      title: `Page 1 of ${size.otherUsers} users with ${size.tasksPerUser.toLocaleString('en')} tasks each`,
      samples: Array.from({ length: size.otherUsers }, (_, index) => first(`user-${index + 1}`)),
    },
    {
      title: `Page 1 of one user with ${size.deepTasks.toLocaleString('en')} tasks`,
      samples: [first(deepUserId)],
    },
    {
      title: `Page ${deepPage.toLocaleString('en')} of the same user`,
      samples: [await deepSample(ours.db)],
    },
  ];
  try {
    const results: ListFigures[] = [];
    for (const { title, samples } of sets) {
      for (const sample of samples.slice(0, 10)) await requireEqual(contestants, sample);
      const effort = { rounds, calls: 200, turns: 20 };
      results.push({ title, figures: await measure(contestants, samples, effort) });
    }
    return results;
  } finally {
    await Promise.all([ours.close(), raw.end()]);
  }
}

/** Walks to the deep page as a reader would, 200 rows at a time. */
async function deepSample(db: ReturnType<typeof createTasksClient>['db']): Promise<Sample> {
  const step = 200;
  let after: string | undefined;
  let from: Sample['from'];
  for (let row = 0; row < (deepPage - 1) * pageSize; row += step) {
    const limit = Math.min(step, (deepPage - 1) * pageSize - row);
    const page = await getUserTasks(db, { userId: deepUserId, after, limit });
    const last = page.items.at(-1);
    if (!page.nextCursor || !last) throw new Error(`The list ends before page ${deepPage}.`);
    after = page.nextCursor;
    from = { createdAt: last.createdAt.toISOString(), id: last.id };
  }
  return { userId: deepUserId, after, from };
}

/** A fast wrong answer must not win. */
async function requireEqual(
  contestants: readonly { name: string; run(sample: Sample): Promise<unknown> }[],
  sample: Sample,
): Promise<void> {
  const answers = await Promise.all(contestants.map(({ run }) => run(sample)));
  const [expected, ...others] = answers.map((answer) => JSON.parse(JSON.stringify(answer)));
  if (!Array.isArray(expected) || expected.length !== pageSize) throw new Error('No full page.');
  if (!others.every((answer) => isDeepStrictEqual(answer, expected))) {
    throw new Error(`getUserTasks and raw SQL disagree on ${JSON.stringify(sample)}.`);
  }
}

const rawPage = (sql: postgres.Sql, { userId, from }: Sample) =>
  sql`
  select t.id, t.title, left(t.prompt, 300) as "promptPreview", t.repo_url as "repoUrl",
    t.selected_agent as "selectedAgent", t.selected_model as "selectedModel", t.status, t.progress,
    t.branch_name as "branchName", t.preview_url as "previewUrl", t.pr_url as "prUrl",
    t.pr_number as "prNumber", t.pr_status as "prStatus", t.message_count as "messageCount",
    t.log_count as "logCount", t.created_at as "createdAt", t.updated_at as "updatedAt",
    t.completed_at as "completedAt", t.deleted_at as "deletedAt",
    (select coalesce(json_agg(json_build_object('id', g.id, 'name', g.name, 'color', g.color)
        order by lower(g.name)), '[]')
      from task_tags w join tags g on g.id = w.tag_id and g.user_id = w.user_id
      where w.task_id = t.id and w.user_id = t.user_id) as tags
  from tasks t
  where t.user_id = ${userId} and t.deleted_at is null
    ${from ? sql`and (t.created_at, t.id) < (${from.createdAt}::timestamptz(3), ${from.id})` : sql``}
  order by t.created_at desc, t.id desc
  limit ${pageSize + 1}
`.then((rows) => rows.slice(0, pageSize));
