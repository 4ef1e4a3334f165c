'use client';

import type { TaskSummary } from '@reference/tasks';
import { ListTodo, MessageSquare, ScrollText } from 'lucide-react';
import Link from 'next/link';
import { useMore } from '@/ui/more.tsx';
import { EmptyState } from '@/ui/states.tsx';
import { Time } from '@/ui/time.tsx';
import { moreTasks } from './actions.ts';
import { StatusBadge } from './status-badge.tsx';
import { TagList } from './tag-list.tsx';
import type { TaskFilter } from './task-filter.ts';

interface FirstPage {
  readonly items: readonly TaskSummary[];
  readonly nextCursor: string | null;
}

/** A person's tasks, newest first. */
export function TaskList({ first, filter }: { first: FirstPage; filter: TaskFilter }) {
  const { items, end } = useMore(first, (after) => moreTasks({ ...filter, after }));
  if (items.length === 0) {
    const isFiltered = Object.values(filter).some(Boolean);
    return (
      <EmptyState
        icon={<ListTodo aria-hidden />}
        title={isFiltered ? 'No task fits the filter' : 'You have no task yet'}
      >
        {isFiltered
          ? 'Take a part of it away, or look for other words.'
          : 'Describe a piece of work, and it waits here for a worker.'}
      </EmptyState>
    );
  }
  return (
    <div>
      <ul className="divide-y divide-line rounded-lg border border-line bg-surface">
        {items.map((task) => (
          <TaskItem key={task.id} task={task} />
        ))}
      </ul>
      {end}
    </div>
  );
}

function TaskItem({ task }: { task: TaskSummary }) {
  const { id, title, promptPreview, status, tags, messageCount, logCount, createdAt } = task;
  return (
    <li className="relative flex flex-col gap-1.5 px-4 py-3 hover:bg-sunken">
      <div className="flex flex-wrap items-center gap-2">
        <Link href={`/tasks/${id}`} className="font-medium after:absolute after:inset-0">
          {title ?? promptPreview.slice(0, 60)}
        </Link>
        <StatusBadge status={status} />
        <TagList tags={tags} />
      </div>
      <p className="truncate text-muted text-sm">{promptPreview}</p>
      <p className="flex flex-wrap gap-x-4 gap-y-1 text-muted text-xs">
        <Time at={createdAt} />
        <span>{task.selectedAgent}</span>
        <Count icon={<MessageSquare size={12} aria-hidden />} count={messageCount} of="message" />
        <Count icon={<ScrollText size={12} aria-hidden />} count={logCount} of="log line" />
      </p>
    </li>
  );
}

function Count({ icon, count, of }: { icon: React.ReactNode; count: number; of: string }) {
  return (
    <span className="inline-flex items-center gap-1">
      {icon}
      {count} {count === 1 ? of : `${of}s`}
    </span>
  );
}
