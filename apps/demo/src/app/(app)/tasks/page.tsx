import { getUserTasks, listTags } from '@reference/tasks';
import type { Metadata } from 'next';
import Link from 'next/link';
import { tasks } from '@/server/databases.ts';
import { orNotFound } from '@/server/problems.ts';
import { openPage } from '@/server/session.ts';
import { NewTask } from '@/tasks/new-task.tsx';
import { taskFilterSchema, tasksAtOnce } from '@/tasks/task-filter.ts';
import { TaskFilters } from '@/tasks/task-filters.tsx';
import { TaskList } from '@/tasks/task-list.tsx';
import { tasksUserId } from '@/tasks/tasks-user.ts';
import { Button } from '@/ui/button.tsx';
import { PageFrame } from '@/ui/page.tsx';

export const metadata: Metadata = { title: 'Tasks' };

export default async function TasksPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const userId = await tasksUserId(await openPage());
  const filter = taskFilterSchema.parse(await searchParams);
  const asked = { userId, ...filter, tagId: filter.tagId || undefined, limit: tasksAtOnce };
  const [first, tags] = await Promise.all([
    orNotFound(getUserTasks(tasks(), asked)),
    listTags(tasks(), { userId, limit: 100 }),
  ]);
  return (
    <PageFrame
      title="Tasks"
      lead="Work for coding agents: one statement lists it, with tags and counts."
      actions={
        <>
          <Button asChild>
            <Link href="/tasks/settings">Keys and limits</Link>
          </Button>
          <NewTask />
        </>
      }
    >
      <TaskFilters filter={filter} tags={tags.items} />
      <TaskList first={first} filter={filter} />
    </PageFrame>
  );
}
