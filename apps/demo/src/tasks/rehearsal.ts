import { setTimeout as sleep } from 'node:timers/promises';
import {
  appendLogs,
  appendMessage,
  type Db,
  getTaskById,
  transitionTask,
  updateTask,
} from '@reference/tasks';

const steps = [
  ['info', 'Rehearsal: no agent, no sandbox, no network'],
  ['command', 'read the prompt'],
  ['info', 'Counting its words'],
  ['command', 'write an answer'],
  ['success', 'Done'],
] as const;
const pauseMs = 700;

/**
 * Works on a task without an agent, so that status, progress, log and messages can be seen to move.
 * Ends early when the task is stopped or deleted.
 */
export async function rehearse(
  db: Db,
  { userId, taskId, prompt }: { userId: string; taskId: string; prompt: string },
): Promise<void> {
  const task = { userId, taskId };
  for (const [index, [type, message]] of steps.entries()) {
    if ((await getTaskById(db, task))?.status !== 'processing') return;
    await appendLogs(db, { ...task, lines: [{ type, message }] });
    const progress = Math.round(((index + 1) / steps.length) * 99);
    await updateTask(db, { ...task, changes: { progress } });
    await sleep(pauseMs);
  }
  const words = prompt.split(/\s+/).filter(Boolean).length;
  await appendMessage(db, {
    ...task,
    role: 'agent',
    content: `This was a rehearsal: no agent worked on it. Your prompt has ${words} ${words === 1 ? 'word' : 'words'}.`,
  });
  await transitionTask(db, { ...task, to: 'completed' });
}
