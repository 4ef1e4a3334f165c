import { capabilities } from '@reference/local-postgres';
import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as queries from '../../src/queries/index.ts';
import type { OwnConnection } from '../../src/queries/own-connection.ts';
import type { SyncWork } from '../../src/queries/sync.worker.ts';
import * as worker from '../../src/worker.ts';
import { connect, openDatabase, type TestDatabase } from '../database.ts';
import { type PullRequestRow, pullRequest } from '../rows.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());

const entity = 'github.pull_request';
const store = worker.upsertGithubPullRequests;

/** A vendor that lists pages of rows, one after the other. */
function vendor(pages: readonly PullRequestRow[][]): SyncWork<PullRequestRow> {
  return {
    store,
    fetchPage: async (cursor) => {
      const page = Number(cursor?.page ?? 0);
      return {
        rows: pages[page] ?? [],
        cursor: { page: page + 1 },
        isLast: page >= pages.length - 1,
      };
    },
  };
}

async function storedRows(own: OwnConnection) {
  const { items } = await queries.getGithubPullRequests(database.db, {
    ...own,
    limit: 200,
  });
  return items
    .map(({ id, title, prUpdatedAt, additions }) => ({ id, title, additions, at: +prUpdatedAt }))
    .sort((a, b) => a.id.localeCompare(b.id));
}

test('a run stores every page, moves the cursor and says what it did', async () => {
  const { db } = database;
  const own = await connect(db);
  const { connectorConfigId } = own;
  const target = { connectorConfigId, entity };
  await worker.markConnectionError(db, { connectorConfigId });
  const pages = [[pullRequest('1'), pullRequest('2')], [pullRequest('3')]];
  expect(await worker.runSync(db, target, vendor(pages))).toEqual({
    status: 'done',
    pages: 2,
    rows: 3,
    inserted: 3,
    updated: 0,
    unchanged: 0,
  });
  const [state] = await queries.listSyncStates(db, own);
  expect(state).toMatchObject({ entity, cursor: { page: 2 }, rowsSeen: 3, lastError: null });
  expect(state?.lastSyncedAt).toBeInstanceOf(Date);
  const connection = await queries.getConnections(db, { userId: 'nobody' });
  expect(connection.items).toEqual([]);
  const other = await connect(db);
  expect(await queries.listSyncStates(db, other)).toEqual([]);
  const asOther = { userId: other.userId, connectorConfigId };
  expect(await queries.listSyncStates(db, asOther)).toEqual([]);
});

test('a failing vendor is recorded, and the next run goes on from the last page stored', async () => {
  const { db } = database;
  const own = await connect(db);
  const { connectorConfigId } = own;
  const target = { connectorConfigId, entity };
  const working = vendor([[pullRequest('1')], [pullRequest('2')]]);
  const failing: SyncWork<PullRequestRow> = {
    store,
    fetchPage: async (cursor) => {
      if (cursor?.page === 1) throw new Error('502 from the vendor');
      return working.fetchPage(cursor);
    },
  };
  await expect(worker.runSync(db, target, failing)).rejects.toThrow('502 from the vendor');
  const [state] = await queries.listSyncStates(db, own);
  expect(state).toMatchObject({
    cursor: { page: 1 },
    lastError: '502 from the vendor',
    rowsSeen: 1,
  });
  expect(await worker.runSync(db, target, working)).toMatchObject({ pages: 1, inserted: 1 });
  expect((await queries.listSyncStates(db, own))[0]?.lastError).toBeNull();
});

test('a bad row fails its page and moves nothing', async () => {
  const { db } = database;
  const own = await connect(db);
  const { connectorConfigId } = own;
  const target = { connectorConfigId, entity };
  const bad = pullRequest('2', { headRef: 'x'.repeat(256) });
  await expect(worker.runSync(db, target, vendor([[pullRequest('1'), bad]]))).rejects.toMatchObject(
    { code: 'INVALID_INPUT' },
  );
  expect(await storedRows(own)).toEqual([]);
  expect((await queries.listSyncStates(db, own))[0]).toMatchObject({
    cursor: null,
    rowsSeen: 0,
  });
});

test('a revoked, a switched off and a missing connection are refused', async () => {
  const { db } = database;
  const own = await connect(db);
  const { connectorConfigId } = own;
  await worker.markConnectionRevoked(db, { connectorConfigId });
  let isAsked = false;
  const work: SyncWork<PullRequestRow> = {
    store,
    fetchPage: async () => {
      isAsked = true;
      return { rows: [], cursor: {}, isLast: true };
    },
  };
  await expect(worker.runSync(db, { connectorConfigId, entity }, work)).rejects.toMatchObject({
    code: 'FORBIDDEN',
  });
  await expect(
    worker.runSync(db, { connectorConfigId: 'nobody', entity }, work),
  ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  const off = await connect(db);
  await db.execute(
    sql`update connector_configs set is_enabled = false where id = ${off.connectorConfigId}`,
  );
  await expect(
    worker.runSync(db, { connectorConfigId: off.connectorConfigId, entity }, work),
  ).rejects.toMatchObject({ code: 'FORBIDDEN' });
  expect(isAsked).toBe(false);
});

describe('whatever happens on the way, the rows are those of an undisturbed run', () => {
  /** A vendor's rows: for each id its versions, oldest first. */
  const history = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 8 });
  const disturbance = fc.record({
    seed: fc.infiniteStream(fc.nat({ max: 999 })),
    repeats: fc.nat({ max: 3 }),
    pageSize: fc.integer({ min: 1, max: 5 }),
    crashes: fc.array(fc.nat({ max: 12 }), { maxLength: 4 }),
  });

  test('random pages, duplicates, reordered and repeated deliveries, crashes', async () => {
    const { db } = database;
    await fc.assert(
      fc.asyncProperty(
        history,
        disturbance,
        async (versions, { seed, repeats, pageSize, crashes }) => {
          const versionOf = (id: number, version: number) =>
            pullRequest(String(id), {
              title: `version ${version}`,
              additions: version,
              prUpdatedAt: new Date(Date.UTC(2026, 0, version)),
            });
          const newest = versions.map((count, id) => versionOf(id, count));
          const deliveries = versions.flatMap((count, id) =>
            Array.from({ length: count }, (_, n) => versionOf(id, n + 1)),
          );
          const random = () => seed.next().value ?? 0;
          for (let n = 0; n < repeats; n++) {
            const again = deliveries[random() % deliveries.length];
            if (again) deliveries.push(again);
          }
          const shuffled = deliveries
            .map((row) => ({ row, place: random() }))
            .sort((a, b) => a.place - b.place)
            .map(({ row }) => row);
          const pages: PullRequestRow[][] = [];
          for (let n = 0; n < shuffled.length; n += pageSize)
            pages.push(shuffled.slice(n, n + pageSize));

          const undisturbed = await connect(db);
          await worker.upsertGithubPullRequests(db, undisturbed.connectorConfigId, newest);
          const disturbed = await connect(db);
          const target = { connectorConfigId: disturbed.connectorConfigId, entity };
          const work = vendor(pages);
          for (const after of crashes) {
            let step = 0;
            const crash = () => {
              if (step++ >= after) throw new Error('killed');
            };
            const crashing: SyncWork<PullRequestRow> = {
              fetchPage: async (cursor) => {
                crash();
                return work.fetchPage(cursor);
              },
              // Killed between writing the rows and moving the cursor.
              store: async (tx, id, rows) => {
                const result = await work.store(tx, id, rows);
                crash();
                return result;
              },
            };
            await worker.runSync(db, target, crashing).catch(() => undefined);
          }
          await worker.runSync(db, target, work);
          expect(await storedRows(disturbed)).toEqual(await storedRows(undisturbed));
          const rows = await storedRows(disturbed);
          expect(rows.map(({ additions }) => additions)).toEqual(
            [...versions.keys()]
              .sort((a, b) => String(a).localeCompare(String(b)))
              .map((id) => versions[id]),
          );
        },
      ),
      { numRuns: 25 },
    );
  }, 120_000);

  test('rows one by one or all at once are the same', async () => {
    const { db } = database;
    const row = fc.record(
      {
        id: fc.constantFrom('a', 'b', 'c'),
        title: fc.string({ maxLength: 5 }).map((title) => title.replaceAll('\0', '')),
        day: fc.integer({ min: 1, max: 3 }),
        additions: fc.option(fc.nat()),
        body: fc.option(fc.constantFrom('x', 'y')),
      },
      { requiredKeys: ['id', 'title', 'day'] },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 12 }), async (list) => {
        const rows = list.map(({ day, ...fields }) =>
          pullRequest(fields.id, { ...fields, prUpdatedAt: new Date(Date.UTC(2026, 0, day)) }),
        );
        const together = await connect(db);
        const apart = await connect(db);
        await store(db, together.connectorConfigId, rows);
        for (const one of rows) await store(db, apart.connectorConfigId, [one]);
        const read = async (own: OwnConnection) => {
          const { items } = await queries.getGithubPullRequests(db, own);
          return items
            .map(({ connectorConfigId: _, createdAt: __, updatedAt: ___, ...rest }) => rest)
            .sort((a, b) => a.id.localeCompare(b.id));
        };
        expect(await read(together)).toEqual(await read(apart));
      }),
      { numRuns: 25 },
    );
  }, 120_000);
});

describe.skipIf(!capabilities.concurrency)('two workers', () => {
  test('never sync one entity together, and the second does nothing', async () => {
    const { db } = database;
    const other = database.openClient().db;
    const own = await connect(db);
    const { connectorConfigId } = own;
    const target = { connectorConfigId, entity };
    let inside = 0;
    let most = 0;
    const pages = Array.from({ length: 6 }, (_, n) => [pullRequest(String(n))]);
    const plain = vendor(pages);
    const slow: SyncWork<PullRequestRow> = {
      store,
      fetchPage: async (cursor) => {
        inside += 1;
        most = Math.max(most, inside);
        await new Promise((resolve) => setTimeout(resolve, 15));
        const page = await plain.fetchPage(cursor);
        inside -= 1;
        return page;
      },
    };
    const results = await Promise.all(
      [db, other, db, other].map((handle) => worker.runSync(handle, target, slow)),
    );
    expect(most).toBe(1);
    expect(results.some(({ status }) => status === 'busy')).toBe(true);
    expect(results.reduce((sum, { inserted }) => sum + inserted, 0)).toBe(6);
    expect(await storedRows(own)).toHaveLength(6);
  });

  test('sync two entities of one connection side by side', async () => {
    const { db } = database;
    const other = database.openClient().db;
    const own = await connect(db);
    const { connectorConfigId } = own;
    let meet = () => {};
    const bothAreHere = new Promise<void>((resolve) => {
      meet = resolve;
    });
    let arrived = 0;
    const meeting: SyncWork<PullRequestRow> = {
      store,
      fetchPage: async () => {
        arrived += 1;
        if (arrived === 2) meet();
        await bothAreHere;
        return { rows: [], cursor: {}, isLast: true };
      },
    };
    const results = await Promise.all([
      worker.runSync(db, { connectorConfigId, entity: 'a' }, meeting),
      worker.runSync(other, { connectorConfigId, entity: 'b' }, meeting),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['done', 'done']);
  });

  test('a killed worker frees the entity, and the next one goes on from its cursor', async () => {
    const { db } = database;
    const own = await connect(db);
    const { connectorConfigId } = own;
    const target = { connectorConfigId, entity };
    const killed = database.openClient();
    const work = vendor([[pullRequest('1')], [pullRequest('2')], [pullRequest('3')]]);
    const dying: SyncWork<PullRequestRow> = {
      fetchPage: work.fetchPage,
      store: async (tx, id, rows) => {
        const result = await store(tx, id, rows);
        if (rows[0]?.id === '2') {
          // The worker's own backend, as when its process or its server dies.
          await db.execute(
            `select pg_terminate_backend(pid) from pg_locks l join pg_class c on c.oid = l.relation
             where c.relname = 'github_pull_requests'
               and l.database = (select oid from pg_database where datname = current_database())
               and l.mode = 'RowExclusiveLock' and pid <> pg_backend_pid()`,
          );
        }
        return result;
      },
    };
    await expect(worker.runSync(killed.db, target, dying)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    });
    expect((await storedRows(own)).map(({ id }) => id)).toEqual(['1']);
    expect(await worker.runSync(db, target, work)).toMatchObject({ status: 'done', inserted: 2 });
    expect((await storedRows(own)).map(({ id }) => id)).toEqual(['1', '2', '3']);
  });

  test('upsert the same rows at once without a deadlock or a duplicate', async () => {
    const { db } = database;
    const other = database.openClient().db;
    const own = await connect(db);
    const { connectorConfigId } = own;
    const rows = Array.from({ length: 500 }, (_, n) => pullRequest(String(n)));
    const backwards = [...rows].reverse().map((row) => ({ ...row, title: 'backwards' }));
    const results = await Promise.all([
      store(db, connectorConfigId, rows),
      store(other, connectorConfigId, backwards),
      store(db, connectorConfigId, rows),
      store(other, connectorConfigId, backwards),
    ]);
    expect(results.reduce((sum, { inserted }) => sum + inserted, 0)).toBe(500);
  });
});
