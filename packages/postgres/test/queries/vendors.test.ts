import { getTableName, is, sql } from 'drizzle-orm';
import { PgTable } from 'drizzle-orm/pg-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as queries from '../../src/queries/index.ts';
import type { OwnConnection } from '../../src/queries/own-connection.ts';
import { sampleSets } from '../../src/samples/sample-sets.ts';
import * as schema from '../../src/schemas/index.ts';
import { connect, openDatabase, type TestDatabase } from '../database.ts';

let database: TestDatabase;
let mine: OwnConnection;
let theirs: OwnConnection;
beforeAll(async () => {
  database = await openDatabase();
  mine = await connect(database.db, 'me');
  theirs = await connect(database.db, 'them');
});
afterAll(() => database.close());

test('every vendor table has samples, an upsert and lists under their names', () => {
  const vendorTables = Object.values(schema)
    .filter((value) => is(value, PgTable))
    .filter((table) => 'connectorConfigId' in table)
    .map(getTableName)
    .filter((name) => name !== 'oauth_tokens' && name !== 'connector_sync_states');
  expect(sampleSets.map(({ table }) => table).sort()).toEqual(vendorTables.sort());
});

describe.each(sampleSets)('$table', ({ upsert, list, table }) => {
  test('a second upsert changes nothing, and a page holds only its connection’s rows', async () => {
    const { db } = database;
    const first = await upsert(db, mine.connectorConfigId, 60);
    expect(first).toMatchObject({ updated: 0, unchanged: 0 });
    expect(first.inserted).toBeGreaterThan(0);
    expect(await upsert(db, mine.connectorConfigId, 60)).toEqual({
      inserted: 0,
      updated: 0,
      unchanged: first.inserted,
    });
    expect((await list(db, theirs)).items).toEqual([]);

    await upsert(db, theirs.connectorConfigId, 3);
    const { items } = await list(db, { ...theirs, limit: 200 });
    expect(items.length).toBeGreaterThan(0);
    expect(
      items.every((row) => Reflect.get(row, 'connectorConfigId') === theirs.connectorConfigId),
    ).toBe(true);
  });

  test('pages by cursor give every row once, in order', async () => {
    const { db } = database;
    const all = (await list(db, { ...mine, limit: 200 })).items;
    const paged: object[] = [];
    let cursor: string | null = null;
    do {
      const page = await list(db, { ...mine, limit: 7, cursor });
      paged.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor);
    expect(paged).toEqual(all);
    const times = all.map((row) => Number(Reflect.get(row, 'updatedAt')));
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  test('a tampered or foreign cursor and a wrong limit are typed errors', async () => {
    const { db } = database;
    const { nextCursor } = await list(db, { ...mine, limit: 1 });
    const tampered = `${nextCursor?.slice(0, -2)}xx`;
    for (const params of [{ cursor: tampered }, { cursor: 'x' }, { limit: 0 }, { limit: 1e9 }]) {
      await expect(list(db, { ...mine, ...params })).rejects.toMatchObject({
        code: 'INVALID_INPUT',
      });
    }
  });

  test('the list reads the sync index in its order, from the cursor on', async () => {
    const plan = await database.db.transaction(async (tx) => {
      // With this few rows a sort is cheaper than any index; at a million it is not.
      await tx.execute(sql`set local enable_seqscan = off`);
      await tx.execute(sql`set local enable_sort = off`);
      await tx.execute(sql`set local enable_bitmapscan = off`);
      const key = table === 'github_commits' ? 'sha' : 'id';
      const lines = await tx.execute<{ 'QUERY PLAN': string }>(sql`
        explain select * from ${sql.identifier(table)}
        where connector_config_id = ${mine.connectorConfigId} and (updated_at, ${sql.identifier(key)}) > (now(), 'x')
        order by updated_at, ${sql.identifier(key)} limit 51`);
      return lines.map((line) => line['QUERY PLAN']).join('\n');
    });
    expect(plan).toContain(`Index Scan using ${table}_sync_idx`);
    expect(plan).not.toContain('Sort');
  });
});

test('one row with all columns is found by its connection and id only', async () => {
  const { db } = database;
  const id = 'pull-1';
  expect(await queries.getGithubPullRequest(db, { ...mine, id })).toMatchObject({
    id,
    connectorConfigId: mine.connectorConfigId,
  });
  const other = await connect(db, 'nobody');
  expect(await queries.getGithubPullRequest(db, { ...other, id })).toBeUndefined();
});

test('lists filter by what they name', async () => {
  const { db } = database;
  const { items } = await queries.getGithubPullRequests(db, {
    ...mine,
    repositoryId: 'repository-search',
    limit: 200,
  });
  expect(items.length).toBeGreaterThan(0);
  expect(items.every(({ repositoryId }) => repositoryId === 'repository-search')).toBe(true);
  const later = new Date(Date.now() + 60_000);
  const { items: none } = await queries.getGithubPullRequests(db, {
    ...mine,
    updatedSince: later,
  });
  expect(none).toEqual([]);
});

test('lists leave heavy columns out', async () => {
  const { items } = await queries.getGoogleGmailMessages(database.db, mine);
  expect(items[0]).toHaveProperty('subject');
  expect(items[0]).not.toHaveProperty('payload');
});
