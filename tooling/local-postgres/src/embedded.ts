import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { btree_gin } from '@electric-sql/pglite/contrib/btree_gin';
import { vector } from '@electric-sql/pglite-pgvector';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { wholeStatements } from './whole-statements.ts';

export type EmbeddedDatabase = { url: string; close(): Promise<void> };

/**
 * Serves one PGlite instance on a port of 127.0.0.1. Its connections take turns, a statement or a
 * transaction at a time, and share one backend session with its settings, so a client must hold one
 * connection at a time.
 * @param options.dataDir where data is kept; without it, in memory
 * @param options.load a data-directory dump to start from
 * @param options.port 0, the default, for any free one
 */
export async function serveEmbedded(
  options: { dataDir?: string; load?: Blob; port?: number } = {},
): Promise<EmbeddedDatabase & { dump(): Promise<Blob> }> {
  const instance = await PGlite.create({
    ...(options.dataDir ? { dataDir: options.dataDir } : {}),
    ...(options.load ? { loadDataDir: options.load } : {}),
    extensions: { btree_gin, vector },
  });
  // More than one connection, because a client that reconnects may come before its old one has gone.
  const server = new PGLiteSocketServer({
    db: wholeStatements(instance),
    host: '127.0.0.1',
    port: options.port ?? 0,
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

export type Embedded = { urls: Record<string, string>; close(): Promise<void> };

/**
 * Serves several databases, one PGlite instance each, with data kept in `dataDir/<name>` between runs.
 * @param options.port of the first database; the others follow it. 0, the default, for free ones
 * @returns the URL of each database, by its name
 * @throws Error when a port is taken
 */
export async function startEmbedded(options: {
  dataDir: string;
  port?: number;
  databases: readonly string[];
}): Promise<Embedded> {
  await mkdir(options.dataDir, { recursive: true });
  const urls: Record<string, string> = {};
  const started: EmbeddedDatabase[] = [];
  const close = async () => {
    for (const database of started) await database.close();
  };
  try {
    for (const [index, name] of options.databases.entries()) {
      const database = await serveEmbedded({
        dataDir: join(options.dataDir, name),
        port: options.port ? options.port + index : 0,
      });
      started.push(database);
      urls[name] = database.url;
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { urls, close };
}
