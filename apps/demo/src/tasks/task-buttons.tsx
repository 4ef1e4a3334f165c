'use client';

import type { TaskStatus } from '@reference/tasks';
import { RotateCcw, Square, Trash2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useTransition } from 'react';
import { Button } from '@/ui/button.tsx';
import { useAction, useToast } from '@/ui/toast.tsx';
import { bringBackTask, deleteTask, moveTask } from './actions.ts';

/** The moves that the state machine allows a task's owner from where it stands. */
export function TaskButtons({ taskId, status }: { taskId: string; status: TaskStatus }) {
  const [isPending, start] = useTransition();
  const run = useAction();
  const { say } = useToast();
  const router = useRouter();
  const move = (to: 'pending' | 'stopped') =>
    start(async () => {
      await run(moveTask({ taskId, to }));
    });
  const undo = async () => {
    if (!(await run(bringBackTask({ taskId })))) return false;
    router.push(`/tasks/${taskId}`);
    return true;
  };
  return (
    <div className="flex flex-wrap gap-2">
      {(status === 'pending' || status === 'processing') && (
        <Button busy={isPending} onClick={() => move('stopped')}>
          <Square size={14} aria-hidden />
          Stop
        </Button>
      )}
      {(status === 'error' || status === 'stopped') && (
        <Button busy={isPending} onClick={() => move('pending')}>
          <RotateCcw size={14} aria-hidden />
          Try again
        </Button>
      )}
      <Button
        look="danger"
        busy={isPending}
        onClick={() =>
          start(async () => {
            const deleted = await run(deleteTask({ taskId }));
            if (!deleted) return;
            say('The task is in the trash.', undo);
            router.push('/tasks');
          })
        }
      >
        <Trash2 size={14} aria-hidden />
        Delete
      </Button>
    </div>
  );
}
