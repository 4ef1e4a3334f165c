'use client';

import type { Message } from '@reference/tasks';
import { clsx } from 'clsx';
import { Composer } from '@/ui/composer.tsx';
import { Time } from '@/ui/time.tsx';
import { sendMessage } from './actions.ts';

/** The conversation about a task. */
export function TaskMessages({
  taskId,
  messages,
  hasMore,
}: {
  taskId: string;
  messages: readonly Message[];
  hasMore: boolean;
}) {
  return (
    <section className="flex flex-col gap-3">
      <h2 className="font-semibold text-lg">Messages</h2>
      {messages.length === 0 && <p className="text-muted text-sm">Nobody has said anything yet.</p>}
      <ol className="flex flex-col gap-2">
        {messages.map(({ id, role, content, createdAt }) => (
          <li
            key={id}
            className={clsx(
              'flex flex-col gap-1 rounded-lg border px-3 py-2',
              role === 'agent' ? 'border-line bg-surface' : 'border-transparent bg-accent-soft',
            )}
          >
            <p className="flex justify-between gap-3 text-muted text-xs">
              <span>{role === 'agent' ? 'Agent' : 'You'}</span>
              <Time at={createdAt} />
            </p>
            <p className="whitespace-pre-wrap [overflow-wrap:anywhere]">{content}</p>
          </li>
        ))}
      </ol>
      {hasMore && <p className="text-muted text-sm">Only the first 200 messages are shown.</p>}
      <Composer
        label="Message"
        placeholder="Say more about the work"
        place={`task ${taskId}`}
        onSend={(content) => sendMessage({ taskId, content })}
      />
    </section>
  );
}
