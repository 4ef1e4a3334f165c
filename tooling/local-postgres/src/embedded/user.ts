import { execFile } from 'node:child_process';
import { realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The user for PostgreSQL if this process is root, because it refuses to run as root. */
export type User = { name: string; uid: number; gid: number };

/**
 * @returns undefined if this process is not root; PostgreSQL then runs as the same user
 * @throws Error when root has nobody to run it as
 */
export async function userForServer(): Promise<User | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    const ids = await Promise.all(['-u', '-g'].map((of) => run('id', [of, name]))).catch(() => []);
    const [uid, gid] = ids.map(({ stdout }) => Number(stdout));
    if (uid && gid) return { name, uid, gid };
  }
  throw new Error(
    'PostgreSQL refuses to run as root, and this machine has neither a user "postgres" nor "nobody". Run this as an ordinary user.',
  );
}

/** True if a user can enter every folder of a path, and read and execute its target. */
export async function canReach(user: User | undefined, path: string): Promise<boolean> {
  if (!user) return true;
  for (let at = await realpath(path); ; at = dirname(at)) {
    const { mode, uid, gid } = await stat(at);
    const wanted = at === path ? 0o5 : 0o1;
    const granted = uid === user.uid ? mode >> 6 : gid === user.gid ? mode >> 3 : mode;
    if ((granted & wanted) !== wanted) return false;
    if (at === dirname(at)) return true;
  }
}
