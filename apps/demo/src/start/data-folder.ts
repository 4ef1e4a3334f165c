import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Takes the folder that holds the embedded databases for this process alone: two servers on one data
 * directory would destroy it. A lock left by a killed process is taken over.
 *
 * @returns what gives it back
 * @throws Error naming the process that has it
 */
export async function takeDataFolder(folder: string): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'process');
  const owner = Number(await readFile(file, 'utf8').catch(() => ''));
  if (owner && owner !== process.pid && isRunning(owner)) {
    throw new Error(
      `Another demo (process ${owner}) uses ${folder}. Stop it, or give this one a folder of its own with --data.`,
    );
  }
  await writeFile(file, String(process.pid));
  return () => rm(file, { force: true });
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** The demo's own sealing key, made at its first start and kept with its data. */
export async function keepKeys(folder: string): Promise<string> {
  const file = join(folder, 'encryption-keys');
  const kept = await readFile(file, 'utf8').catch(() => '');
  if (kept) return kept;
  const made = `demo:${randomBytes(32).toString('base64')}`;
  await mkdir(folder, { recursive: true });
  await writeFile(file, made, { mode: 0o600 });
  return made;
}
