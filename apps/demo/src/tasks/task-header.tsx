import type { TaskWithTags } from '@reference/tasks';
import { ArrowLeft, ExternalLink } from 'lucide-react';
import Link from 'next/link';
import { Progress } from '@/ui/progress.tsx';
import { Time } from '@/ui/time.tsx';
import { StatusBadge } from './status-badge.tsx';
import { TagList } from './tag-list.tsx';
import { TagMenu } from './tag-menu.tsx';
import { TaskButtons } from './task-buttons.tsx';

/** A task's title and state. */
export function TaskHeader({ task }: { task: TaskWithTags }) {
  const { id, title, prompt, status, tags, progress, error, createdAt } = task;
  return (
    <header className="flex flex-col gap-3">
      <Link
        href="/tasks"
        className="inline-flex w-fit items-center gap-1 text-muted text-sm hover:text-ink"
      >
        <ArrowLeft size={14} aria-hidden />
        Tasks
      </Link>
      <div className="flex flex-wrap items-start justify-between gap-3">
        <h1 className="min-w-0 font-semibold text-2xl tracking-tight [overflow-wrap:anywhere]">
          {title ?? prompt.slice(0, 80)}
        </h1>
        <div className="flex flex-wrap gap-2">
          <TagMenu taskId={id} tags={tags} />
          <TaskButtons taskId={id} status={status} />
        </div>
      </div>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 text-muted text-sm">
        <StatusBadge status={status} />
        <TagList tags={tags} />
        <span>{task.selectedAgent}</span>
        <Time at={createdAt} />
        {task.branchName && <code className="font-mono text-xs">{task.branchName}</code>}
        {task.prUrl && (
          <a
            href={task.prUrl}
            target="_blank"
            rel="noreferrer"
            className="inline-flex items-center gap-1 text-accent underline underline-offset-2"
          >
            Pull request {task.prNumber} ({task.prStatus})
            <ExternalLink size={12} aria-hidden />
          </a>
        )}
      </div>
      {title && <p className="max-w-3xl whitespace-pre-wrap">{prompt}</p>}
      {error && (
        <p className="rounded-md border border-bad bg-bad-soft px-3 py-2 text-sm">{error}</p>
      )}
      {task.leaseExpiresAt && (
        <p className="text-muted text-sm">
          A worker holds it, attempt {task.attempts}. Its lease ends at{' '}
          <Time at={task.leaseExpiresAt} seconds /> unless it renews it; then another worker may
          take the task.
        </p>
      )}
      <Progress label="Progress" value={progress} max={100} />
    </header>
  );
}
