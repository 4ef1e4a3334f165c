import { UnavailableError } from '@reference/kit';
import { sql } from 'drizzle-orm';
import { createDb } from '../src/client.ts';
import type { Db } from '../src/database.ts';
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

/** Waits until a call waits for a lock that this database's other session holds, or `isDone` says it ended. */
export async function untilBlocked({ sql }: Workspace, isDone = () => false): Promise<void> {
  for (let waits = false; !waits && !isDone(); ) {
    const [row] = await sql`select exists (select from pg_locks join pg_stat_activity a using (pid)
      where not granted and a.datname = current_database()) as waits`;
    waits = row?.waits === true;
  }
}
