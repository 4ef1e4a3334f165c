import { InvalidInputError } from '@reference/kit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { countAttempt, forgetAttempts, purgeAttempts } from '../../src/queries/auth.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await openWorkspace();
});
afterAll(() => workspace.close());

const limit = { most: 3, windowSeconds: 600 };
const endWindows = () =>
  workspace.sql`update attempt_limits set "windowEndsAt" = now() - interval '1 second'`;

test('as many attempts as allowed pass; a refused one says how long to wait and prolongs nothing', async () => {
  const { db, sql } = workspace;
  const key = 'sign-in ada@example.com';
  for (let attempt = 0; attempt < limit.most; attempt += 1) {
    expect((await countAttempt(db, { key, ...limit })).isAllowed).toBe(true);
  }
  await sql`update attempt_limits set "windowEndsAt" = now() + interval '100 seconds'`;
  const refused = await countAttempt(db, { key, ...limit });
  expect(refused).toEqual({ isAllowed: false, secondsLeft: 100 });
  expect((await countAttempt(db, { key: 'sign-in ben@example.com', ...limit })).isAllowed).toBe(
    true,
  );
});

test('a window that is over begins anew; a success is forgotten at once', async () => {
  const { db } = workspace;
  const key = 'sign-in chloe@example.com';
  for (let attempt = 0; attempt < 5; attempt += 1) await countAttempt(db, { key, ...limit });
  expect((await countAttempt(db, { key, ...limit })).isAllowed).toBe(false);
  await endWindows();
  for (let attempt = 0; attempt < limit.most; attempt += 1) {
    expect((await countAttempt(db, { key, ...limit })).isAllowed).toBe(true);
  }
  expect((await countAttempt(db, { key, ...limit })).isAllowed).toBe(false);
  await forgetAttempts(db, { key });
  expect((await countAttempt(db, { key, ...limit })).isAllowed).toBe(true);
});

test('no key stands in the table in clear', async () => {
  const rows = await workspace.sql`select "keyHash" from attempt_limits`;
  expect(rows.length).toBeGreaterThan(0);
  expect(JSON.stringify(rows)).not.toContain('example.com');
});

test('purging takes what is over, as many as asked for, and nothing else', async () => {
  const { db, sql } = workspace;
  await endWindows();
  const [before] = await sql`select count(*)::int as rows from attempt_limits`;
  await countAttempt(db, { key: 'still counted', ...limit });
  expect(await purgeAttempts(db, { limit: 1 })).toBe(1);
  expect(await purgeAttempts(db)).toBe(before?.rows - 1);
  const left = await sql`select attempts from attempt_limits`;
  expect(left).toHaveLength(1);
});

test.each([
  { key: '', most: 1, windowSeconds: 1 },
  { key: 'x', most: 0, windowSeconds: 1 },
  { key: 'x', most: 1, windowSeconds: 0 },
])('a limit that is none is refused: %j', async (params) => {
  await expect(countAttempt(workspace.db, params)).rejects.toThrow(InvalidInputError);
});
