import { openAsBlob } from 'node:fs';
import { access, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type EmbeddedDatabase, serveEmbedded } from './embedded.ts';

/**
 * A PGlite instance of the caller's own, loaded from a dump that the first worker of the run builds.
 * @param name of the template, the same in every worker
 * @param build migrates the database at the given URL
 */
export async function loadEmbedded(
  directory: string,
  name: string,
  build: (url: string) => Promise<unknown>,
): Promise<EmbeddedDatabase> {
  const file = join(directory, `${name}.tar`);
  if (!(await exists(file))) await underLock(`${file}.lock`, () => buildDump(file, build));
  return serveEmbedded({ load: await openAsBlob(file) });
}

async function buildDump(file: string, build: (url: string) => Promise<unknown>): Promise<void> {
  if (await exists(file)) return;
  const database = await serveEmbedded();
  try {
    await build(database.url);
    const dump = await database.dump();
    await writeFile(`${file}.part`, Buffer.from(await dump.arrayBuffer()));
    await rename(`${file}.part`, file);
  } finally {
    await database.close();
  }
}

/** One worker at a time, by a folder only one can make. The run's folder is its own, so no lock outlives it. */
async function underLock(path: string, body: () => Promise<void>): Promise<void> {
  const deadline = Date.now() + 120_000;
  while (!(await made(path))) {
    if (Date.now() > deadline)
      throw new Error(`Another test worker has held ${path} for two minutes.`);
    await setTimeout(25);
  }
  try {
    await body();
  } finally {
    await rm(path, { recursive: true, force: true });
  }
}

async function made(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
