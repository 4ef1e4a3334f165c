import { setTimeout as sleep } from 'node:timers/promises';
import { InvalidInputError } from '@reference/kit';
import { runIfDue } from '@reference/kit/cron';
import { capabilities } from '@reference/local-postgres';
import { raceRounds } from '@reference/races';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createDb } from '../../src/client.ts';
import { cronJobs } from '../../src/schema/index.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await openWorkspace();
});
afterAll(() => workspace.close());
beforeEach(() => workspace.sql`truncate cron_jobs`);

test.each([
  { name: '', everySeconds: 60 },
  { name: 'Purge!', everySeconds: 60 },
  { name: 'purge', everySeconds: 0 },
])('a job that is none is refused: %j', async (of) => {
  await expect(runIfDue(workspace.db, { ...of, work: async () => {} })).rejects.toThrow(
    InvalidInputError,
  );
});

// A job holds a connection while it runs, so a pool of one cannot run it.
describe.skipIf(!capabilities.concurrency)('recurring jobs', () => {
  const job = (work: (signal: AbortSignal) => Promise<void> = async () => {}) => ({
    name: 'purge',
    everySeconds: 3600,
    work,
  });
  const makeDue = () => workspace.sql`update cron_jobs set "dueAt" = now() - interval '1 second'`;
  const stored = async () => {
    const [row] = await workspace.db.select().from(cronJobs).where(eq(cronJobs.name, 'purge'));
    return row;
  };

  test('a job runs when it is due, then not until the next full period', async () => {
    const { db } = workspace;
    let runs = 0;
    const counted = job(async () => {
      runs += 1;
    });
    expect(await runIfDue(db, counted)).toBe('ran');
    expect(await runIfDue(db, counted)).toBe('not due');
    const row = await stored();
    expect((row?.dueAt.getTime() ?? 1) % 3_600_000).toBe(0);
    expect(row?.dueAt.getTime()).toBeGreaterThan(Date.now() - 60_000);
    await makeDue();
    expect(await runIfDue(db, counted)).toBe('ran');
    expect(runs).toBe(2);
  });

  test('a job is due from the very moment that it names', async () => {
    const { sql, url } = workspace;
    // This clock stands still, so that a job falls due at the moment that is now.
    await sql`create schema clock`;
    await sql`create function clock.now() returns timestamptz immutable language sql
        return timestamptz '2026-03-01 12:00:00.25+00'`;
    await sql`do $$ begin execute format(
        'alter database %I set search_path = clock, public, pg_catalog', current_database()); end $$`;
    const client = createDb({ url, max: 2 });
    try {
      await sql`insert into cron_jobs (name, "dueAt", "startedAt")
          values ('purge', clock.now(), clock.now())`;
      expect(await runIfDue(client.db, job())).toBe('ran');
      expect((await stored())?.dueAt).toEqual(new Date('2026-03-01T13:00:00Z'));
    } finally {
      await client.close();
      await sql`do $$ begin execute format(
          'alter database %I reset search_path', current_database()); end $$`;
      await sql`drop schema clock cascade`;
    }
  });

  test('a job uses the pool while it runs', async () => {
    const { db, sql } = workspace;
    const outcome = await runIfDue(
      db,
      job(async () => {
        await db.select({ name: cronJobs.name }).from(cronJobs).limit(1);
        await sql`select 1`;
      }),
    );
    expect(outcome).toBe('ran');
  });

  test('a failed job is due again after 1, 2, 4 minutes; its error is kept without values', async () => {
    const { db } = workspace;
    const pauses = [];
    for (let n = 0; n < 3; n += 1) {
      const failing = job(async () => {
        throw new Error('secret-canary');
      });
      expect(await runIfDue(db, failing)).toBe('failed');
      const row = await stored();
      if (!row?.finishedAt) throw new Error('Not noted.');
      pauses.push(Math.round((row.dueAt.getTime() - row.finishedAt.getTime()) / 60_000));
      expect(row).toMatchObject({ failures: n + 1, lastError: 'Error' });
      await makeDue();
    }
    expect(pauses).toEqual([1, 2, 4]);
    expect(await runIfDue(db, job())).toBe('ran');
    expect(await stored()).toMatchObject({ failures: 0, lastError: null });
  });

  test('of five servers that offer to run it at once, one does', async () => {
    const servers = Array.from({ length: 5 }, () => createDb({ url: workspace.url, max: 2 }));
    try {
      for (let round = 0; round < raceRounds(); round += 1) {
        let runs = 0;
        const counted = job(async () => {
          runs += 1;
          await sleep(Math.random() * 3);
        });
        const outcomes = await Promise.all(
          servers.map(async ({ db }) => {
            await sleep(Math.random() * 6);
            return runIfDue(db, counted);
          }),
        );
        expect(runs).toBe(1);
        expect(outcomes.filter((one) => one === 'ran')).toHaveLength(1);
        await makeDue();
      }
    } finally {
      await Promise.all(servers.map(({ close }) => close()));
    }
  });

  test('while one runs it, another server is told so at once', async () => {
    const { db } = workspace;
    const other = createDb({ url: workspace.url, max: 2 });
    try {
      let during = '';
      await runIfDue(
        db,
        job(async () => {
          during = await runIfDue(other.db, job());
        }),
      );
      expect(during).toBe('runs elsewhere');
    } finally {
      await other.close();
    }
  });

  test('a waiting lock holds back no vacuum', async () => {
    const { sql } = workspace;
    await runIfDue(
      workspace.db,
      job(async () => {
        const holding =
          await sql`select 1 from pg_stat_activity where datname = current_database() and state = 'idle in transaction' and (backend_xid is not null or backend_xmin is not null)`;
        expect(holding).toHaveLength(0);
        const waiting =
          await sql`select 1 from pg_stat_activity where datname = current_database() and state = 'idle in transaction'`;
        expect(waiting).toHaveLength(1);
      }),
    );
    expect(await stored()).toMatchObject({ failures: 0 });
  });
});
