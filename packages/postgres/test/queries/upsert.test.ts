import { setTimeout } from 'node:timers/promises';
import { transaction } from '@reference/kit';
import { capabilities } from '@reference/local-postgres';
import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createPostgresClient } from '../../src/postgres.client.ts';
import { getGithubPullRequest, getGithubPullRequests } from '../../src/queries/index.ts';
import type { OwnConnection } from '../../src/queries/own-connection.ts';
import { upsertGithubPullRequests, upsertGoogleContacts } from '../../src/worker.ts';
import { connect, openDatabase, type TestDatabase } from '../database.ts';
import { pullRequest } from '../rows.ts';

let database: TestDatabase;
let own: OwnConnection;
let connectorConfigId: string;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  own = await connect(database.db);
  ({ connectorConfigId } = own);
});

const upsert = (rows: Parameters<typeof upsertGithubPullRequests>[2]) =>
  upsertGithubPullRequests(database.db, connectorConfigId, rows);
const stored = (id: string) => getGithubPullRequest(database.db, { ...own, id });
const count = async () => {
  const { items } = await getGithubPullRequests(database.db, { ...own, limit: 200 });
  return items.length;
};

describe('what becomes of the rows', () => {
  test('new ones are inserted, different ones updated, equal ones left alone', async () => {
    expect(await upsert([pullRequest('1'), pullRequest('2')])).toEqual({
      inserted: 2,
      updated: 0,
      unchanged: 0,
    });
    const before = await stored('1');
    // Times have milliseconds.
    await setTimeout(2);
    expect(await upsert([pullRequest('1'), pullRequest('2', { title: 'New' })])).toEqual({
      inserted: 0,
      updated: 1,
      unchanged: 1,
    });
    expect(await stored('1')).toEqual(before);
    const changed = await stored('2');
    expect(changed?.title).toBe('New');
    expect(changed?.updatedAt.getTime()).toBeGreaterThan(changed?.createdAt.getTime() ?? Infinity);
  });

  test('an equal row is not even locked: its xmin and xmax stay', async () => {
    await upsert([pullRequest('1')]);
    const version = async () =>
      database.db.execute(
        sql`select xmin::text, xmax::text, ctid::text from github_pull_requests where connector_config_id = ${connectorConfigId}`,
      );
    const before = [...(await version())];
    await upsert([pullRequest('1')]);
    expect([...(await version())]).toEqual(before);
  });

  test('no rows are no work', async () => {
    expect(await upsert([])).toEqual({ inserted: 0, updated: 0, unchanged: 0 });
    expect(await upsert(new Set([]))).toEqual({ inserted: 0, updated: 0, unchanged: 0 });
  });

  test('of duplicates the last wins, and of an older delivery nothing', async () => {
    const result = await upsert([
      pullRequest('1', { title: 'first' }),
      pullRequest('1', { title: 'last' }),
    ]);
    expect(result).toEqual({ inserted: 1, updated: 0, unchanged: 0 });
    expect((await stored('1'))?.title).toBe('last');
    const older = new Date('2025-12-31T00:00:00Z');
    expect(await upsert([pullRequest('1', { title: 'stale', prUpdatedAt: older })])).toEqual({
      inserted: 0,
      updated: 0,
      unchanged: 1,
    });
    expect((await stored('1'))?.title).toBe('last');
    const newer = new Date('2026-03-01T00:00:00Z');
    await upsert([
      pullRequest('1', { title: 'newest', prUpdatedAt: newer }),
      pullRequest('1', { title: 'delivered late' }),
    ]);
    expect((await stored('1'))?.title).toBe('newest');
  });

  test('an absent field stays, null clears it, a default fills it', async () => {
    await upsert([pullRequest('1', { body: 'text', additions: 5 })]);
    await upsert([pullRequest('1', { additions: null })]);
    const row = await stored('1');
    expect(row).toMatchObject({ body: 'text', additions: null, draft: false });
  });

  test('rows with different fields in one call are stored in one transaction', async () => {
    const result = await upsert([
      pullRequest('1', { body: 'one' }),
      pullRequest('2', { additions: 2 }),
      pullRequest('1', { additions: 1 }),
    ]);
    expect(result).toEqual({ inserted: 2, updated: 0, unchanged: 0 });
    expect(await stored('1')).toMatchObject({ body: 'one', additions: 1 });
  });

  test('a row of nothing but its id is inserted once', async () => {
    const rows = [{ id: 'people/1' }];
    const { db } = database;
    expect(await upsertGoogleContacts(db, connectorConfigId, rows)).toMatchObject({ inserted: 1 });
    expect(await upsertGoogleContacts(db, connectorConfigId, rows)).toMatchObject({ unchanged: 1 });
  });

  test('more rows than one statement takes, from a list and from a stream', async () => {
    const rows = Array.from({ length: 12_001 }, (_, i) => pullRequest(String(i)));
    expect(await upsert(rows)).toEqual({ inserted: 12_001, updated: 0, unchanged: 0 });
    async function* stream() {
      for (const row of rows) yield row;
      yield pullRequest('new');
    }
    expect(await upsert(stream())).toEqual({ inserted: 1, updated: 0, unchanged: 12_001 });
  });

  test('few rows that are too large for one statement go in two', async () => {
    const rows = ['a', 'b', 'c', 'd', 'e'].map((id) =>
      pullRequest(id, { body: id.repeat(8 * 1024 * 1024) }),
    );
    const sent: string[] = [];
    const { db, close } = createPostgresClient({
      url: database.url,
      max: 1,
      onStatement: (text) => sent.push(text),
    });
    const result = await upsertGithubPullRequests(db, connectorConfigId, rows).finally(close);
    expect(result).toEqual({ inserted: 5, updated: 0, unchanged: 0 });
    expect(sent.filter((text) => text.includes('insert into'))).toHaveLength(2);
    expect((await stored('e'))?.body === rows[4]?.body).toBe(true);
  });

  test('in one call as in a call each: any fields, in any order, undefined or behind a getter', async () => {
    const optional = {
      body: fc.option(fc.string({ unit: 'grapheme-ascii' }), { nil: undefined }),
      additions: fc.option(fc.integer({ min: 0, max: 9 })),
      merged: fc.option(fc.boolean(), { nil: undefined }),
    };
    const anyRow = fc
      .tuple(fc.record(optional, { requiredKeys: [] }), fc.boolean(), fc.boolean())
      .map(([fields, isTurned, isBehind]) => {
        const entries = Object.entries({ ...pullRequest('x'), ...fields });
        const row = Object.fromEntries(isTurned ? entries.reverse() : entries);
        return isBehind ? Object.create(row) : row;
      });
    const rowsOf = async () => {
      const { items } = await getGithubPullRequests(database.db, { ...own, limit: 200 });
      return items
        .map(({ connectorConfigId: _, createdAt, updatedAt, ...row }) => row)
        .sort((a, b) => Number(a.id) - Number(b.id));
    };
    await fc.assert(
      fc.asyncProperty(fc.array(anyRow, { minLength: 1, maxLength: 12 }), async (made) => {
        const rows = made.map((row, n) => Object.assign(row, { id: String(n) }));
        own = await connect(database.db);
        ({ connectorConfigId } = own);
        await upsert(rows);
        const together = await rowsOf();
        own = await connect(database.db);
        ({ connectorConfigId } = own);
        for (const row of rows) await upsert([row]);
        expect(together).toEqual(await rowsOf());
        expect(together).toHaveLength(rows.length);
      }),
      { numRuns: 40 },
    );
  });

  test('every type comes back as it went in', async () => {
    const row = pullRequest('1', {
      body: 'quotes " \\ newline \n tab \t emoji 🙂 {"json": null} and \u2028',
      draft: true,
      merged: true,
      commits: -2147483647,
      mergedAt: new Date('2026-05-05T05:05:05.005Z'),
      closedAt: null,
      userData: { id: 1, login: 'o"cto\\cat', site_admin: false, nested: { list: [1, null] } },
      labelsData: [{ id: 2, name: 'bug' }],
    });
    await upsert([row]);
    expect(await stored('1')).toMatchObject(row);
  });
});

describe('bad input changes nothing and says where it is', () => {
  const bad: [string, Parameters<typeof pullRequest>[1] | Record<string, unknown>, RegExp][] = [
    ['an over-long string', { title: 'x'.repeat(1025) }, /Row 1 .*field title: 1025 characters/],
    ['one made long by trailing blanks', { title: `x${' '.repeat(1024)}` }, /field title: 1025/],
    ['a NUL byte in a text', { body: 'a\0b' }, /Row 1 .*field body: holds a NUL/],
    ['a NUL byte in JSON', { userData: { id: 1, login: 'a\0' } }, /field userData: holds a NUL/],
    ['half a surrogate pair', { body: 'a\ud800' }, /field body: holds half a surrogate/],
    ['an invalid date', { mergedAt: new Date('nonsense') }, /field mergedAt: an invalid date/],
    ['a date out of range', { mergedAt: new Date(-8.64e15) }, /field mergedAt: out of range/],
    ['a date as text', { mergedAt: '2026-01-01' }, /field mergedAt: expected a Date, got string/],
    ['a number out of range', { commits: 2 ** 31 }, /field commits: out of range/],
    ['a fraction', { commits: 1.5 }, /field commits: expected an integer/],
    ['not a number', { commits: Number.NaN }, /field commits: expected an integer, got NaN/],
    ['a missing field', { title: undefined }, /field title: is required/],
    ['null where there must be something', { title: null }, /field title: must not be null/],
    ['a number for a text', { title: 5 }, /field title: expected a string, got number/],
    ['a missing id', { id: undefined }, /field id: is required/],
    ['a BigInt in JSON', { userData: { id: 1n } }, /field userData: holds a cycle or a BigInt/],
    [
      'huge JSON',
      { userData: { id: 1, login: 'x'.repeat(33 * 1024 * 1024) } },
      /field userData|32 MiB/,
    ],
  ];

  test.each(bad)('%s', async (_, fields, message) => {
    await upsert([pullRequest('kept')]);
    const row = { ...pullRequest('2'), ...fields } as ReturnType<typeof pullRequest>;
    const error = await upsert([pullRequest('1'), row]).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'INVALID_INPUT', message: expect.stringMatching(message) });
    expect(await count()).toBe(1);
  });

  test('a row that JSON cannot express is named among all that travel with it', async () => {
    const rows = Array.from({ length: 400 }, (_, i) => pullRequest(String(i)));
    rows[301] = pullRequest('301', { userData: { id: 1n, login: 'a' } as never });
    await expect(upsert(rows)).rejects.toThrow(/Row 301 .*field userData: holds a cycle/);
    expect(await count()).toBe(0);
  });

  test('a bad row far into a stream takes back what was written before it', async () => {
    async function* stream() {
      for (let i = 0; i < 10_001; i++) yield pullRequest(String(i));
      yield pullRequest('long', { headRef: 'x'.repeat(256) });
    }
    await expect(upsert(stream())).rejects.toThrow(/Row 10001 .*field headRef: 256 characters/);
    expect(await count()).toBe(0);
  });

  test('what the server refuses is named while the rows behind it are checked, bad ones too', async () => {
    const rows = Array.from({ length: 6_000 }, (_, i) => pullRequest(String(i)));
    rows[1_500] = pullRequest('1500', { body: 'a\0b' });
    rows[5_000] = pullRequest('5000', { headRef: 'x'.repeat(256) });
    await expect(upsert(rows)).rejects.toThrow(/Row 1500 .*field body: holds a NUL/);
    expect(await count()).toBe(0);
  });

  test('what the server refuses while the source is slow is no unhandled rejection', async () => {
    const row = pullRequest('bad', { body: 'a\0b' });
    async function* stream() {
      yield row;
      for (let i = 1; i < 2_000; i++) yield pullRequest(String(i));
      await setTimeout(300);
      yield pullRequest('later');
    }
    await expect(upsert(stream())).rejects.toThrow(/Row 0 .*field body: holds a NUL/);
    expect(await count()).toBe(0);
  });

  test('the error is of the statement that failed, not of the one sent behind it', async () => {
    const rows = Array.from({ length: 6_000 }, (_, i) => pullRequest(String(i)));
    rows[1_234] = pullRequest('1234', { body: 'a\0b' });
    await expect(upsert(rows)).rejects.toThrow(/Row 1234 .*field body: holds a NUL/);
    expect(await count()).toBe(0);
    expect(await upsert([pullRequest('1')])).toEqual({ inserted: 1, updated: 0, unchanged: 0 });
  });

  test.each([0, 1, 2_000, 2_001, 4_000])(
    'a source that fails after %d rows takes back what was written',
    async (given) => {
      async function* stream() {
        for (let i = 0; i < given; i++) yield pullRequest(String(i));
        throw new Error('The vendor hung up.');
      }
      await expect(upsert(stream())).rejects.toThrow('The vendor hung up.');
      expect(await count()).toBe(0);
      expect(await upsert([pullRequest('1')])).toEqual({ inserted: 1, updated: 0, unchanged: 0 });
    },
  );

  test('characters are counted, not UTF-16 units', async () => {
    await upsert([pullRequest('1', { headRef: '🙂'.repeat(255) })]);
    expect((await stored('1'))?.headRef).toBe('🙂'.repeat(255));
    await expect(upsert([pullRequest('1', { headRef: '🙂'.repeat(256) })])).rejects.toThrow(/256/);
  });

  test('a connection that does not exist', async () => {
    await expect(
      upsertGithubPullRequests(database.db, 'nobody', [pullRequest('1')]),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('an error shows no value', async () => {
    const secret = `hunter2${'x'.repeat(300)}`;
    const error = await upsert([pullRequest('1', { headRef: secret })]).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(Error);
    expect(`${error} ${JSON.stringify(error)} ${(error as Error).stack}`).not.toContain('hunter2');
  });
});

test.skipIf(!capabilities.concurrency)(
  'every stored row is found by its key, also in a table that looks empty to the planner',
  async () => {
    const own = await openDatabase();
    try {
      const target = (await connect(own.db)).connectorConfigId;
      // Long ids make the primary key's index a level taller than the one by time, and so the dearer one
      // to a planner that expects no row in either.
      const rows = Array.from({ length: 3_000 }, (_, i) =>
        pullRequest(`${String(i).padStart(4, '0')}${'x'.repeat(200)}`, {
          prUpdatedAt: new Date(Date.UTC(2026, 0, 1, 0, i)),
        }),
      );
      const elsewhere = own.openClient();
      await transaction(own.db, async (tx) => {
        await upsertGithubPullRequests(tx, target, rows);
        // As autovacuum does, while no row of it is committed.
        await elsewhere.queryClient`analyze github_pull_requests`;
      });
      const { scans, settings } = await transaction(elsewhere.db, async (tx) => {
        expect(await upsertGithubPullRequests(tx, target, rows)).toMatchObject({
          unchanged: 3_000,
        });
        const scans = await tx.execute(sql`
          select indexrelid::regclass::text as index, pg_stat_get_xact_numscans(indexrelid)::int as scans
          from pg_index where indrelid = 'github_pull_requests'::regclass
            and pg_stat_get_xact_numscans(indexrelid) > 0`);
        const [settings] = await tx.execute(sql`
          select current_setting('enable_sort') as sort, current_setting('jit') as jit,
            current_setting('plan_cache_mode') as plans`);
        return { scans: [...scans], settings };
      });
      expect(scans).toEqual([{ index: 'github_pull_requests_pkey', scans: 3_000 }]);
      // Nothing is left set in the caller's transaction.
      expect(settings).toEqual({ sort: 'on', jit: 'on', plans: 'auto' });
    } finally {
      await own.close();
    }
  },
);

test.skipIf(!capabilities.concurrency)(
  'the server keeps one statement for many rows alike, and none for the few of each other shape',
  async () => {
    const client = createPostgresClient({ url: database.url, max: 1 });
    try {
      const kept = async () => {
        const [row] = await client.queryClient`
          select count(*)::int as statements, sum(generic_plans)::int as generic, sum(custom_plans)::int as custom
          from pg_prepared_statements where name <> '' and statement like 'with incoming%'`;
        return row;
      };
      const optional = [
        'body',
        'mergeCommitSha',
        'mergeableState',
        'mergedAt',
        'closedAt',
        'labelsData',
      ];
      const uneven = Array.from({ length: 2 ** optional.length }, (_, shape) => {
        const held = optional.filter((_, bit) => (shape >> bit) & 1).map((field) => [field, null]);
        return pullRequest(`uneven ${shape}`, Object.fromEntries(held));
      });
      expect(await upsertGithubPullRequests(client.db, connectorConfigId, uneven)).toEqual({
        inserted: 64,
        updated: 0,
        unchanged: 0,
      });
      expect(await kept()).toEqual({ statements: 0, generic: null, custom: null });
      const alike = Array.from({ length: 4_500 }, (_, i) => pullRequest(`alike ${i}`));
      await upsertGithubPullRequests(client.db, connectorConfigId, alike);
      expect(await kept()).toEqual({ statements: 1, generic: 3, custom: 0 });
    } finally {
      await client.close();
    }
  },
);

describe.skipIf(!capabilities.concurrency)('two workers with the same rows', () => {
  /** As a stream: an array would be tried again after a deadlock, which hides it. */
  async function* stream<T>(rows: readonly T[]) {
    yield* rows;
  }

  test('an older row that waits for a newer one does not replace it', async () => {
    const other = database.openClient().db;
    const onlooker = database.openClient().db;
    for (let round = 0; round < 5; round++) {
      const id = `raced ${round}`;
      const at = (day: number) => new Date(Date.UTC(2026, 5, day));
      let older: Promise<unknown> = Promise.resolve();
      await transaction(database.db, async (tx) => {
        await upsertGithubPullRequests(tx, connectorConfigId, [
          pullRequest(id, { title: 'newer', prUpdatedAt: at(2) }),
        ]);
        older = upsertGithubPullRequests(other, connectorConfigId, [
          pullRequest(id, { title: 'older', prUpdatedAt: at(1) }),
        ]);
        // It looked, saw no row, and now waits for this transaction's key.
        await waitsForLock(onlooker);
      });
      await older;
      expect(await stored(id)).toMatchObject({ title: 'newer', prUpdatedAt: at(2) });
    }
  });

  test('in opposite orders do not deadlock', async () => {
    const other = database.openClient().db;
    const rows = (title: string) =>
      Array.from({ length: 400 }, (_, n) => pullRequest(`locked ${n}`, { title }));
    await upsert(rows('first'));
    for (let round = 0; round < 10; round++) {
      await Promise.all([
        upsertGithubPullRequests(database.db, connectorConfigId, stream(rows(`a ${round}`))),
        upsertGithubPullRequests(other, connectorConfigId, stream(rows(`b ${round}`).reverse())),
      ]);
    }
  });

  async function waitsForLock(db: typeof database.db): Promise<void> {
    for (let tries = 0; tries < 200; tries++) {
      const [row] = await db.execute(sql`
        select count(*)::int as waiting from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`);
      if (row?.waiting) return;
      await setTimeout(20);
    }
    throw new Error('Nothing waited for a lock.');
  }
});
