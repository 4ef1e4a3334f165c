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
