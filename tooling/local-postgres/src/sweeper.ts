import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export type Sweeper = {
  /** Removes everything now; resolves when it is gone. */
  sweep(): Promise<void>;
};

/**
 * Starts the process that outlives this one and removes what it leaves behind, whether this one ends
 * well, is interrupted, or is killed. Testcontainers' own reaper is an image that may not be there.
 */
export function startSweeper(left: {
  owner: string;
  docker: boolean;
  directory?: string;
  adminUrl?: string;
}): Sweeper {
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('./sweeper.mjs', import.meta.url)), JSON.stringify(left)],
    // Detached, so that Ctrl-C in a terminal reaches the run and not its sweeper.
    { detached: true, stdio: ['pipe', 'ignore', 'ignore'] },
  );
  const gone = once(child, 'exit');
  child.unref();
  return {
    async sweep() {
      child.ref();
      child.stdin.end('end\n');
      await gone;
    },
  };
}
