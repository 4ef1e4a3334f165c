// All code for PGlite, PostgreSQL in WebAssembly, which serves databases with pgvector if no server
// has it.
import { openAsBlob } from 'node:fs';
import { access, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { PGlite } from '@electric-sql/pglite';
import { btree_gin } from '@electric-sql/pglite/contrib/btree_gin';
import { vector } from '@electric-sql/pglite-pgvector';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';

export type PgliteDatabase = { url: string; close(): Promise<void> };

/**
 * Serves one PGlite instance on a port of 127.0.0.1. Its connections take turns, a statement or a
 * transaction at a time, and share one backend session with its settings, so a client must hold one
 * connection at a time.
 * @param options.dataDir the data's folder; without it, in memory
 * @param options.load a data-directory dump to start from
 */
export async function servePglite(
  options: { dataDir?: string; load?: Blob } = {},
): Promise<PgliteDatabase & { dump(): Promise<Blob> }> {
  const instance = await PGlite.create({
    ...(options.dataDir ? { dataDir: options.dataDir } : {}),
    ...(options.load ? { loadDataDir: options.load } : {}),
    extensions: { btree_gin, vector },
  });
  // More than one connection, because a client may reconnect before its old one has ended.
  const server = new PGLiteSocketServer({
    db: wholeStatements(instance),
    host: '127.0.0.1',
    port: 0,
    maxConnections: 20,
  });
  try {
    await server.start();
  } catch (error) {
    await instance.close();
    throw error;
  }
  return {
    url: `postgres://postgres:postgres@${server.getServerConn()}/postgres`,
    dump: () => instance.dumpDataDir('none'),
    async close() {
      await server.stop();
      await instance.close();
    },
  };
}

/**
 * A separate PGlite instance, loaded from a dump that the first worker of the run builds.
 * @param name of the template, the same in every worker
 * @param build migrates the database at the given URL
 */
export async function loadPglite(
  directory: string,
  name: string,
  build: (url: string) => Promise<unknown>,
): Promise<PgliteDatabase> {
  const file = join(directory, `${name}.tar`);
  if (!(await exists(file))) await underLock(`${file}.lock`, () => buildDump(file, build));
  return servePglite({ load: await openAsBlob(file) });
}

async function buildDump(file: string, build: (url: string) => Promise<unknown>): Promise<void> {
  if (await exists(file)) return;
  const database = await servePglite();
  try {
    await build(database.url);
    const dump = await database.dump();
    await writeFile(`${file}.part`, Buffer.from(await dump.arrayBuffer()));
    await rename(`${file}.part`, file);
  } finally {
    await database.close();
  }
}

/**
 * Runs one worker at a time, by a folder that only one can create. The folder of the run holds it,
 * so no lock outlives the run.
 */
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

/** Parse, Bind, Describe, Execute, Close: a Sync follows. */
const openers = new Set(['P', 'B', 'D', 'E', 'C']);
/** Sync, or Query, which is a whole statement. */
const closers = new Set(['S', 'Q']);

/**
 * A PGlite instance for the socket server. That lets connections take turns message by message
 * unless a transaction is open, so the Bind of one would take the portal that another is about to
 * execute. Here a statement counts as a transaction from its first message to its Sync.
 */
function wholeStatements(instance: PGlite): PGlite {
  let isOpen = false;
  const replaced = {
    isInTransaction: () => isOpen || instance.isInTransaction(),
    execProtocolRawStream: (...[message, options]: Parameters<PGlite['execProtocolRawStream']>) => {
      const type = String.fromCharCode(message[0] ?? 0);
      if (openers.has(type)) isOpen = true;
      if (closers.has(type)) isOpen = false;
      return instance.execProtocolRawStream(message, options);
    },
    // The server calls this when a connection ends in the middle of a transaction, to roll it back.
    exec: async (...[query, options]: Parameters<PGlite['exec']>) => {
      isOpen = false;
      return instance.exec(query, options);
    },
  };
  return new Proxy(instance, {
    get(target, key) {
      const value: unknown = Reflect.get(key in replaced ? replaced : target, key);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
