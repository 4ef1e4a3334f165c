import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import type { TestProject } from 'vitest/node';
import { launch, newOwner, postgresImage, whyNoDocker } from './container.ts';
import { findBinaries } from './embedded/binaries.ts';
import { startServerProcess } from './embedded/server.ts';
import type { PostgresServer } from './postgres-server.ts';
import { rehashPassword } from './rehash-password.ts';
import { publishRun, type Run } from './run.ts';
import { chooseSource, type SourceChoice } from './source.ts';
import { startSweeper } from './sweeper.ts';

declare module 'vitest' {
  interface ProvidedContext {
    packageFolder: string;
    needsVector: boolean;
  }
}

type Shared = { users: number; started: Promise<() => Promise<void>> };

// Each project of a root run loads this file again in the same process, but the server is the
// process's.
const key = Symbol.for('@reference/local-postgres');
const registry: typeof globalThis & { [key]?: Shared } = globalThis;

/** Vitest's global setup: starts the run's Postgres, or joins the one another project has started. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  project.provide('packageFolder', project.config.root);
  registry[key] ??= { users: 0, started: start() };
  const shared = registry[key];
  shared.users += 1;
  const stop = await shared.started;
  return async () => {
    shared.users -= 1;
    if (shared.users > 0) return;
    delete registry[key];
    await stop();
  };
}

async function start(): Promise<() => Promise<void>> {
  const choice = chooseSource(process.env);
  const owner = newOwner();
  const directory = await mkdtemp(join(tmpdir(), 'local-postgres-'));
  const sweeper = startSweeper({
    owner,
    directory,
    docker: choice.source === 'docker',
    ...(choice.source === 'given' ? { adminUrl: process.env.TEST_DATABASE_URL ?? '' } : {}),
  });
  try {
    const { run, server } = await open(choice, { owner, directory });
    publishRun(run);
    console.log(`Postgres for tests: ${run.description}`);
    return async () => {
      publishRun(undefined);
      const crashes = (await server?.crashes()) ?? [];
      for (const line of crashes) console.log(`The test server crashed: ${line}`);
      await sweeper.sweep();
    };
  } catch (error) {
    await sweeper.sweep();
    throw error;
  }
}

type Opened = { run: Run; server?: Pick<PostgresServer, 'crashes'> };

async function open(
  { source, demanded }: SourceChoice,
  base: { owner: string; directory: string },
): Promise<Opened> {
  if (source === 'embedded') return openEmbedded(base);
  if (source === 'given') {
    const adminUrl = process.env.TEST_DATABASE_URL ?? '';
    const description = `the server at ${new URL(adminUrl).host} (${await version(adminUrl)})`;
    return { run: { ...base, source, adminUrl, description } };
  }
  const missing = await whyNoDocker();
  if (missing) {
    if (!demanded) return openEmbedded(base, '; no Docker engine answers');
    throw new Error(
      `TEST_DATABASE=docker, but no Docker engine answers (${missing}). Start one, or set TEST_DATABASE=embedded.`,
    );
  }
  const image = postgresImage();
  try {
    const container = await launch(base.owner, { durable: false, image });
    const description = `Docker, one container of ${image} (${await version(container.url)})`;
    return { run: { ...base, source, adminUrl: container.url, description }, server: container };
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim() : String(error);
    if (!demanded) return openEmbedded(base, `; Docker could not start ${image}: ${reason}`);
    throw new Error(
      `Docker could not start ${image}. Name an image it can get in POSTGRES_IMAGE, or set TEST_DATABASE=embedded.`,
      { cause: error },
    );
  }
}

async function openEmbedded(base: { owner: string; directory: string }, why = ''): Promise<Opened> {
  const binaries = await findBinaries(async () => {
    // For the programs' user, if this process is root.
    await chmod(base.directory, 0o711);
    return base.directory;
  });
  if ('missing' in binaries) {
    const description = `PGlite, since ${binaries.missing}${why}`;
    return { run: { ...base, source: 'pglite', description } };
  }
  const folder = join(base.directory, 'server');
  const server = await startServerProcess(binaries, { folder, durable: false });
  await rehashPassword(server.url);
  const vector = binaries.vector ? '' : ', and PGlite for what needs pgvector';
  const description = `embedded ${binaries.description}${vector}${why}`;
  return {
    run: { ...base, source: 'embedded', adminUrl: server.url, binaries, description },
    server,
  };
}

async function version(url: string): Promise<string> {
  const sql = postgres(url, { max: 1 });
  try {
    const [row] = await sql<
      { version: string }[]
    >`select current_setting('server_version') as version`;
    return `PostgreSQL ${row?.version.split(' ')[0]}`;
  } finally {
    await sql.end();
  }
}
