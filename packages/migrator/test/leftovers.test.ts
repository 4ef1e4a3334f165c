import { capabilities } from '@reference/local-postgres';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type MigratorEvent, migrate, repair } from '../src/index.ts';
import { useEmptyDatabase } from './fresh-database.ts';
import { MigrationsFolder } from './migrations-folder.ts';

// Servers and processes take seconds to start on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const SCHEMA = `
create table users (id integer, email text);
create index users_email on users (email);
create table logs (at integer) partition by range (at);
create table logs_old partition of logs for values from (0) to (10);`;

describe.skipIf(!capabilities.concurrency)('what an interrupted statement left', () => {
  const database = useEmptyDatabase();
  let folder: MigrationsFolder;
  let client: Client;

  beforeEach(async () => {
    client = new Client({ connectionString: database.url });
    await client.connect();
    folder = await MigrationsFolder.create([{ name: '0000_schema', sql: SCHEMA }]);
    await migrate(database.url, { folder: folder.path });
  });
  afterEach(async () => {
    await client.end();
    await folder.remove();
  });

  /** Runs a statement that waits for a reader of a table until it gives up, half way. */
  const interrupted = async (table: string, statement: string): Promise<void> => {
    const reader = new Client({ connectionString: database.url });
    await reader.connect();
    await reader.query(`begin isolation level repeatable read; select count(*) from ${table}`);
    await client.query("set lock_timeout = '200ms'");
    await expect(client.query(statement)).rejects.toMatchObject({ code: '55P03' });
    await reader.end();
  };

  const indexes = async (): Promise<unknown[]> =>
    (
      await client.query(
        `select c.relname as name, i.indisvalid as valid from pg_index i join pg_class c on c.oid = i.indexrelid
         where i.indrelid = 'users'::regclass order by 1`,
      )
    ).rows;

  const partitions = async (): Promise<unknown[]> =>
    (await client.query('select inhdetachpending as pending from pg_inherits')).rows;

  /** Applies one more file and gives its notes. */
  const applied = async (sql: string): Promise<string[]> => {
    await folder.write([
      { name: '0000_schema', sql: SCHEMA },
      { name: '0001_again', sql: `-- migrator: no-transaction\n${sql};` },
    ]);
    const events: MigratorEvent[] = [];
    await migrate(database.url, { folder: folder.path, onEvent: (event) => events.push(event) });
    return events.flatMap((event) => (event.type === 'note' ? [event.message] : []));
  };

  const rebuilt = [{ name: 'users_email', valid: true }];

  test.each([
    'reindex index concurrently users_email',
    'reindex (concurrently, verbose) table users',
    'reindex schema concurrently public',
  ])('%s drops the copies of the one before', async (statement) => {
    await interrupted('users', 'reindex index concurrently users_email');
    expect(await indexes()).toEqual([...rebuilt, { name: 'users_email_ccnew', valid: false }]);
    // The leftovers of a rebuild that dies between its swap and its end.
    await client.query('create index users_email_ccold on users (email)');
    await client.query(
      "update pg_index set indisvalid = false where indexrelid = 'users_email_ccold'::regclass",
    );
    expect(await applied(statement)).toEqual([
      'public.users_email_ccnew is invalid, left by an interrupted build: dropping it',
      'public.users_email_ccold is invalid, left by an interrupted build: dropping it',
    ]);
    expect(await indexes()).toEqual(rebuilt);
  });

  test('a partition that is pending is detached for good', async () => {
    const statement = 'alter table logs detach partition logs_old concurrently';
    await interrupted('logs', statement);
    expect(await partitions()).toEqual([{ pending: true }]);
    expect(await applied(statement)).toEqual([
      'the detaching of logs_old from logs was interrupted: finishing it',
    ]);
    expect(await partitions()).toEqual([]);
  });

  test('repair shows it, and ends it when asked', async () => {
    await interrupted('users', 'reindex index concurrently users_email');
    await interrupted('logs', 'alter table logs detach partition logs_old concurrently');
    const shown = [
      { kind: 'leftover index', what: 'public.users_email_ccnew', option: 'rebuildIndexes' },
      {
        kind: 'pending detach',
        what: 'public.logs_old from public.logs',
        option: 'finishDetach',
      },
    ];
    expect(await repair(database.url, { folder: folder.path })).toEqual(
      shown.map((item) => ({ ...item, resolved: false })),
    );
    expect(
      await repair(database.url, {
        folder: folder.path,
        rebuildIndexes: true,
        finishDetach: true,
      }),
    ).toEqual(shown.map((item) => ({ ...item, resolved: true })));
    expect(await indexes()).toEqual(rebuilt);
    expect(await partitions()).toEqual([]);
  });
});
