import type { ReplicatedServer } from './postgres-server.ts';
import { startReplicatedContainers } from './replicated-containers.ts';
import { startReplicatedProcesses } from './replicated-processes.ts';
import { requireRun } from './run.ts';

/**
 * A primary and a streaming replica of it: in containers on a run that uses Docker, else from the
 * embedded binaries.
 * @throws Error if `capabilities.ownServer` is false
 */
export async function startReplicatedServer(): Promise<ReplicatedServer> {
  const { source, binaries, directory } = requireRun();
  if (source === 'docker') return startReplicatedContainers();
  if (!binaries)
    throw new Error('This run can start no server. Check capabilities.ownServer first.');
  return startReplicatedProcesses(binaries, directory);
}
