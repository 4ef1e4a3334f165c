// The demo's worker: a process of its own that claims tasks, logs what it does and finishes them.
// It ends with the demo, which started it; a claim that it leaves behind runs out by itself.
import { setTimeout } from 'node:timers/promises';
import { claimTasks, createTasksClient } from '@reference/tasks';
import { codeOf } from '../server/error-code.ts';
import { workOn } from './work-on.ts';

const atOnce = 4;
const idleMs = 1000;
const leaseSeconds = 15;

const url = process.env.TASKS_DATABASE_URL ?? '';
const onPglite = (process.env.DEMO_ON_PGLITE ?? '').split(' ').includes('tasks');
const { db, close } = createTasksClient({
  url,
  applicationName: 'demo worker',
  max: onPglite ? 1 : atOnce,
});

let isStopping = false;
const sleeping = new AbortController();
const stop = () => {
  isStopping = true;
  sleeping.abort();
};
process.on('SIGTERM', stop).on('SIGINT', stop);

/** Ends early when the worker is stopped. */
const pause = (ms: number) =>
  setTimeout(ms, undefined, { signal: sleeping.signal }).catch(() => undefined);

while (!isStopping) {
  try {
    const claimed = await claimTasks(db, { limit: atOnce, leaseSeconds });
    if (claimed.length === 0) await pause(idleMs);
    await Promise.all(
      claimed.map((claim) =>
        workOn(db, claim, { leaseSeconds, pause, isStopping: () => isStopping }),
      ),
    );
  } catch (error) {
    // Without the server there is nothing to claim; it is asked again.
    if (codeOf(error) !== 'UNAVAILABLE') console.error(error);
    await pause(idleMs);
  }
}
await close();
