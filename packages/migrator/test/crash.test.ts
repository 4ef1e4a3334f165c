import {
  capabilities,
  createTestDatabase,
  type PostgresServer,
  startServer,
} from '@reference/local-postgres';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { compareCatalogs, describeCatalog, migrate } from '../src/index.ts';
import { run, start } from './command.ts';
import { type File, MigrationsFolder } from './migrations-folder.ts';

// Servers and processes take seconds to start on a busy machine.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 180_000 });

const table = (n: number): string =>
  `create table t${n} (id integer primary key, v text);\n--> statement-breakpoint\ninsert into t${n} select i, 'v' || i from generate_series(1, 300) i;\n--> statement-breakpoint\nalter table t${n} add column w integer default 1;`;

/** Ten files; the sixth runs outside a transaction and builds indexes concurrently. */
const FILES: File[] = Array.from({ length: 10 }, (_, n) =>
  n === 5
    ? {
        name: '0005_indexes',
        sql: `-- migrator: no-transaction
create index concurrently t0_v on t0 (v);
--> statement-breakpoint
create table counted (n integer);
--> statement-breakpoint
insert into counted values (1);
--> statement-breakpoint
create unique index concurrently if not exists t1_v on t1 (v);
--> statement-breakpoint
update t2 set w = w + 1;
--> statement-breakpoint
create index concurrently t3_v on t3 (v);`,
      }
    : { name: `000${n}_t${n}`, sql: table(n) },
);

const COUNTS = `select (select count(*)::int from counted) as counted, (select sum(w)::int from t2) as w,
  (select count(*)::int from drizzle.__drizzle_migrations) as files,
  (select count(*)::int from drizzle.__migrator_progress) as unfinished,
  (select count(*)::int from pg_index where not indisvalid) as invalid`;
const WHOLE = [{ counted: 1, w: 600, files: 10, unfinished: 0, invalid: 0 }];

const counts = async (url: string) => {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    return [...(await sql.unsafe(COUNTS))];
  } finally {
    await sql.end();
  }
};

describe.skipIf(!capabilities.concurrency)('killed at any instant', () => {
  let folder: MigrationsFolder;
  let clean: Awaited<ReturnType<typeof describeCatalog>>;
  let cleanMs = 0;

  beforeAll(async () => {
    folder = await MigrationsFolder.create(FILES);
    const database = await createTestDatabase();
    const started = performance.now();
    await run(['migrate', '--folder', folder.path, '--url', database.url]);
    cleanMs = performance.now() - started;
    clean = await describeCatalog(database.url);
    expect(await counts(database.url)).toEqual(WHOLE);
    await database.close();
  });
  afterAll(() => folder.remove());

  test('SIGKILL at twenty random instants: the next run completes, the schema is that of a clean run', async () => {
    const cutShort: string[] = [];
    const once = async () => {
      const database = await createTestDatabase();
      try {
        const { child, finished } = start([
          'migrate',
          '--folder',
          folder.path,
          '--url',
          database.url,
        ]);
        // Within what a run does after it has started up.
        const timer = setTimeout(
          () => child.kill('SIGKILL'),
          cleanMs * (0.3 + 0.7 * Math.random()),
        );
        const { err, signal } = await finished;
        clearTimeout(timer);
        if (signal === 'SIGKILL')
          cutShort.push(err.match(/\d{4}_\w+/g)?.at(-1) ?? 'before the first');
        await migrate(database.url, { folder: folder.path });
        expect(
          compareCatalogs(clean, await describeCatalog(database.url), { columnOrder: true }),
        ).toEqual([]);
        expect(await counts(database.url)).toEqual(WHOLE);
      } finally {
        await database.close();
      }
    };
    for (let pair = 0; pair < 10; pair += 1) await Promise.all([once(), once()]);
    // The test would prove nothing if every run had been over before it was killed.
    expect(cutShort.length).toBeGreaterThan(4);
  });

  test('killed in the middle of each statement of a no-transaction file, it resumes there', async () => {
    for (const [index, marker] of ['t0_v', 'counted values', 't1_v', 'set w', 't3_v'].entries()) {
      const database = await createTestDatabase();
      const sql = postgres(database.url, { max: 2, onnotice: () => {} });
      try {
        await folder.write(FILES.slice(0, 5));
        await migrate(database.url, { folder: folder.path });
        await folder.write(FILES);
        // Whatever the statement needs is held, so that it is killed while it runs.
        const held = await sql.reserve();
        await held`begin`;
        if (index === 1 || index === 3) {
          await held`select pg_advisory_xact_lock(1)`;
          await held`lock table t2 in share mode`;
        } else await held`lock table t0, t1, t3 in row exclusive mode`;
        const { child, finished } = start([
          'migrate',
          '--folder',
          folder.path,
          '--url',
          database.url,
        ]);
        for (let tries = 0; tries < 400; tries += 1) {
          const waiting = await sql`
            select 1 from pg_stat_activity where datname = current_database() and application_name = 'migrator'
              and wait_event_type = 'Lock'`;
          if (waiting.length > 0) break;
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
        child.kill('SIGKILL');
        await finished;
        await held`commit`;
        held.release();
        await migrate(database.url, { folder: folder.path });
        expect({ marker, counts: await counts(database.url) }).toEqual({ marker, counts: WHOLE });
      } finally {
        await sql.end();
        await database.close();
      }
    }
  });

  test('the backend terminated in the middle of a file: a clear error, nothing applied, the next run completes', async () => {
    const database = await createTestDatabase();
    const sql = postgres(database.url, { max: 1, onnotice: () => {} });
    const slow = await MigrationsFolder.create([
      {
        name: '0000_slow',
        sql: 'create table slow (id integer); select pg_sleep(case when exists (select from pg_stat_activity where application_name = $$hurry$$) then 0 else 30 end);',
      },
    ]);
    try {
      const running = run(['migrate', '--folder', slow.path, '--url', database.url]);
      for (;;) {
        const [row] = await sql`
          select pg_terminate_backend(pid) as done from pg_stat_activity
          where datname = current_database() and application_name = 'migrator' and query like '%pg_sleep%'`;
        if (row) break;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      const { code, err } = await running;
      expect(code).toBe(1);
      expect(err).toContain('0000_slow.sql:1: statement 2 failed');
      expect(err).toContain('connection to the server was lost');
      expect([...(await sql`select to_regclass('slow') as slow`)]).toEqual([{ slow: null }]);
      await sql.unsafe("set application_name = 'hurry'");
      expect((await migrate(database.url, { folder: slow.path })).applied).toHaveLength(1);
    } finally {
      await sql.end();
      await database.close();
      await slow.remove();
    }
  });
});

describe.skipIf(!capabilities.ownServer)('the server restarted in the middle of a file', () => {
  let server: PostgresServer;
  let folder: MigrationsFolder;

  beforeAll(async () => {
    server = await startServer();
    folder = await MigrationsFolder.create(FILES);
  });
  afterAll(async () => {
    await folder.remove();
    await server.remove();
  });

  const answering = async () => {
    for (;;) {
      const sql = postgres(server.url, { max: 1, connect_timeout: 2, onnotice: () => {} });
      try {
        await sql`select 1`;
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 100));
      } finally {
        await sql.end({ timeout: 1 });
      }
    }
  };

  test('the process ends with an error that says so, and the next run completes', async () => {
    await answering();
    const slow = { name: '0010_slow', sql: 'create table slow (id integer); select pg_sleep(20);' };
    await folder.write([...FILES, slow]);
    const { finished } = start(['migrate', '--folder', folder.path, '--url', server.url]);
    const sql = postgres(server.url, { max: 1, onnotice: () => {} });
    for (;;) {
      const rows =
        await sql`select 1 from pg_stat_activity where query like '%pg_sleep(20)%' and pid <> pg_backend_pid()`;
      if (rows.length > 0) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await sql.end();
    await server.kill();
    const { code, err } = await finished;
    expect(code).toBe(1);
    expect(err).toContain('connection to the server was lost');
    expect(err).not.toContain('at process');
    await server.start();
    await answering();
    await folder.write([...FILES, { ...slow, sql: 'create table slow (id integer);' }]);
    const { applied } = await migrate(server.url, { folder: folder.path });
    expect(applied.map(({ name }) => name)).toEqual(['0010_slow']);
    expect(await counts(server.url)).toEqual([{ ...WHOLE[0], files: 11 }]);
  });
});
