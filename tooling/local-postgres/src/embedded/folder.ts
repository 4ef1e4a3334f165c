import { createHash, randomBytes } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startOf } from './processes.mjs';

export const lockOf = (folder: string) => join(folder, 'process');

/** This process with its start, because a later process may get its number. */
export const holder = () => `${process.pid} ${startOf(process.pid)}`;

/**
 * Locks a data folder for this process, because two servers on one folder would destroy it. It
 * takes over the server of a killed process.
 * @returns a function that unlocks it
 * @throws Error naming the process that has it
 */
export const takeFolder = (folder: string): Promise<() => Promise<void>> =>
  take(lockOf(folder), folder);

async function take(file: string, folder: string): Promise<() => Promise<void>> {
  const mine = holder();
  for (;;) {
    if (await written(file, mine)) return () => rm(file, { force: true });
    const found = await readFile(file, 'utf8').catch(() => undefined);
    if (found === undefined) continue;
    refuseIfAlive(found, folder);
    // Only the holder of the lock on a dead owner's succession replaces its lock, so that nobody
    // replaces a successor's.
    const release = await take(`${file}.after-${digest(found)}`, folder);
    try {
      if ((await readFile(file, 'utf8').catch(() => undefined)) !== found) continue;
      await replaced(file, mine);
      return () => rm(file, { force: true });
    } finally {
      await release();
    }
  }
}

/** The name of the lock on an owner's succession. */
export const digest = (owner: string) =>
  createHash('sha256').update(owner).digest('hex').slice(0, 16);

function refuseIfAlive(owner: string, folder: string): void {
  const [pid = '', ...started] = owner.split(' ');
  const isAlive = startOf(Number(pid)) === started.join(' ');
  if (pid === '' || !isAlive) return;
  throw new Error(
    `Process ${pid} uses the databases in ${folder}. Stop it, or choose another folder.`,
  );
}

async function replaced(file: string, text: string): Promise<void> {
  const prepared = `${file}.${randomBytes(4).toString('hex')}`;
  await writeFile(prepared, text);
  await rename(prepared, file);
}

/** Writes a file atomically, and never replaces one. */
async function written(file: string, text: string): Promise<boolean> {
  const prepared = `${file}.${randomBytes(4).toString('hex')}`;
  await writeFile(prepared, text);
  try {
    await link(prepared, file);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(prepared);
  }
}
