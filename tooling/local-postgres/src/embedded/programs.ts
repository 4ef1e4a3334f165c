import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { User } from './user.ts';

const run = promisify(execFile);

/** The programs of a PostgreSQL that runs here. */
export type Binaries = {
  /** The folder of `initdb` and `postgres`. */
  folder: string;
  /** `17.10` */
  version: string;
  /** Whether it has pgvector. */
  vector: boolean;
  /** The server's user, if this process is root. */
  user?: User | undefined;
  /** One line for people. */
  description: string;
};

/** @throws Error when the programs do not run on this machine, for example without a library */
export async function versionOf(folder: string): Promise<string> {
  const { stdout } = await run(programOf(folder, 'postgres'), ['--version']);
  return /(\d+(?:\.\d+)*)/.exec(stdout)?.[1] ?? stdout.trim();
}

export const majorOf = (version: string) => Number.parseInt(version, 10);

export const programOf = (folder: string, name: string) =>
  join(folder, process.platform === 'win32' ? `${name}.exe` : name);
