import { fillTables, findText } from '@reference/audit/testing';
import { checkPersonalPlan } from '@reference/kit/personal-plan';
import { capabilities } from '@reference/local-postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createConversation } from '../src/queries/chat.queries.ts';
import { eraseUser, exportUser, personalPlan } from '../src/queries/personal-data.queries.ts';
import { upsertGithubPullRequests } from '../src/queries/vendors/upserts.worker.ts';
import { connect, openDatabase, type TestDatabase } from './database.ts';
import { pullRequest } from './rows.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());

test('the plan covers every table that reaches a person, and says what the foreign keys say', async () => {
  expect(await checkPersonalPlan(database.db, personalPlan)).toEqual([]);
});

test('without a table of persons, too, a table or a column in no plan is named', async () => {
  const { db, sql } = database;
  await sql`create table gitlab_issues (id text primary key, connector_config_id text references connector_configs (id) on delete cascade)`;
  await sql`create table gitlab_notes (id text primary key, issue_id text references gitlab_issues (id) on delete cascade)`;
  await sql`create table habits (id text primary key, user_id text)`;
  expect(await checkPersonalPlan(db, personalPlan)).toEqual([
    'gitlab_issues reaches connector_configs and is in no plan.',
    'gitlab_notes reaches connector_configs and is in no plan.',
    'habits.user_id looks as if it named a person and has no rule.',
  ]);
  await sql`drop table gitlab_notes, gitlab_issues, habits`;
});

test('a person who is in every table is exported whole, and after that nowhere in the database', async () => {
  const filled = await openDatabase();
  try {
    const { db, sql } = filled;
    const person = await fillTables(sql, personalPlan, { 'slack_messages.ts': '1.5' });
    const texts = [person.id, person.canary];
    const before = (await findText(sql, texts)).join('\n');
    for (const table of Object.keys(personalPlan.tables)) expect(before).toContain(`${table}: `);
    const tables = new Set<string>();
    let text = '';
    await exportUser(db, {
      userId: person.id,
      write: async ({ table, rows }) => {
        tables.add(table);
        text += JSON.stringify(rows);
      },
    });
    expect([...tables].sort()).toEqual(Object.keys(personalPlan.tables).sort());
    for (const secret of ['access_token', 'refresh_token', 'encrypted_config']) {
      expect(text).not.toContain(secret);
    }
    expect(await eraseUser(db, { userId: person.id })).toEqual({ deleted: 3 });
    expect(await findText(sql, texts)).toEqual([]);
    const [row] = await sql`select count(*)::int as others from slack_messages`;
    expect(row).toEqual({ others: 1 });
    expect(await eraseUser(db, { userId: person.id })).toEqual({ deleted: 0 });
  } finally {
    await filled.close();
  }
});

test.skipIf(!capabilities.concurrency)(
  'what a sync stores while its person is erased is refused, and a neighbour’s is not',
  async () => {
    const { db, sql, openClient } = database;
    const syncing = openClient().db;
    const erasing = openClient().db;
    const erased = await connect(db);
    const neighbour = await connect(db);
    for (let round = 0; round < 10; round++) {
      const [one, other, gone] = await Promise.allSettled([
        upsertGithubPullRequests(syncing, erased.connectorConfigId, [pullRequest(`a${round}`)]),
        upsertGithubPullRequests(db, neighbour.connectorConfigId, [pullRequest(`b${round}`)]),
        eraseUser(erasing, { userId: erased.userId }),
      ]);
      expect(other.status).toBe('fulfilled');
      expect(gone.status).toBe('fulfilled');
      if (round > 0) expect(one.status).toBe('rejected');
    }
    await createConversation(db, { userId: neighbour.userId });
    const [row] = await sql`
      select count(*) filter (where connector_config_id = ${erased.connectorConfigId})::int as erased,
        count(*) filter (where connector_config_id = ${neighbour.connectorConfigId})::int as kept from github_pull_requests`;
    expect(row).toEqual({ erased: 0, kept: 10 });
  },
);
