import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  closePostgresConnection,
  configurePostgres,
  createPostgresClient,
  getPostgresClient,
} from '../src/index.ts';
import { upsertGithubPullRequests } from '../src/worker.ts';
import { connect, openDatabase, type TestDatabase } from './database.ts';
import { pullRequest } from './rows.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openDatabase();
  // Embedded, all clients share one session, and a second would wait for the first.
  await database.sql.end();
});
afterAll(() => database.close());
afterEach(() => closePostgresConnection());

const config = () => ({ url: database.url, max: 1 });
const usage = { code: 'USAGE' };

describe('the process’s client', () => {
  test('is one, however many ask at once', async () => {
    configurePostgres(config());
    const clients = await Promise.all(Array.from({ length: 20 }, async () => getPostgresClient()));
    expect(new Set(clients).size).toBe(1);
    const [row] = await getPostgresClient().db.execute(sql`select 1 as one`);
    expect(row).toEqual({ one: 1 });
    expect(getPostgresClient().queryClient).toBe(clients[0]?.queryClient);
  });

  test('takes the same configuration again and refuses another', () => {
    configurePostgres(config());
    configurePostgres(config());
    expect(() => configurePostgres({ ...config(), max: 2 })).toThrow(
      expect.objectContaining(usage),
    );
    getPostgresClient();
    expect(() => configurePostgres({ ...config(), max: 2 })).toThrow(
      expect.objectContaining(usage),
    );
  });

  test('closes, and opens anew with the same configuration', async () => {
    configurePostgres(config());
    const first = getPostgresClient();
    await first.db.execute(sql`select 1`);
    await closePostgresConnection();
    await expect(first.db.execute(sql`select 1`)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    const second = getPostgresClient();
    expect(second).not.toBe(first);
    await second.db.execute(sql`select 1`);
  });

  test('refuses a wrong configuration without showing the URL', () => {
    const url = 'mysql://user:hunter2@localhost/db';
    expect(() => createPostgresClient({ url })).toThrow(
      expect.objectContaining({
        code: 'INVALID_INPUT',
        message: expect.not.stringContaining('hunter2'),
      }),
    );
    expect(() => createPostgresClient({ ...config(), max: 0 })).toThrow(/max/);
    configurePostgres({ url: '' });
    expect(() => getPostgresClient()).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
  });

  test('without one, connects to POSTGRES_URL, which it reads when asked', async () => {
    await closePostgresConnection();
    const { getPostgresClient: fresh, closePostgresConnection: close } = await freshModule();
    delete process.env.POSTGRES_URL;
    expect(() => fresh()).toThrow(/POSTGRES_URL/);
    process.env.POSTGRES_URL = database.url;
    await fresh().db.execute(sql`select 1`);
    await close();
  });
});

test('works behind a pooler in transaction mode: nothing is prepared', async () => {
  const client = createPostgresClient({ ...config(), prepare: false });
  try {
    const { connectorConfigId } = await connect(client.db);
    const rows = [pullRequest('1'), pullRequest('2', { body: 'text' })];
    const result = await upsertGithubPullRequests(client.db, connectorConfigId, rows);
    expect(result.inserted).toBe(2);
  } finally {
    await client.close();
  }
});

/** The module as a process that has just started sees it. */
async function freshModule(): Promise<typeof import('../src/postgres.client.ts')> {
  vi.resetModules();
  return import('../src/postgres.client.ts');
}
