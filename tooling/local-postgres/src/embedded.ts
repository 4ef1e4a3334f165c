import { chmod, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { findBinaries } from './embedded/binaries.ts';
import { holder, lockOf, takeFolder } from './embedded/folder.ts';
import { endServerOn } from './embedded/processes.mjs';
import { type Binaries, majorOf } from './embedded/programs.ts';
import { startServerProcess } from './embedded/server.ts';
import { servePglite } from './pglite.ts';
import { startSweeper } from './sweeper.ts';

export type Embedded = {
  /** The URL of each database, by its name. */
  urls: Record<string, string>;
  /**
   * The databases on PGlite, which has one session for all connections and so needs a pool of one.
   */
  onPglite: readonly string[];
  /** One line for people that says which server serves which database. */
  description: string;
  /** Folders in `dataDir` of databases that another server serves now; they stay unchanged. */
  unused: readonly string[];
  close(): Promise<void>;
};

export type EmbeddedOptions = {
  /** Without it, data is in a temporary folder and deleted at the end. */
  dataDir?: string;
  databases: readonly string[];
  /** Databases with pgvector. */
  vectorDatabases?: readonly string[];
  /** Deletes the content of `dataDir` first. */
  reset?: boolean;
};

/**
 * Serves databases without Docker: on one PostgreSQL server, and those that it cannot serve each on
 * a PGlite. It ends with this process, also if that is killed.
 * @throws Error when another process uses `dataDir`
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const temporary = options.dataDir ? undefined : await temporaryFolder();
  const dataDir = options.dataDir ?? temporary ?? '';
  await mkdir(dataDir, { recursive: true });
  const closers = [await takeFolder(dataDir)];
  const close = async () => {
    for (let next = closers.pop(); next; next = closers.pop()) await next();
  };
  try {
    if (options.reset) await forget(dataDir);
    return { ...(await open(options, { dataDir, temporary, closers })), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function forget(dataDir: string): Promise<void> {
  for (const folder of await foldersIn(dataDir)) {
    await endServerOn(join(folder, 'data'), { keepsData: false });
    await rm(folder, { recursive: true });
  }
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'local-postgres-'));
  // For the server's user, if this process is root.
  await chmod(folder, 0o711);
  return folder;
}

type Place = { dataDir: string; temporary: string | undefined; closers: (() => Promise<void>)[] };

async function open(
  { databases, vectorDatabases = [] }: EmbeddedOptions,
  { dataDir, temporary, closers }: Place,
): Promise<Omit<Embedded, 'close'>> {
  let directory = temporary;
  const binaries = await findBinaries(async () => {
    directory ??= await temporaryFolder();
    return directory;
  });
  const name = 'missing' in binaries ? undefined : `postgres-${majorOf(binaries.version)}`;
  const folder = join(dataDir, name ?? '');
  const sweeper = startSweeper({
    ...(directory && { directory }),
    ...(name && !temporary && { server: { folder, lock: lockOf(dataDir), holder: holder() } }),
  });
  closers.push(() => sweeper.sweep());

  const hasVector = !('missing' in binaries) && binaries.vector;
  const onServer =
    'missing' in binaries ? [] : [...databases, ...(hasVector ? vectorDatabases : [])];
  const onPglite = [...databases, ...vectorDatabases].filter((each) => !onServer.includes(each));
  const urls: Record<string, string> = {};
  if (!('missing' in binaries) && onServer.length > 0) {
    const { url } = await startServerProcess(binaries, { folder, durable: !temporary });
    Object.assign(urls, await haveDatabases(url, onServer));
  }
  for (const database of onPglite) {
    const served = await servePglite({ dataDir: join(dataDir, database) });
    closers.push(() => served.close());
    urls[database] = served.url;
  }
  return {
    urls,
    onPglite,
    description: describe(binaries, onPglite),
    unused: await foldersIn(dataDir, (entry) => entry !== name && !onPglite.includes(entry)),
  };
}

function describe(binaries: Binaries | { missing: string }, onPglite: readonly string[]): string {
  if ('missing' in binaries) return `PGlite, since ${binaries.missing}`;
  const vector = onPglite.length > 0 ? `; ${onPglite.join(', ')} on PGlite, for pgvector` : '';
  return `${binaries.description}${vector}`;
}

/** Creates the databases that a server lacks. */
async function haveDatabases(
  url: string,
  names: readonly string[],
): Promise<Record<string, string>> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    const there = await sql<{ datname: string }[]>`select datname from pg_database`;
    for (const name of names) {
      if (there.some(({ datname }) => datname === name)) continue;
      // By code point, as in `docker/init`.
      await sql`
        create database ${sql(name)} template template0
          locale_provider builtin builtin_locale 'C.UTF-8'`;
    }
  } finally {
    await sql.end();
  }
  return Object.fromEntries(names.map((name) => [name, new URL(`/${name}`, url).href]));
}

async function foldersIn(folder: string, which = (_name: string) => true): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && which(entry.name))
    .map(({ name }) => join(folder, name));
}
