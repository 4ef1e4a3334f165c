import { spawn } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export interface Worker {
  /** Lets it give back what it works on, at most three seconds. */
  stop(): Promise<void>;
}

/** Starts the process that works on tasks. It ends with this one, also when this one is killed. */
export function startWorker(environment: Readonly<Record<string, string>>): Worker {
  const main = fileURLToPath(new URL('../worker/main.ts', import.meta.url));
  const guard = new URL('end-with-parent.mjs', import.meta.url).href;
  const child = spawn(process.execPath, ['--import', guard, '--import', 'tsx', main], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  return {
    async stop() {
      child.kill('SIGTERM');
      await Promise.race([ended, setTimeout(3000).then(() => child.kill('SIGKILL'))]);
    },
  };
}
