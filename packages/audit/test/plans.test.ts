import { capabilities, createTestDatabase } from '@reference/local-postgres';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { definePlans, type HotQuery } from '../src/plans/hot-query.ts';
import { runPlans } from '../src/plans/run-plans.ts';

let url = '';
let close: () => Promise<void>;
beforeAll(async () => {
  const database = await createTestDatabase();
  url = database.url;
  close = () => database.close();
});
afterAll(() => close());

const execute = async (to: string, sql: string): Promise<void> => {
  const client = new pg.Client(to);
  await client.connect();
  await client.query(sql).finally(() => client.end());
};

interface Sample {
  readonly id: number;
}

const projectOf = (queries: readonly HotQuery<pg.Pool, Sample>[], largeFrom?: number) =>
  definePlans<pg.Pool, Sample>({
    queries,
    ...(largeFrom === undefined ? {} : { largeFrom }),
    scales: [5_000, 50_000],
    migrate: (to) =>
      execute(
        to,
        'create table notes (id int primary key, owner int, at int, body text); create index notes_owner_idx on notes (owner, at)',
      ),
    seed: async (to, scale) => {
      await execute(
        to,
        `insert into notes select n, n % 50, n, repeat('x', 200) from generate_series(1, ${scale}) n`,
      );
      return { id: 7 };
    },
    open: (to) => {
      const handle = new pg.Pool({ connectionString: to, max: 1 });
      return { handle, close: () => handle.end() };
    },
  });

const good: HotQuery<pg.Pool, Sample> = {
  name: 'a list by its index',
  run: (pool, { id }) =>
    pool.query('select id from notes where owner = $1 order by at limit 20', [id]),
  forbidden: ['Seq Scan', 'Sort'],
  statements: 1,
};

describe.skipIf(!capabilities.concurrency)('hot queries', () => {
  test('that are served by their indexes pass, and what they read is measured', async () => {
    const { calls, findings } = await runPlans(url, projectOf([good]));
    expect(findings).toEqual([]);
    expect(calls.map(({ scale, plans }) => [scale, plans.length])).toEqual([
      [5_000, 1],
      [50_000, 1],
    ]);
    expect(calls[1]?.pages).toBeGreaterThan(0);
  });

  test('are timed where that is asked for, and left out where they cannot be called again', async () => {
    const once: HotQuery<pg.Pool, Sample> = {
      name: 'once',
      run: (pool) => pool.query("insert into notes values (0, 0, 0, 'only one has this key')"),
    };
    const slow: HotQuery<pg.Pool, Sample> = {
      name: 'slow',
      run: (pool) => pool.query('select pg_sleep(0.02)'),
    };
    const { calls } = await runPlans(url, projectOf([good, once, slow]), { timed: 3 });
    const timeOf = (query: string) =>
      calls.filter((call) => call.query === query).map(({ milliseconds }) => milliseconds);
    expect(timeOf('once')).toEqual([undefined, undefined]);
    expect(Math.min(...timeOf('slow').map(Number))).toBeGreaterThanOrEqual(20);
    expect(timeOf('a list by its index').every((time) => time !== undefined && time > 0)).toBe(
      true,
    );
  });

  test('that scan, sort, filter away, grow, or ask once for each row are found', async () => {
    const { findings } = await runPlans(
      url,
      projectOf([
        {
          ...good,
          name: 'scan',
          run: (pool) => pool.query('select id from notes where body = $1', ['y']),
        },
        {
          ...good,
          name: 'sort',
          run: (pool, { id }) =>
            pool.query('select id from notes where owner = $1 order by body limit 3', [id]),
        },
        {
          ...good,
          name: 'row by row',
          run: async (pool) => {
            for (const id of [1, 2, 3])
              await pool.query('select body from notes where id = $1', [id]);
          },
        },
        { ...good, name: 'broken', run: (pool) => pool.query('select nothing from notes') },
      ]),
    );
    const of = (query: string) =>
      findings.filter((finding) => finding.query === query).map(({ rule }) => rule);
    expect(of('scan').sort()).toEqual(['plan-forbidden', 'plan-growth', 'plan-removed']);
    expect(of('sort')).toContain('plan-forbidden');
    expect(of('row by row')).toEqual(['plan-statements']);
    expect(of('broken')).toEqual(['plan-failed', 'plan-failed']);
  });

  test('of tables that are small yet are judged by statements and growth', async () => {
    const scan: HotQuery<pg.Pool, Sample> = {
      ...good,
      run: (pool) => pool.query('select id from notes where body = $1', ['y']),
    };
    const { findings } = await runPlans(url, projectOf([scan], 100_000));
    expect(findings.map(({ rule }) => rule)).toEqual(['plan-growth']);
  });

  test('that never end, and a driver that cannot be opened, are told and leave nothing open', async () => {
    const broken = {
      ...projectOf([good]),
      open: () => Promise.reject(new Error('no such driver')),
    };
    await expect(runPlans(url, broken)).rejects.toThrow('no such driver');
    const { findings } = await runPlans(
      url,
      projectOf([{ ...good, name: 'waits', run: (pool) => pool.query('select pg_sleep(5)') }]),
      { patience: 200 },
    );
    expect(findings.map(({ rule }) => rule)).toEqual(['plan-failed', 'plan-failed']);
  });

  test('of a driver that insists on TLS is told that there is none', async () => {
    const plain = projectOf([good]);
    const asking = { ...plain, open: (to: string) => plain.open(`${to}?sslmode=require`) };
    const { findings } = await runPlans(url, asking);
    // The wire speaks no TLS, says so, and the driver gives up; without an answer it would wait.
    expect(findings[0]?.message).toMatch(/does not support SSL/);
  });

  test('leave no database behind', async () => {
    await runPlans(url, projectOf([good]));
    const client = new pg.Client(url);
    await client.connect();
    const { rows } = await client.query(
      "select datname from pg_database where datname like 'audit_plans_%'",
    );
    await client.end();
    expect(rows).toEqual([]);
  });
});
