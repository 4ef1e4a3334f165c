import { createTestDatabase } from '@reference/local-postgres';
import { type ClientConfig, createClient } from '../src/index.ts';
import { createTables, schema } from './schema.ts';

/** A test database with the tables of schema.ts, and a client for it. */
export async function openDatabase(config: Partial<ClientConfig> = {}) {
  const database = await createTestDatabase();
  const connect = (overrides: Partial<ClientConfig> = {}) =>
    createClient(
      { url: database.url, max: database.maxConnections, ...config, ...overrides },
      { schema },
    );
  const client = connect();
  await client.sql.unsafe(createTables);
  return {
    ...client,
    url: database.url,
    connect,
    async close() {
      await client.close();
      await database.close();
    },
  };
}

export type OpenDatabase = Awaited<ReturnType<typeof openDatabase>>;
