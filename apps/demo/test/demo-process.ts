import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { variables } from '../src/start/databases.ts';

const main = fileURLToPath(new URL('../src/start/main.ts', import.meta.url));

/** A started demo, as `pnpm demo` starts it. */
export interface Demo {
  readonly url: string;
  /** Its output so far. */
  output(): string;
  /** Ends it; the promise is its exit code. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/** Starts the demo on embedded databases, and waits until it serves. */
export async function startDemo(options: readonly string[]): Promise<Demo> {
  const child = spawn(process.execPath, ['--import', 'tsx', main, ...options], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    env: {
      ...process.env,
      ...Object.fromEntries(Object.values(variables).map((name) => [name, ''])),
      NO_COLOR: '1',
      NODE_ENV: 'production',
    },
  });
  let printed = '';
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      printed += chunk;
      const served = /http:\/\/localhost:\d+/.exec(printed)?.[0];
      if (served && printed.includes('Ctrl-C')) resolve(served);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    ended.then(() => reject(new Error(`The demo ended before it served.\n${printed}`)));
  });
  return { url, output: () => printed, end: (signal) => endOf(child, ended, signal) };
}

function endOf(
  child: ChildProcess,
  ended: Promise<number | null>,
  signal: NodeJS.Signals,
): Promise<number | null> {
  child.kill(signal);
  return ended;
}
