'use client';

import type { Message } from '@reference/tasks';
import { clsx } from 'clsx';
import { useRef, useTransition } from 'react';
import { Button } from '@/ui/button.tsx';
import { TextArea } from '@/ui/field.tsx';
import { Time } from '@/ui/time.tsx';
import { useAction } from '@/ui/toast.tsx';
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
  const [isPending, start] = useTransition();
  const form = useRef<HTMLFormElement>(null);
  const run = useAction();
  const submit = (data: FormData) =>
    start(async () => {
      const sent = await run(sendMessage({ taskId, content: data.get('content') }));
      if (sent) form.current?.reset();
    });
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
      <form ref={form} action={submit} className="flex flex-col items-end gap-2">
        <div className="w-full">
          <TextArea
            label="Message"
            hideLabel
            name="content"
            rows={3}
            required
            maxLength={10_000}
            placeholder="Say more about the work"
          />
        </div>
        <Button type="submit" look="primary" busy={isPending}>
          Send
        </Button>
      </form>
    </section>
  );
}
