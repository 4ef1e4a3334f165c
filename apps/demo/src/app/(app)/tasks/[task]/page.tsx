import { getTaskById, listTaskMessages } from '@reference/tasks';
import { tasks } from '@/server/databases.ts';
import { orNotFound } from '@/server/problems.ts';
import { openPage } from '@/server/session.ts';
import { TaskHeader } from '@/tasks/task-header.tsx';
import { TaskLog } from '@/tasks/task-log.tsx';
import { TaskMessages } from '@/tasks/task-messages.tsx';
import { tasksUserId } from '@/tasks/tasks-user.ts';

export default async function TaskPage({ params }: { params: Promise<{ task: string }> }) {
  const userId = await tasksUserId(await openPage());
  const place = { userId, taskId: (await params).task };
  const [task, messages] = await Promise.all([
    orNotFound(getTaskById(tasks(), place)),
    orNotFound(listTaskMessages(tasks(), { ...place, limit: 200 })),
  ]);
  return (
    <div className="page-width flex flex-col gap-6 py-6">
      <title>{`${task.title ?? task.prompt.slice(0, 60)} · Postgres reference`}</title>
      <TaskHeader task={task} />
      <div className="grid items-start gap-6 lg:grid-cols-2">
        <TaskMessages
          taskId={task.id}
          messages={messages.items}
          hasMore={messages.nextCursor !== null}
        />
        <TaskLog taskId={task.id} status={task.status} />
      </div>
    </div>
  );
}
