import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { requireUrl } from '@reference/kit';
import { startEmbedded } from '@reference/local-postgres';

/** The demo's database: a given one, or the embedded one that this process runs. */
export interface DemoDatabase {
  readonly url: string;
  readonly embedded: boolean;
  /** One line for the reader. */
  readonly description: string;
  close(): Promise<void>;
}

/**
 * Opens the database that `given` names, or starts an embedded one with its data in `dataFolder`.
 *
 * @param options.port for the embedded one; if it is taken, any free one
 * @param options.reset forgets the embedded one's data first
 * @throws InvalidInputError when `given` is no PostgreSQL URL
 */
export async function openDatabase(options: {
  given: string | undefined;
  dataFolder: string;
  port: number;
  reset: boolean;
}): Promise<DemoDatabase> {
  if (options.given) {
    const url = requireUrl({ DATABASE_URL: options.given }, 'DATABASE_URL');
    const description = `the database ${new URL(url).pathname.slice(1)} at ${new URL(url).host}`;
    return { url, embedded: false, description, close: async () => {} };
  }
  if (options.reset) await rm(options.dataFolder, { recursive: true, force: true });
  const port = (await isFree(options.port)) ? options.port : 0;
  const { urls, close } = await startEmbedded({
    dataDir: options.dataFolder,
    port,
    databases: ['pagespace'],
  });
  const url = urls.pagespace ?? '';
  const taken = port !== options.port ? `; port ${options.port} is taken` : '';
  const description = `embedded Postgres on port ${new URL(url).port}, data in ${options.dataFolder}${taken}`;
  return { url, embedded: true, description, close };
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
      .once('error', () => resolve(false))
      .once('listening', () => probe.close(() => resolve(true)))
      .listen(port, '127.0.0.1');
  });
}
