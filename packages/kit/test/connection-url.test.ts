import { userInfo } from 'node:os';
import { capabilities } from '@reference/local-postgres';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createClient,
  InvalidInputError,
  parseConnectionUrl,
  tlsOptions,
  UnavailableError,
} from '../src/index.ts';
import { type OpenDatabase, openDatabase } from './open-database.ts';

it('a URL that cannot be used is invalid input, and not quoted', () => {
  const url = 'postgres://u:hunter2@h/d?sslmod=require';
  for (const open of [() => createClient({ url }, { schema: {} }), () => parseConnectionUrl(url)]) {
    expect(open).toThrow(InvalidInputError);
    expect(open).toThrow(/"sslmod" is not one of libpq's/);
    expect(open).not.toThrow(/hunter2/);
  }
  const unreadable = parseConnectionUrl('postgres://h/d?sslmode=verify-full&sslrootcert=/no/where');
  expect(() => tlsOptions(unreadable)).toThrow(InvalidInputError);
});

describe.skipIf(!capabilities.concurrency)('connecting by URLs as people have them', () => {
  let database: OpenDatabase;
  beforeAll(async () => {
    database = await openDatabase();
  });
  afterAll(() => database.close());

  const ask = async (change: (url: URL) => void, query = 'select 1 as answer') => {
    const url = new URL(database.url);
    change(url);
    const client = createClient({ url: url.href, connectTimeoutSeconds: 3 }, { schema: {} });
    try {
      const [row] = await client.sql.unsafe(query);
      return row;
    } finally {
      await client.close();
    }
  };
  const set = (parameters: Record<string, string>) => (url: URL) => {
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  };

  it.each<Record<string, string>>([
    { keepalives: '1', keepalives_idle: '10' },
    { sslmode: 'prefer', channel_binding: 'prefer' },
    { pgbouncer: 'true', connection_limit: '1' },
    { target_session_attrs: 'read-write' },
    { connect_timeout: '3', client_encoding: 'UTF8', gssencmode: 'disable' },
  ])('%j', async (parameters) => {
    expect(await ask(set(parameters))).toEqual({ answer: 1 });
  });

  it('a schema and an application name reach the session', async () => {
    const shown = await ask(
      set({ schema: 'pg_catalog', application_name: 'from-url' }),
      "select current_setting('search_path') as path, current_setting('application_name') as name",
    );
    expect(shown).toEqual({ path: '"pg_catalog"', name: 'from-url' });
  });

  it('the second host, when the first is not there', async () => {
    const { host, pathname, username, password } = new URL(database.url);
    const url = `postgres://${username}:${password}@127.0.0.1:1,${host}${pathname}`;
    const client = createClient({ url, max: 1 }, { schema: {} });
    expect([...(await client.db.execute(sql`select 1 as one`))]).toEqual([{ one: 1 }]);
    await client.close();
  });

  it('a Unix socket is a Unix socket, and no other server', async () => {
    const url = `postgres://${userInfo().username}@/x?host=/nowhere/at/all`;
    const client = createClient({ url }, { schema: {} });
    await expect(client.sql`select 1`).rejects.toMatchObject({ sqlstate: 'ENOENT' });
    await client.close();
  });

  it('TLS that the server does not have is said to be that', async () => {
    const refused = ask(set({ sslmode: 'require' }));
    await expect(refused).rejects.toBeInstanceOf(UnavailableError);
    await expect(ask(set({ sslmode: 'require' }))).rejects.toThrow(/TLS/);
    await expect(ask(set({ sslmode: 'require' }))).rejects.not.toThrow(/in flight/);
  });
});
