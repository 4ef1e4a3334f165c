import { startContainer } from '@reference/local-postgres';
import postgres from 'postgres';

/** The server that a run measures on. */
export interface Server {
  readonly url: string;
  readonly settings: Record<string, string>;
  close(): Promise<void>;
}

/** Disk, not memory: what is measured is a server as it is run, with a warm cache. */
const settings = {
  shared_buffers: '1GB',
  maintenance_work_mem: '512MB',
  max_wal_size: '8GB',
  checkpoint_timeout: '30min',
  synchronous_commit: 'off',
  random_page_cost: '1.1',
};

export async function openServer(url: string | undefined): Promise<Server> {
  if (url) return { url, settings: await settingsOf(url), close: async () => {} };
  const container = await startContainer({ durable: true, hostNetwork: true, settings });
  const database = await createDatabase(container.url);
  return {
    url: database,
    settings: await settingsOf(database),
    close: () => container.remove(),
  };
}

/** As docker/init makes the project's own. */
async function createDatabase(server: string): Promise<string> {
  const sql = postgres(server, { max: 1 });
  try {
    await sql`create database bench template template0 locale_provider builtin builtin_locale 'C.UTF-8'`;
  } finally {
    await sql.end();
  }
  const url = new URL(server);
  url.pathname = '/bench';
  return url.href;
}

async function settingsOf(url: string): Promise<Record<string, string>> {
  const sql = postgres(url, { max: 1 });
  try {
    const rows = await sql<{ name: string; value: string }[]>`
      select name, current_setting(name) as value from pg_settings
      where name = any(${['server_version', ...Object.keys(settings)]}) order by name`;
    return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
  } finally {
    await sql.end();
  }
}
