// Run on a cluster of en_US.utf8 and on one of C.UTF-8: what a user sees is the same on both.
import { ConflictError } from '@reference/kit';
import { capabilities, rehearseCollationRepair } from '@reference/local-postgres';
import { fixCollation, inspectCollation } from '@reference/migrator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { getUserByEmail } from '../src/queries/auth.ts';
import { createTag, listTags, searchPages } from '../src/queries/core.ts';
import { getProfile, upsertProfile } from '../src/queries/social.ts';
import { pages } from '../src/schema/index.ts';
import { addDrive, addUser } from './people.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await openWorkspace();
});
afterAll(() => workspace.close());

const names = ['zebra', 'Zoo', 'äpfel', 'Ärger', 'éclair', 'ångström', 'Apple', 'apple-pie', 'Жук'];

describe('names in any script', () => {
  test('are one name whatever their case', async () => {
    const { db } = workspace;
    const userId = await addUser(db, 'Grace@Example.com');
    const driveId = await addDrive(db, userId);
    for (const name of names) await createTag(db, { userId, driveId, name });
    for (const name of names) {
      const again = createTag(db, { userId, driveId, name: name.toUpperCase() });
      await expect(again, name).rejects.toThrow(ConflictError);
    }
    expect(await getUserByEmail(db, { email: 'gRACE@eXAMPLE.COM' })).toMatchObject({ id: userId });
    await upsertProfile(db, { userId, username: 'Grace_H', displayName: 'Grace' });
    expect(await getProfile(db, { viewerId: userId, username: 'gRACE_h' })).toMatchObject({
      username: 'Grace_H',
    });
  });

  test('are all listed, each once, in pages of any size', async () => {
    const { db } = workspace;
    const userId = await addUser(db);
    const driveId = await addDrive(db, userId);
    for (const name of names) await createTag(db, { userId, driveId, name });
    const whole = await listTags(db, { userId, driveId });
    for (const limit of [1, 2, 4]) {
      const found: string[] = [];
      let after: string | null | undefined;
      while (after !== null) {
        const page = await listTags(db, { userId, driveId, limit, ...(after && { after }) });
        found.push(...page.items.map(({ name }) => name));
        after = page.nextCursor;
      }
      expect(found).toEqual(whole.items.map(({ name }) => name));
    }
    expect(whole.items.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
  });

  test('are found by search whatever their case', async () => {
    const { db } = workspace;
    const userId = await addUser(db);
    const driveId = await addDrive(db, userId);
    await db
      .insert(pages)
      .values(
        names.map((title, position) => ({ driveId, title, type: 'DOCUMENT' as const, position })),
      );
    for (const name of names) {
      const { items } = await searchPages(db, { userId, words: name.toUpperCase() });
      expect(items.map(({ title }) => title)).toContain(name);
    }
  });
});

describe.skipIf(!capabilities.concurrency)('after an upgrade of the system', () => {
  test('every index on text is named, rebuilt, and only then counted as right', async () => {
    const repair = { inspectCollation, fixCollation };
    const { indexes, ...run } = await rehearseCollationRepair(workspace.url, repair);
    expect(indexes).toContain('public."tags_driveId_name_key"');
    expect(run).toEqual({
      named: indexes,
      changedByReport: { rebuilt: [], recorded: false },
      rebuilt: indexes,
      isRecorded: true,
    });
    const found = await getUserByEmail(workspace.db, { email: 'grace@example.com' });
    expect(found).toBeDefined();
  });
});
