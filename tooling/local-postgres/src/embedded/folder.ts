import { createHash, randomBytes } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startOf } from './processes.mjs';

export const lockOf = (folder: string) => join(folder, 'process');

/** This process. Its number alone would be that of any process that gets it later. */
export const holder = () => `${process.pid} ${startOf(process.pid)}`;

/**
 * Takes a data folder for this process alone, because two servers on one folder would destroy it. The
 * server of a killed process is taken over.
 * @returns what gives it back
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
    // A dead owner's lock is replaced by whoever holds the lock on that owner's succession, so that nobody
    // replaces what a successor has written meanwhile.
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

/** Names the lock on the succession of an owner. */
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

/** Whole or not at all, and never in place of another. */
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
