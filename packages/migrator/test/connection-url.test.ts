import { capabilities } from '@reference/local-postgres';
import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { describe, expect, test } from 'vitest';
import { migrate, status } from '../src/index.ts';
import { useEmptyDatabase } from './fresh-database.ts';
import { MigrationsFolder } from './migrations-folder.ts';

const database = useEmptyDatabase();

const migrateAt = async (target: Parameters<typeof migrate>[0]) => {
  const folder = await MigrationsFolder.create([
    { name: '0000_made', sql: 'create table made (id int primary key);' },
  ]);
  try {
    await migrate(target, { folder: folder.path });
    const found = await status(database.url, { folder: folder.path });
    return found.map(({ state }) => state);
  } finally {
    await folder.remove();
  }
};
const withParameters = (parameters: Record<string, string>) => {
  const url = new URL(database.url);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
};

describe('the URLs that the application takes', () => {
  test.each<Record<string, string>>([
    { sslmode: 'prefer', channel_binding: 'prefer' },
    { keepalives: '1', keepalives_idle: '10', connect_timeout: '3' },
    { schema: 'public', connection_limit: '5' },
    { target_session_attrs: 'read-write', client_encoding: 'UTF8' },
  ])('are taken with %j', async (parameters) => {
    expect(await migrateAt(withParameters(parameters))).toEqual(['applied']);
  });

  test('pass over a host where nothing listens', async () => {
    const { username, password, host, pathname } = new URL(database.url);
    const url = `postgres://${username}:${password}@127.0.0.1:1,${host}${pathname}`;
    expect(await migrateAt(url)).toEqual(['applied']);
  });

  test('are rejected as the application rejects them, and not quoted', async () => {
    for (const [url, message] of [
      ['mysql://u:hunter2@h/d', /of the form postgres/],
      ['postgres://u:hunter2%@h/d', /"%" in its password/],
      ['postgres://u:hunter2@h/d?sslmod=require', /"sslmod" is not one of libpq's/],
      ['postgres://u:hunter2@h:99999/d', /1 to 65535/],
    ] as const) {
      const refused = migrateAt(url);
      await expect(refused).rejects.toThrow(message);
      await expect(refused).rejects.toMatchObject({ code: 'usage' });
      await expect(refused).rejects.not.toThrow(/hunter2/);
    }
  });

  test('go to a Unix socket, and to no other server', async () => {
    await expect(migrateAt('postgres://u@/x?host=/nowhere/at/all')).rejects.toThrow(
      /\/nowhere\/at\/all/,
    );
  });
});

test.skipIf(!capabilities.concurrency)('a client of several hosts is followed to all', async () => {
  const { username, password, host, pathname } = new URL(database.url);
  const sql = postgres(`postgres://${username}:${password}@127.0.0.1:1,${host}${pathname}`, {
    ssl: 'prefer',
  });
  try {
    expect(await migrateAt(drizzle(sql))).toEqual(['applied']);
  } finally {
    await sql.end();
  }
});
