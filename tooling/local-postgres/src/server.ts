import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startContainer } from './container.ts';
import { startServerProcess } from './embedded/server.ts';
import type { PostgresServer } from './postgres-server.ts';
import { requireRun } from './run.ts';

/**
 * Starts a separate server, in a container on a run that uses Docker, else from the embedded
 * binaries. It keeps its data over a restart, and is removed at the end of the run at the latest.
 * @throws Error if `capabilities.ownServer` is false
 */
export async function startServer(
  settings: Record<string, string | number> = {},
): Promise<PostgresServer> {
  const { source, binaries, directory } = requireRun();
  if (source === 'docker') return startContainer({ settings });
  if (!binaries)
    throw new Error('This run can start no server. Check capabilities.ownServer first.');
  const folder = await mkdtemp(join(directory, 'server-'));
  const server = await startServerProcess(binaries, { folder, durable: true, settings });
  return {
    ...server,
    async remove() {
      await server.end();
      await rm(folder, { recursive: true });
    },
  };
}
