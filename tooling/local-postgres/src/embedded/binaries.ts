import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findOnMachine } from './machine.ts';
import { findInPackage } from './package.ts';
import { type User, userForServer } from './user.ts';

const run = promisify(execFile);

/** The programs of a PostgreSQL that can be started here. */
export type Binaries = {
  /** Where `initdb` and `postgres` lie. */
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

/**
 * The machine's own PostgreSQL where one has pgvector, since everything runs on it; else the one from
 * npm, which lacks it.
 * @param scratch makes a folder for a copy of the programs, which is needed where the folder that they
 * were installed into is read-only, or closed to the user who runs them
 * @returns the reason when there is neither
 */
export async function findBinaries(
  scratch: () => Promise<string>,
): Promise<Binaries | { missing: string }> {
  const user = await userForServer();
  return (await findOnMachine(user)) ?? (await findInPackage(user, scratch));
}

/** @throws Error when the programs do not run on this machine, such as for want of a library */
export async function versionOf(folder: string): Promise<string> {
  const { stdout } = await run(programOf(folder, 'postgres'), ['--version']);
  return /(\d+(?:\.\d+)*)/.exec(stdout)?.[1] ?? stdout.trim();
}

export const majorOf = (version: string) => Number.parseInt(version, 10);

export const programOf = (folder: string, name: string) =>
  join(folder, process.platform === 'win32' ? `${name}.exe` : name);
