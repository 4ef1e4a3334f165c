import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const app = fileURLToPath(new URL('../..', import.meta.url));
const project = join(app, '../..');
const next = createRequire(import.meta.url).resolve('next/dist/bin/next');
const built = join(app, '.next', 'built-from');

/** Builds the application unless it was built from the very sources that are here now. */
export async function build(onStart: () => void): Promise<void> {
  const sources = await fingerprint();
  if ((await readFile(built, 'utf8').catch(() => '')) === sources) return;
  onStart();
  const child = run(['build'], {}, 'pipe');
  let output = '';
  child.stdout?.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    output += chunk;
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`The application could not be built.\n${output.trim()}`);
  await writeFile(built, sources);
}

/** Names, sizes and times of everything that the build reads. */
async function fingerprint(): Promise<string> {
  const folders = [
    'apps/demo/src',
    ...(await readdir(join(project, 'packages'))).map((name) => `packages/${name}/src`),
  ];
  const files = ['pnpm-lock.yaml', 'apps/demo/next.config.ts'];
  for (const folder of folders) {
    const entries = await readdir(join(project, folder), { recursive: true, withFileTypes: true });
    for (const entry of entries) if (entry.isFile()) files.push(join(entry.parentPath, entry.name));
  }
  const hash = createHash('sha256');
  for (const file of files.sort()) {
    const { size, mtimeMs } = await stat(file.startsWith('/') ? file : join(project, file));
    hash.update(`${file} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

/** The first free port at or after one, and whether that is another. */
export async function freePort(wanted: number, host: string): Promise<number> {
  for (let port = wanted; port < wanted + 100; port += 1) if (await isFree(port, host)) return port;
  throw new Error(`No port from ${wanted} to ${wanted + 99} is free. Choose one with --port.`);
}

function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
      .once('error', () => resolve(false))
      .once('listening', () => probe.close(() => resolve(true)))
      .listen(port, host);
  });
}

export interface WebServer {
  readonly url: string;
  /** Settles when the server's process ends, for whatever reason. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** Serves the built application, or with `dev` the sources; ready when the promise resolves. */
export async function serve(options: {
  readonly port: number;
  /** The address to listen on. */
  readonly host: string;
  readonly dev: boolean;
  readonly environment: Readonly<Record<string, string>>;
}): Promise<WebServer> {
  const { port, host, dev, environment } = options;
  const child = run(
    [dev ? 'dev' : 'start', '--port', String(port), '--hostname', host],
    {
      ...environment,
      DEMO_WEBHOOKS: `http://127.0.0.1:${port}/webhooks`,
      ...(dev ? { DEMO_DIST: '.next-dev' } : {}),
    },
    dev ? 'inherit' : 'pipe',
  );
  // The operator should see the server's errors, but not its greeting.
  child.stderr?.pipe(process.stderr);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const url = `http://localhost:${port}`;
  await Promise.race([ready(url), ended]);
  if (child.exitCode !== null) throw new Error('The web server ended before it was ready.');
  return {
    url,
    ended,
    async stop() {
      if (child.exitCode !== null) return;
      child.kill('SIGTERM');
      await Promise.race([ended, setTimeout(5000).then(() => child.kill('SIGKILL'))]);
    },
  };
}

async function ready(url: string): Promise<void> {
  for (;;) {
    const answer = await fetch(`${url}/sign-in`).catch(() => undefined);
    if (answer) {
      await answer.body?.cancel();
      return;
    }
    await setTimeout(100);
  }
}

function run(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  output: 'pipe' | 'inherit',
): ChildProcess {
  const guard = new URL('end-with-parent.mjs', import.meta.url).href;
  const peer = new URL('peer-address.mjs', import.meta.url).href;
  return spawn(process.execPath, ['--import', guard, '--import', peer, next, ...args], {
    cwd: app,
    env: { ...process.env, ...environment, NEXT_TELEMETRY_DISABLED: '1' },
    stdio: ['ignore', output, output, 'ipc'],
  });
}
