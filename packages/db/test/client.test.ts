import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { closeDb, db } from '../src/client.ts';
import { getUser, requireUser } from '../src/queries/auth.ts';
import { getPageAccess } from '../src/queries/permissions.ts';
import { users } from '../src/schema/index.ts';
import { addUser } from './people.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await openWorkspace();
});
afterAll(() => workspace.close());
afterEach(async () => {
  await closeDb();
  delete process.env.DATABASE_URL;
});

test('`db` opens on first use, serves queries and transactions, and opens again once closed', async () => {
  const userId = await addUser(workspace.db);
  // Embedded, a database has one connection: the handle under test needs it.
  await workspace.sql.end();
  process.env.DATABASE_URL = workspace.url;
  expect(await getUser(db, { userId })).toMatchObject({ id: userId });
  expect(await getPageAccess(db, { userId, pageId: 'none' })).toMatchObject({ canView: false });
  expect(await db.query.users.findFirst({ columns: { id: true } })).toEqual({ id: userId });
  await expect(
    db.transaction(async (tx) => {
      await tx.delete(users);
      throw new Error('back');
    }),
  ).rejects.toThrow('back');
  await closeDb();
  expect(await requireUser(db, { userId })).toMatchObject({ id: userId });
});

test('without DATABASE_URL the first use says what to set', () => {
  expect(() => db.select()).toThrow(/DATABASE_URL is missing/);
});
