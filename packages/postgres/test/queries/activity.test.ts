import { transaction } from '@reference/kit';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPostgresClient } from '../../src/postgres.client.ts';
import { recentActivity, startOf } from '../../src/queries/activity.queries.ts';
import { activitySources } from '../../src/queries/activity-sources.ts';
import * as queries from '../../src/queries/index.ts';
import { sampleSets } from '../../src/samples/sample-sets.ts';
import * as worker from '../../src/worker.ts';
import { connect, openDatabase, type TestDatabase } from '../database.ts';
import { pullRequest } from '../rows.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openDatabase();
  const { db } = database;
  for (const userId of ['me', 'them']) {
    // Two connections to the same services: many of their rows have the same ids and times.
    const connections = [await connect(db, userId), await connect(db, userId)];
    for (const { connectorConfigId } of connections) {
      for (const { upsert } of sampleSets) await upsert(db, connectorConfigId, 25);
    }
  }
  await db.execute(sql`update github_repositories set pushed_at = null where name = 'billing'`);
});
afterAll(() => database.close());

/** The feed without an index: every row of every table, sorted in memory. */
async function everything(userId: string) {
  const { db } = database;
  const rows: queries.Activity[] = [];
  for (const { entity, table, key, at, title, url } of activitySources) {
    const found = await db.execute<{
      id: string;
      connection: string;
      at: string | null;
      title: string | null;
      url: string | null;
    }>(sql`select ${key} as id, ${table.connectorConfigId} as connection, ${at} as at,
        left(${title}, 280) as title, ${url ?? sql`null`} as url
      from ${table} join connector_configs c on c.id = ${table.connectorConfigId}
      where c.user_id = ${userId} and ${at} is not null`);
    for (const row of found) {
      const { id, connection: connectorConfigId, title, url } = row;
      rows.push({ entity, id, connectorConfigId, title, url, occurredAt: new Date(row.at ?? '') });
    }
  }
  return rows;
}

async function walk(userId: string, limit: number) {
  const items: queries.Activity[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof queries.getRecentActivity>> =
      await queries.getRecentActivity(database.db, { userId, limit, cursor });
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor);
  return items;
}

const name = (item: queries.Activity) => `${item.entity} ${item.connectorConfigId} ${item.id}`;

describe('the feed', () => {
  test.each([7, 25, 26, 200])(
    'in pages of %i gives everything once, newest first',
    async (limit) => {
      const items = await walk('me', limit);
      const expected = await everything('me');
      expect(items).toHaveLength(expected.length);
      expect(items.map(name).sort()).toEqual(expected.map(name).sort());
      const times = items.map(({ occurredAt }) => occurredAt.getTime());
      expect(times).toEqual([...times].sort((a, b) => b - a));
      const byName = new Map(expected.map((item) => [name(item), item]));
      for (const item of items) expect(item).toEqual(byName.get(name(item)));
    },
  );

  test.each([25, 26, 50, 51])(
    'in pages of %i goes on to the end, where all of it is of one table',
    async (limit) => {
      const { db } = database;
      const userId = `one-table-${limit}`;
      const { connectorConfigId } = await connect(db, userId);
      const rows = Array.from({ length: 2 * limit + 1 }, (_, n) => pullRequest(String(n)));
      await worker.upsertGithubPullRequests(db, connectorConfigId, rows);
      const items = await walk(userId, limit);
      expect(new Set(items.map(({ id }) => id)).size).toBe(rows.length);
      expect(items).toHaveLength(rows.length);
    },
  );

  test('shows a person nothing of another', async () => {
    const mine = await walk('me', 200);
    const theirs = new Set(
      (await everything('them')).map(({ connectorConfigId }) => connectorConfigId),
    );
    expect(mine.some(({ connectorConfigId }) => theirs.has(connectorConfigId))).toBe(false);
    expect((await queries.getRecentActivity(database.db, { userId: 'nobody' })).items).toEqual([]);
  });

  test('refuses a tampered cursor', async () => {
    const { db } = database;
    await expect(
      queries.getRecentActivity(db, { userId: 'me', cursor: 'AAAA' }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  test('reads each table by its activity index, on the first page and on a later one', async () => {
    const { db } = database;
    const { nextCursor } = await queries.getRecentActivity(db, { userId: 'me', limit: 50 });
    for (const cursor of [null, nextCursor]) {
      const plan = await db.transaction(async (tx) => {
        await tx.execute(sql`set local enable_seqscan = off`);
        await tx.execute(sql`set local enable_sort = off`);
        await tx.execute(sql`set local enable_bitmapscan = off`);
        const lines = await tx.execute<{ 'QUERY PLAN': string }>(
          sql`explain ${recentActivity(51, { userId: 'me', limit: 51 }, cursor ? startOf(cursor) : undefined)}`,
        );
        return lines.map((line) => line['QUERY PLAN']).join('\n');
      });
      const scans = plan.match(/Index Scan Backward using \w+_activity_idx/g);
      expect(new Set(scans).size).toBe(activitySources.length);
      if (cursor) expect(plan).toMatch(/Index Cond: .*ROW\(.*\) <= ROW\(/);
    }
  });

  test('keeps its plan: of a large table too, no call is planned for its values', async () => {
    const own = await openDatabase();
    const client = createPostgresClient({ url: own.url, max: 1 });
    try {
      const { connectorConfigId } = await connect(own.db, 'me');
      const commits = Array.from({ length: 20_000 }, (_, i) => ({
        sha: String(i),
        message: 'fix',
        url: 'https://github.com/acme/widgets',
        repositoryId: 'repo-1',
        repositoryName: 'widgets',
        repositoryFullName: 'acme/widgets',
        committedAt: new Date(Date.UTC(2026, 0, 1, 0, i)),
      }));
      await worker.upsertGithubCommits(own.db, connectorConfigId, commits);
      await own.db.execute(sql`analyze github_commits`);
      let cursor: string | null = null;
      for (let call = 0; call < 10; call++) {
        await queries.getRecentActivity(client.db, { userId: 'me' });
        const page: Awaited<ReturnType<typeof queries.getRecentActivity>> =
          await queries.getRecentActivity(client.db, { userId: 'me', limit: 30 + call, cursor });
        cursor = page.nextCursor;
      }
      const plans = await client.queryClient`
        select generic_plans::int as generic, custom_plans::int as custom from pg_prepared_statements
        where statement like 'with connection as materialized%' order by 1`;
      // PostgreSQL plans five calls for their values, and then compares.
      expect([...plans]).toEqual([
        { generic: 4, custom: 5 },
        { generic: 6, custom: 5 },
      ]);
    } finally {
      await client.close();
      await own.close();
    }
  });
});

test('things of one moment are all shown, also where no index gives them in order', async () => {
  const { db } = database;
  const { connectorConfigId } = await connect(db, 'busy');
  const messages = Array.from({ length: 90 }, (_, n) => ({
    id: `m${(n * 37) % 90}`,
    channelId: 'c',
    text: `${n}`,
    // The moment that a row happened at is generated from its ts.
    ts: '1700000000.000100',
  }));
  await worker.upsertSlackMessages(db, connectorConfigId, messages);
  const client = createPostgresClient({ url: database.url, max: 1 });
  try {
    const seen = await transaction(client.db, async (tx) => {
      for (const scan of ['indexscan', 'indexonlyscan', 'bitmapscan']) {
        await tx.execute(sql.raw(`set local enable_${scan} = off`));
      }
      const ids: string[] = [];
      let cursor: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof queries.getRecentActivity>> =
          await queries.getRecentActivity(tx, { userId: 'busy', limit: 7, cursor });
        ids.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor;
      } while (cursor);
      return ids;
    });
    expect(seen).toHaveLength(90);
    expect(new Set(seen).size).toBe(90);
  } finally {
    await client.close();
  }
});
