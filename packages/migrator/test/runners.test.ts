import { capabilities, createTestDatabase, type TestDatabase } from '@reference/local-postgres';
import postgres from 'postgres';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type MigratorEvent, migrate } from '../src/index.ts';
import { run, start } from './command.ts';
import { MigrationsFolder } from './migrations-folder.ts';

// Servers and processes take seconds to start on a busy machine.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

// Many runners at once, as when every instance of a service migrates at start.
describe.skipIf(!capabilities.concurrency)('runners at once', () => {
  let database: TestDatabase;
  let folder: MigrationsFolder;
  let sql: postgres.Sql;

  beforeEach(async () => {
    database = await createTestDatabase();
    folder = await MigrationsFolder.create();
    sql = postgres(database.url, { max: 3, onnotice: () => {} });
  });
  afterEach(async () => {
    await sql.end();
    await database.close();
    await folder.remove();
  });

  const migrateArgs = () => ['migrate', '--folder', folder.path, '--url', database.url];

  test('eight processes with a data migration pending: all exit 0, it is applied once', async () => {
    await folder.write([
      {
        name: '0000_accounts',
        sql: 'create table accounts (id integer, balance integer); insert into accounts values (1, 100);',
      },
    ]);
    await migrate(database.url, { folder: folder.path });
    await folder.write([
      {
        name: '0000_accounts',
        sql: 'create table accounts (id integer, balance integer); insert into accounts values (1, 100);',
      },
      {
        name: '0001_bonus',
        sql: 'update accounts set balance = balance + 10; select pg_sleep(0.2);',
      },
      {
        name: '0002_log',
        sql: 'create table log (at timestamptz); insert into log values (now());',
      },
    ]);
    const finished = await Promise.all(Array.from({ length: 8 }, () => run(migrateArgs())));
    expect(finished.map(({ code }) => code)).toEqual(Array(8).fill(0));
    expect(finished.filter(({ out }) => out.includes('2 migrations applied'))).toHaveLength(1);
    expect(finished.filter(({ out }) => out.includes('nothing to do'))).toHaveLength(7);
    expect([...(await sql`select balance from accounts`)]).toEqual([{ balance: 110 }]);
    expect([...(await sql`select count(*)::int as count from log`)]).toEqual([{ count: 1 }]);
  });

  test('eight at once on an empty database: none trips over the bookkeeping being made', async () => {
    await folder.write([{ name: '0000_a', sql: 'create table a (id integer);' }]);
    const results = await Promise.all(
      Array.from({ length: 8 }, () => migrate(database.url, { folder: folder.path })),
    );
    expect(results.map(({ applied }) => applied.length).sort()).toEqual([0, 0, 0, 0, 0, 0, 0, 1]);
  });

  test('a runner that waits in vain is refused, and names the holder', async () => {
    await folder.write([{ name: '0000_slow', sql: 'select pg_sleep(1.5);' }]);
    const events: MigratorEvent[] = [];
    const first = migrate(database.url, {
      folder: folder.path,
      onEvent: (event) => events.push(event),
    });
    while (!events.some(({ type }) => type === 'statement'))
      await new Promise((resolve) => setTimeout(resolve, 10));
    await expect(
      migrate(database.url, { folder: folder.path, runnerWaitMs: 300 }),
    ).rejects.toMatchObject({
      code: 'locked',
      exitCode: 2,
      message: expect.stringMatching(/pid \d+ .*pg_sleep/s),
    });
    await first;
  });

  test('a concurrent build that fails is retried to a valid index while four other runners wait', async () => {
    await folder.write([
      {
        name: '0000_users',
        sql: "create table users (id integer, email text); insert into users select i, 'u' || i % 500 from generate_series(1, 1000) i;",
      },
      {
        name: '0001_unique',
        sql: '-- migrator: no-transaction\ncreate unique index concurrently if not exists users_email on users (email);\n--> statement-breakpoint\ncreate index concurrently users_id on users (id);',
      },
    ]);
    // Duplicates: the first build fails, and five runners at once must neither hang nor deadlock.
    const failed = await Promise.all(Array.from({ length: 5 }, () => run(migrateArgs())));
    expect(failed.map(({ code }) => code)).toEqual([1, 1, 1, 1, 1]);
    for (const { err } of failed) {
      expect(err).toContain('23505');
      expect(err).not.toContain('40P01');
    }
    expect([...(await sql`select 1 as one from pg_index where not indisvalid`)]).toEqual([]);

    await sql`delete from users where id > 500`;
    // A build cut off half way by somebody else leaves an invalid index, which IF NOT EXISTS takes for one.
    await sql`insert into users values (501, 'u1')`;
    await sql`create unique index concurrently users_email on users (email)`.catch(() => {});
    await sql`delete from users where id = 501`;
    expect([...(await sql`select 1 as one from pg_index where not indisvalid`)]).toHaveLength(1);

    // A reader in a transaction holds the build up, so that the four others really wait.
    const reader = await sql.reserve();
    await reader`begin isolation level repeatable read`;
    await reader`select count(*) from users`;
    const runs = Array.from({ length: 5 }, () => start(migrateArgs()));
    await new Promise((resolve) => setTimeout(resolve, 3000));
    await reader`commit`;
    reader.release();
    const finished = await Promise.all(runs.map((one) => one.finished));
    expect(finished.map(({ code, err }) => [code, code === 0 ? '' : err])).toEqual(
      Array(5).fill([0, '']),
    );
    expect([
      ...(await sql`
        select c.relname as name, i.indisvalid as valid from pg_index i join pg_class c on c.oid = i.indexrelid
        where i.indrelid = 'users'::regclass order by 1`),
    ]).toEqual([
      { name: 'users_email', valid: true },
      { name: 'users_id', valid: true },
    ]);
    expect(finished.some(({ err }) => err.includes('is invalid'))).toBe(true);
  });
});

describe.skipIf(!capabilities.concurrency)('behind a transaction that idles', () => {
  const lockTimeoutMs = 1500;
  let database: TestDatabase;
  let folder: MigrationsFolder;
  let sql: postgres.Sql;

  beforeEach(async () => {
    database = await createTestDatabase();
    folder = await MigrationsFolder.create([
      {
        name: '0000_tables',
        sql: 'create table busy (id integer); create table other (id integer);',
      },
    ]);
    await migrate(database.url, { folder: folder.path });
    sql = postgres(database.url, { max: 4, onnotice: () => {} });
  });
  afterEach(async () => {
    await sql.end();
    await database.close();
    await folder.remove();
  });

  /** Reads a table again and again and remembers the longest wait. */
  const watchReaders = (table: string) => {
    let worst = 0;
    let going = true;
    const reading = (async () => {
      while (going) {
        const from = performance.now();
        await sql.unsafe(`select count(*) from ${table}`);
        worst = Math.max(worst, performance.now() - from);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    })();
    return {
      stop: async () => {
        going = false;
        await reading;
        return worst;
      },
    };
  };

  const tables = [
    {
      name: '0000_tables',
      sql: 'create table busy (id integer); create table other (id integer);',
    },
  ];

  test('an ALTER lets readers pass between its tries, names the blocker, and gets through at last', async () => {
    await folder.write([
      ...tables,
      { name: '0001_column', sql: 'alter table busy add column name text;' },
    ]);
    const idle = await sql.reserve();
    await idle`begin`;
    await idle`select count(*) from busy`;
    const [{ pid }] = await idle<[{ pid: number }]>`select pg_backend_pid() as pid`;
    const readers = watchReaders('busy');
    const events: MigratorEvent[] = [];
    const running = migrate(database.url, {
      folder: folder.path,
      lockTimeoutMs,
      retryDelayMs: 100,
      onEvent: (event) => events.push(event),
    });
    while (events.filter(({ type }) => type === 'retry').length < 2)
      await new Promise((resolve) => setTimeout(resolve, 20));
    await idle`commit`;
    idle.release();
    await running;
    expect(await readers.stop()).toBeLessThan(1.5 * lockTimeoutMs);
    const blockers = events.flatMap((event) => (event.type === 'retry' ? event.blockers : []));
    expect(blockers[0]).toMatchObject({
      pid,
      state: 'idle in transaction',
      query: expect.stringContaining('pg_backend_pid'),
    });
  });

  test('waits of one file add up to one budget: what it has locked is not held for longer', async () => {
    await folder.write([
      ...tables,
      {
        name: '0001_both',
        sql: 'alter table other add column a text; alter table busy add column a text;',
      },
    ]);
    const idle = await sql.reserve();
    await idle`begin`;
    await idle`select count(*) from busy`;
    const readers = watchReaders('other');
    const failure = await migrate(database.url, {
      folder: folder.path,
      lockTimeoutMs,
      lockRetries: 1,
      retryDelayMs: 50,
    }).catch((error: unknown) => error);
    const worst = await readers.stop();
    await idle`commit`;
    idle.release();
    expect(failure).toMatchObject({
      exitCode: 1,
      statement: { sqlstate: '55P03', number: 2 },
      message: expect.stringMatching(/blocked by pid \d+ .*idle in transaction/s),
    });
    expect(worst).toBeLessThan(1.5 * lockTimeoutMs);
  });
});
