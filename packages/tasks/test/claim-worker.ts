// A worker in a process of its own, for a test to kill: claims, works a little, completes, for ever.
import { setTimeout as sleep } from 'node:timers/promises';
import { claimTasks, createTasksClient, renewLease, transitionTask } from '../src/index.ts';

const { db } = createTasksClient({ url: process.env.TASKS_DATABASE_URL ?? '', max: 2 });
for (;;) {
  const claimed = await claimTasks(db, { limit: 3, leaseSeconds: 1, maxAttempts: 100 });
  if (claimed.length > 0) console.log(`holding ${claimed.length}`);
  for (const { task, leaseToken } of claimed) {
    const held = { userId: task.userId, taskId: task.id, leaseToken };
    try {
      await sleep(60);
      await renewLease(db, { ...held, leaseSeconds: 1 });
      await transitionTask(db, { ...held, to: 'completed' });
      console.log(`completed ${task.id}`);
    } catch (error) {
      console.log(`lost ${task.id}: ${error instanceof Error ? error.name : error}`);
    }
  }
  if (claimed.length === 0) await sleep(50);
}
