import {
  appendLogs,
  appendMessage,
  type ClaimedTask,
  type Db,
  renewLease,
  transitionTask,
} from '@reference/tasks';
import { codeOf } from '../server/error-code.ts';

const steps = [
  ['command', 'read the prompt'],
  ['info', 'Counting its words: this worker has no agent, no sandbox and no network'],
  ['command', 'write an answer'],
] as const;
const pauseMs = 900;

/**
 * Works on a claimed task: renews the lease with each step, and completes it with the lease's token.
 * Ends early when the task was stopped or deleted, or its lease was lost to another worker; gives it
 * back when the worker is told to stop.
 */
export async function workOn(
  db: Db,
  { task, leaseToken }: ClaimedTask,
  options: {
    readonly leaseSeconds: number;
    readonly pause: (ms: number) => Promise<void>;
    readonly isStopping: () => boolean;
  },
): Promise<void> {
  const { leaseSeconds, pause, isStopping } = options;
  const place = { userId: task.userId, taskId: task.id };
  const log = (type: 'info' | 'command' | 'success', message: string) =>
    appendLogs(db, { ...place, lines: [{ type, message }] });
  try {
    await log(
      'info',
      `Claimed by worker ${process.pid}, attempt ${task.attempts}, lease of ${leaseSeconds} seconds`,
    );
    for (const [index, [type, message]] of steps.entries()) {
      await pause(pauseMs);
      if (isStopping()) {
        await log('info', 'The worker stops and gives the task back');
        await transitionTask(db, { ...place, to: 'pending', leaseToken });
        return;
      }
      const progress = Math.round(((index + 1) / (steps.length + 1)) * 100);
      await renewLease(db, { ...place, leaseToken, leaseSeconds, progress });
      await log(type, message);
    }
    await pause(pauseMs);
    const words = task.prompt.split(/\s+/).filter(Boolean).length;
    await transitionTask(db, { ...place, to: 'completed', leaseToken });
    await appendMessage(db, {
      ...place,
      role: 'agent',
      content: `No agent worked on this: the demo's worker only counts. Your prompt has ${words} ${words === 1 ? 'word' : 'words'}.`,
    });
    await log('success', 'Done');
  } catch (error) {
    // Stopped, deleted, another worker's now, or the server is away, and the lease runs out: none of
    // it is for this one to mend.
    if (!['CONFLICT', 'NOT_FOUND', 'UNAVAILABLE'].includes(codeOf(error))) console.error(error);
  }
}
