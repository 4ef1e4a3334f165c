import { randomBytes } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startOf } from './processes.mjs';

export const lockOf = (folder: string) => join(folder, 'process');

/** This process. Its number alone would be that of any process that gets it later. */
export const holder = () => `${process.pid} ${startOf(process.pid)}`;

/**
 * Takes a data folder for this process alone, because two servers on one folder would destroy it. What a
 * killed process has left is taken over.
 * @returns what gives it back
 * @throws Error naming the process that has it
 */
export async function takeFolder(folder: string): Promise<() => Promise<void>> {
  const file = lockOf(folder);
  const mine = holder();
  for (;;) {
    if (await written(file, mine)) return () => rm(file, { force: true });
    const found = await readFile(file, 'utf8').catch(() => undefined);
    if (found === undefined) continue;
    refuseIfAlive(found, folder);
    // Of several that find it stale, one moves it away; what another has taken meanwhile goes back.
    const aside = `${file}.${randomBytes(4).toString('hex')}`;
    try {
      await rename(file, aside);
    } catch {
      continue;
    }
    const moved = await readFile(aside, 'utf8');
    if (moved !== found) await written(file, moved);
    await rm(aside);
    refuseIfAlive(moved, folder);
  }
}

function refuseIfAlive(owner: string, folder: string): void {
  const [pid = '', ...started] = owner.split(' ');
  const isAlive = startOf(Number(pid)) === started.join(' ');
  if (pid === '' || !isAlive) return;
  throw new Error(
    `Process ${pid} uses the databases in ${folder}. Stop it, or choose another folder.`,
  );
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
