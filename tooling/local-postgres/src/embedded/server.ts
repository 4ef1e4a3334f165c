import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { freePort } from '../free-port.ts';
import type { PostgresServer } from '../postgres-server.ts';
import { initialise } from './initialise.ts';
import {
  endServer,
  endServerOn,
  freeze,
  isAlive,
  killFamily,
  readPidFile,
  thaw,
} from './processes.mjs';
import { type Binaries, programOf } from './programs.ts';
import { environment, pathOf } from './surroundings.ts';

/** A PostgreSQL server that this process has started. */
export type ServerProcess = Omit<PostgresServer, 'remove'> & {
  /** Ends it in any state, also frozen or killed, and leaves only its folder. */
  end(): Promise<void>;
};

export type ServerOptions = {
  /**
   * The folder of the cluster (`data`), its password and its log, taken over from a killed process.
   */
  folder: string;
  /** True if data must survive a crash of the machine (fsync). */
  durable: boolean;
  /** As `postgres -c name=value`. */
  settings?: Record<string, string | number>;
};

/**
 * Starts a server on a free port of 127.0.0.1, and creates its cluster first if there is none.
 * @throws Error with the end of its log when it does not start
 */
export async function startServerProcess(
  binaries: Binaries,
  { folder, durable, settings = {} }: ServerOptions,
): Promise<ServerProcess> {
  const data = join(folder, 'data');
  const password = await initialise(binaries, { folder, durable });
  const user = await ownerOf(data);
  await endServerOn(data);

  const unsafe = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
  const fixed = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    // In the data folder, so that a killed server's files are removed with it.
    dynamic_shared_memory_type: process.platform === 'win32' ? 'windows' : 'mmap',
    max_connections: 200,
    ...(durable ? {} : unsafe),
    ...settings,
  };
  let child: ChildProcess;
  const launch = async (port: number) => {
    const log = await open(join(folder, 'server.log'), 'a');
    const parameters = Object.entries({ ...fixed, port });
    child = spawn(
      programOf(binaries.folder, 'postgres'),
      ['-D', pathOf(data), ...parameters.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      // A group of its own, so that Ctrl-C in a terminal reaches its owner and not the server.
      { ...user, cwd: data, env: environment(), detached: true, stdio: ['ignore', log.fd, log.fd] },
    );
    child.unref();
    const failed = once(child, 'error').then(([error]) => Promise.reject(error));
    await Promise.race([ready(child, data), failed]).finally(() => log.close());
  };

  await writeFile(join(folder, 'server.log'), '');
  let port = 0;
  for (let attempt = 1; ; attempt += 1) {
    port = await freePort();
    try {
      await launch(port);
      break;
    } catch (error) {
      // Another process got the same port before the start.
      const log = await readFile(join(folder, 'server.log'), 'utf8');
      if (attempt < 5 && /could not bind/.test(log)) continue;
      throw new Error(`PostgreSQL did not start in ${folder}.\n${log.trim().slice(-1500)}`, {
        cause: error,
      });
    }
  }

  const pid = () => {
    if (!child.pid || !isAlive(child.pid)) throw new Error('The server does not run.');
    return child.pid;
  };
  return {
    url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    kill: () => killFamily(pid()),
    stop: () => endServer(pid()),
    start: () => launch(port),
    async restart() {
      await endServer(pid());
      await launch(port);
    },
    pause: async () => freeze(pid()),
    unpause: async () => thaw(pid()),
    async crashes() {
      const log = await readFile(join(folder, 'server.log'), 'utf8');
      return log.split('\n').filter((line) => /PANIC|was terminated by signal/.test(line));
    },
    end: async () => void (await endServerOn(data, { keepsData: durable })),
  };
}

async function ownerOf(data: string): Promise<{ uid?: number; gid?: number }> {
  if (process.getuid?.() !== 0) return {};
  const { uid, gid } = await stat(data);
  return { uid, gid };
}

async function ready(child: ChildProcess, data: string): Promise<void> {
  while (child.exitCode === null && child.signalCode === null) {
    const file = await readPidFile(data);
    if (file?.pid === child.pid && file?.state === 'ready') return;
    await setTimeout(10);
  }
  throw new Error(`it ended with ${child.exitCode ?? child.signalCode}`);
}
