import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export type Sweeper = {
  /** Removes everything now; resolves when that is done. */
  sweep(): Promise<void>;
};

/**
 * Starts a process that outlives this one and removes everything that it leaves, also if it is
 * interrupted or killed. Testcontainers' own reaper is an image that may be missing.
 */
export function startSweeper(left: {
  /** The owner of the containers and databases. */
  owner?: string;
  docker?: boolean;
  adminUrl?: string;
  /** A temporary folder, with the servers that keep their data in it. */
  directory?: string;
  /**
   * The folder of a server whose data is kept; it is left alone once `lock` names another than
   * `holder`.
   */
  server?: { folder: string; lock: string; holder: string };
}): Sweeper {
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('./sweeper.mjs', import.meta.url)), JSON.stringify(left)],
    // Detached, so that Ctrl-C in a terminal reaches the run and not its sweeper.
    { detached: true, stdio: ['pipe', 'ignore', 'ignore'] },
  );
  const gone = once(child, 'exit');
  // The pipe must not keep a finished program running, because the sweeper waits for its end.
  child.unref();
  if ('unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref();
  return {
    async sweep() {
      child.ref();
      child.stdin.end('end\n');
      await gone;
    },
  };
}
