import { transaction, UnavailableError } from '@reference/kit';
import { type Later, overlap, waitingSessionsQuery } from '@reference/races';
import { sql } from 'drizzle-orm';
import { createDb } from '../src/client.ts';
import type { Db, Tx } from '../src/database.ts';
import type { Workspace } from './workspace.ts';

/** Connections of their own for the calls of a race. */
export interface Racers {
  readonly connections: readonly Db[];
  close(): Promise<void>;
}

/** Call in `beforeAll`, and its `close` in `afterAll`, before the workspace's own. */
export function openRacers(workspace: Workspace, count = 3): Racers {
  const clients = Array.from({ length: count }, () => createDb({ url: workspace.url, max: 1 }));
  return {
    connections: clients.map(({ db }) => db),
    close: async () => {
      await Promise.all(clients.map(({ close }) => close()));
    },
  };
}

/**
 * The backend that serves a racer. A connection whose backend was killed a moment ago may not know yet;
 * asking again reaches the next one.
 */
export async function backendOf(racer: Db): Promise<number> {
  for (;;) {
    try {
      const [backend] = await racer.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`);
      if (backend) return backend.pid;
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
    }
  }
}

/** Waits until a session of this database waits for a lock, or `isDone` says that the call ended. */
export async function untilBlocked(workspace: Workspace, isDone = () => false): Promise<void> {
  while (!isDone() && (await waitingSessions(workspace)) === 0);
}

/**
 * Does something in a transaction and, before that ends, makes calls on other connections, each once the
 * one before it waits or is done.
 *
 * @returns what the transaction gave, and for each call whether it waited and how it ended
 */
export async function whileOpen<First, Value>(
  workspace: Workspace,
  first: (tx: Tx) => Promise<First>,
  ...calls: ((db: Db) => Promise<Value>)[]
): Promise<{ value: First; later: Later<Value>[] }> {
  const racers = openRacers(workspace, calls.length + 1);
  try {
    return await overlap({
      connections: racers.connections,
      begin: transaction,
      countWaiting: () => waitingSessions(workspace),
      first,
      calls,
    });
  } finally {
    await racers.close();
  }
}

async function waitingSessions({ sql }: Workspace): Promise<number> {
  const [row] = await sql.unsafe<{ waiting: number }[]>(waitingSessionsQuery);
  return row?.waiting ?? 0;
}
