import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createDb } from '../../src/client.ts';
import { change, compare, deliverRest, type KillReport, prepare } from './kill-run.ts';

const source = fileURLToPath(new URL('relay-worker.ts', import.meta.url));
/** OUTBOX_WORKER names relay-worker.ts bundled to one file, which starts in a fraction of the time. */
const command = process.env.OUTBOX_WORKER
  ? [process.env.OUTBOX_WORKER]
  : ['--import', 'tsx', source];
// The folder in which `tsx` is found.
const cwd = fileURLToPath(new URL('../..', import.meta.url));

/** Writers pause above it: they would outrun workers that live for seconds, and a long run never ended. */
const mostWaiting = 500;

/**
 * Two workers, eight in a long run, each a process of its own, relay what two writers change, while they are
 * killed by SIGKILL one after the other at a random moment and started again. Then everything is delivered and compared, as
 * in `killRun`.
 */
export async function processKillRun(url: string, kills: number): Promise<KillReport> {
  const calm = createDb({ url, max: 3 });
  await prepare(calm.sql);
  let isOver = false;
  const writing = [1, 2].map(async () => {
    while (!isOver) {
      const isBehind = (await waitingEvents(calm)) >= mostWaiting;
      if (!isBehind) await change(calm.db);
      await sleep(isBehind ? 20 : 1);
    }
  });
  const count = Math.max(2, Math.min(8, Math.floor(kills / 10)));
  const workers = Array.from({ length: count }, () => startWorker(url));
  for (let killed = 0; killed < kills; killed += 1) {
    const at = killed % count;
    const worker = workers[at];
    if (!worker) throw new Error(`${count} workers were started.`);
    await hasDelivered(worker);
    await sleep(Math.random() * 15);
    await kill(worker);
    workers[at] = startWorker(url);
  }
  isOver = true;
  await Promise.all([...writing, ...workers.map(kill)]);
  await deliverRest(calm);
  const report = await compare(calm.sql, kills);
  await calm.close();
  return report;
}

async function waitingEvents({ sql }: ReturnType<typeof createDb>): Promise<number> {
  const [row] =
    await sql`select count(*)::int as events from outbox_events where "deliveredAt" is null`;
  return Number(row?.events);
}

const startWorker = (url: string): ChildProcess =>
  spawn(process.execPath, command, {
    cwd,
    env: { ...process.env, WORKER_DATABASE_URL: url },
    stdio: ['ignore', 'pipe', 'inherit'],
  });

/** Waits until a worker is at work; one that ended by itself is an error. */
async function hasDelivered(worker: ChildProcess): Promise<void> {
  const ended = once(worker, 'exit').then(() => {
    throw new Error('A worker ended before it was killed.');
  });
  ended.catch(() => undefined);
  if (worker.stdout) await Promise.race([once(worker.stdout, 'data'), ended]);
}

async function kill(worker: ChildProcess): Promise<void> {
  const ended = once(worker, 'exit');
  worker.kill('SIGKILL');
  await ended;
}
