import { transaction } from '@reference/kit';
import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  getAccessToPages,
  getPageAccess,
  listAccessiblePageIds,
  type PageRight,
} from '../../src/queries/permissions.ts';
import { drives, pagePermissions, pages } from '../../src/schema/index.ts';
import { addDrive, addPage, addUser } from '../people.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';
import { all, build, driveArbitrary, none, oracle } from './worlds.ts';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await openWorkspace();
});
afterAll(() => workspace.close());

async function listAll(userId: string, driveId: string, right: PageRight): Promise<string[]> {
  const ids: string[] = [];
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listAccessiblePageIds>> = await listAccessiblePageIds(
      workspace.db,
      { userId, driveId, right, after, limit: 2 },
    );
    for (const { id } of page.items) {
      // A list that begins again would never end.
      if (ids.includes(id)) throw new Error(`Page ${id} is listed twice.`);
      ids.push(id);
    }
    after = page.nextCursor;
  } while (after);
  return ids;
}

describe('access', () => {
  test('one page, many pages and the list agree with the rule on random drives', async () => {
    const { db } = workspace;
    const people = await Promise.all([1, 2, 3].map(() => addUser(db)));
    await fc.assert(
      fc.asyncProperty(driveArbitrary, async (world) => {
        await db.delete(drives);
        const { driveId, pageIds } = await build(db, world, people);
        for (const [person, userId] of people.entries()) {
          const expected = world.pages.map((page) => oracle(world, person, page));
          const many = await getAccessToPages(db, { userId, pageIds });
          expect([...many.values()]).toEqual(expected);
          for (const [index, pageId] of pageIds.entries()) {
            expect(await getPageAccess(db, { userId, pageId })).toEqual(expected[index]);
          }
          for (const right of ['canView', 'canEdit', 'canShare', 'canDelete'] as const) {
            const held = pageIds.filter((_, index) => expected[index]?.[right]);
            expect(await listAll(userId, driveId, right)).toEqual(held.sort());
          }
        }
      }),
      { numRuns: 60 },
    );
  }, 120_000);

  test('the list of a guest goes on from page to page, and ends', async () => {
    const { db } = workspace;
    const [ownerId, userId] = [await addUser(db), await addUser(db)];
    const driveId = await addDrive(db, ownerId);
    const pageIds: string[] = [];
    for (let n = 0; n < 5; n++) pageIds.push(await addPage(db, driveId));
    await addPage(db, driveId);
    await db
      .insert(pagePermissions)
      .values(pageIds.map((pageId) => ({ pageId, userId, ...none, canView: true })));
    expect(await listAll(userId, driveId, 'canView')).toEqual(pageIds.sort());
    expect(await listAll(userId, driveId, 'canEdit')).toEqual([]);
  });

  test('pages come by id, also where no index gives them so', async () => {
    const { db } = workspace;
    const [ownerId, userId] = [await addUser(db), await addUser(db)];
    const driveId = await addDrive(db, ownerId);
    const ids = Array.from({ length: 6 }, (_, n) => `${driveId.slice(0, 20)}${9 - n}`);
    await db
      .insert(pages)
      .values(
        ids.map((id) => ({ id, driveId, title: 'Page', type: 'DOCUMENT' as const, position: 1 })),
      );
    await db
      .insert(pagePermissions)
      .values(ids.map((pageId) => ({ pageId, userId, ...none, canView: true })));
    for (const reader of [ownerId, userId]) {
      const { items } = await transaction(db, async (tx) => {
        // The connection may hold a plan of the statement from before.
        await tx.execute(sql`set local plan_cache_mode = force_custom_plan`);
        await tx.execute(sql`set local enable_indexscan = off`);
        await tx.execute(sql`set local enable_bitmapscan = off`);
        return listAccessiblePageIds(tx, { userId: reader, driveId });
      });
      expect(items.map(({ id }) => id)).toEqual(ids.toReversed());
    }
  });

  test('an unknown page, user or drive gives nothing, and no error that tells which', async () => {
    const { db } = workspace;
    const ownerId = await addUser(db);
    const driveId = await addDrive(db, ownerId);
    const pageId = await addPage(db, driveId);
    expect(await getPageAccess(db, { userId: ownerId, pageId: 'nowhere' })).toEqual(none);
    expect(await getPageAccess(db, { userId: 'nobody', pageId })).toEqual(none);
    expect(await listAll(ownerId, 'nowhere', 'canView')).toEqual([]);
    expect(await listAll('nobody', driveId, 'canView')).toEqual([]);
    expect([...(await getAccessToPages(db, { userId: ownerId, pageIds: ['x', pageId] }))]).toEqual([
      ['x', none],
      [pageId, all],
    ]);
  });

  test('refuses a damaged cursor, a limit out of bounds and more than 500 ids', async () => {
    const { db } = workspace;
    const asked = { userId: 'u', driveId: 'd' };
    const invalid = { code: 'INVALID_INPUT' };
    await expect(listAccessiblePageIds(db, { ...asked, after: 'x' })).rejects.toMatchObject(
      invalid,
    );
    await expect(listAccessiblePageIds(db, { ...asked, limit: 0 })).rejects.toMatchObject(invalid);
    await expect(
      getAccessToPages(db, { userId: 'u', pageIds: Array.from({ length: 501 }, () => 'p') }),
    ).rejects.toMatchObject(invalid);
  });
});
