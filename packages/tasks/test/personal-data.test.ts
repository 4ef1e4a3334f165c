import { fillTables, findText } from '@reference/audit/testing';
import { NotFoundError } from '@reference/kit';
import { checkPersonalPlan } from '@reference/kit/personal-plan';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eraseUser, exportUser, personalPlan } from '../src/queries/personal-data.ts';
import { openWorkbench, type Workbench } from './workbench.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench();
});
afterAll(() => bench.close());

test('the plan covers every table that reaches the users, and says what the foreign keys say', async () => {
  expect(await checkPersonalPlan(bench.db, personalPlan)).toEqual([]);
});

test('a person who is in every table is exported whole, and after that nowhere in the database', async () => {
  const { db, sql } = bench;
  const person = await fillTables(sql, personalPlan);
  const tables = new Set<string>();
  let text = '';
  await exportUser(db, {
    userId: person.id,
    write: async ({ table, rows }) => {
      tables.add(table);
      text += JSON.stringify(rows);
    },
  });
  expect([...tables].sort()).toEqual(['users', ...Object.keys(personalPlan.tables)].sort());
  for (const secret of ['access_token', '"env"', 'oauth_client_secret"']) {
    expect(text).not.toContain(secret);
  }
  expect((await findText(sql, [person.id])).length).toBeGreaterThan(10);
  await eraseUser(db, { userId: person.id });
  expect(await findText(sql, [person.id, person.canary])).toEqual([]);
  const [row] = await sql`select count(*)::int as others from users`;
  expect(row).toEqual({ others: 1 });
  await expect(eraseUser(db, { userId: person.id })).rejects.toThrow(NotFoundError);
});
