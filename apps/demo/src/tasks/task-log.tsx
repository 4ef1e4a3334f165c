'use client';

import type { LogEntry, LogType, TaskStatus } from '@reference/tasks';
import { clsx } from 'clsx';
import { useRouter } from 'next/navigation';
import { useEffect, useRef, useState } from 'react';
import { Badge } from '@/ui/page.tsx';
import { Skeleton } from '@/ui/states.tsx';
import { followLog } from './actions.ts';

const colours = {
  info: 'text-muted',
  command: 'text-accent',
  error: 'text-bad',
  success: 'text-good',
} as const satisfies Record<LogType, string>;
const signs = { info: ' ', command: '$', error: '✗', success: '✓' } as const;
const pollMs = 1000;

/** A task's log. Until the task has ended it asks every second for the lines after the last one. */
export function TaskLog({ taskId, status }: { taskId: string; status: TaskStatus }) {
  const { lines, problem } = useLog(taskId, status === 'processing' || status === 'pending');
  const box = useRef<HTMLElement>(null);
  const count = lines?.length;
  useEffect(() => {
    if (count) box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [count]);
  return (
    <section className="flex flex-col gap-3">
      <h2 className="flex items-center gap-2 font-semibold text-lg">
        Log {status === 'processing' && <Badge tone="accent">live</Badge>}
      </h2>
      <section
        ref={box}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label="Log lines"
        aria-live="polite"
        className="h-80 overflow-auto rounded-lg border border-line bg-sunken p-3 font-mono text-xs leading-5"
      >
        {problem && (
          <p role="alert" className="text-bad">
            {problem}
          </p>
        )}
        {!lines ? (
          !problem && <Skeleton className="h-4 w-2/3" />
        ) : lines.length === 0 ? (
          <p className="text-muted">
            {status === 'pending' ? 'Waits for the worker.' : 'Nothing was logged.'}
          </p>
        ) : (
          lines.map(({ sequence, type, message }) => (
            <p key={sequence} className={clsx('flex gap-2', colours[type])}>
              <span className="w-8 shrink-0 select-none text-right text-muted">{sequence}</span>
              <span aria-hidden className="w-2 shrink-0 select-none">
                {signs[type]}
              </span>
              <span className="whitespace-pre-wrap [overflow-wrap:anywhere]">{message}</span>
            </p>
          ))
        )}
      </section>
    </section>
  );
}

function useLog(taskId: string, isRunning: boolean) {
  const [lines, setLines] = useState<readonly LogEntry[]>();
  const [problem, setProblem] = useState<string>();
  const last = useRef(0);
  const router = useRouter();
  useEffect(() => {
    let isOver = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async () => {
      const answer = await followLog({ taskId, afterSequence: last.current }).catch(
        () => undefined,
      );
      if (isOver) return;
      if (!answer?.ok) {
        setProblem(answer?.problem.message ?? 'The server does not answer.');
      } else {
        const { items, nextCursor } = answer.value;
        setProblem(undefined);
        last.current = items.at(-1)?.sequence ?? last.current;
        setLines((before = []) => (items.length > 0 ? [...before, ...items] : before));
        if (nextCursor) return void ask();
      }
      if (!isRunning) return;
      // The task's status and progress are the page's.
      router.refresh();
      timer = setTimeout(ask, pollMs);
    };
    void ask();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [taskId, isRunning, router]);
  return { lines, problem };
}
