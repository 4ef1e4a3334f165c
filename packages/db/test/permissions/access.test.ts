import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  getAccessToPages,
  getPageAccess,
  listAccessiblePageIds,
  type PageAccess,
  type PageRight,
} from '../../src/queries/permissions.ts';
import { driveMembers, drives, pagePermissions, pages } from '../../src/schema/index.ts';
import { addDrive, addPage, addUser } from '../people.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await openWorkspace();
});
afterAll(() => workspace.close());

const none = { canView: false, canEdit: false, canShare: false, canDelete: false };
const all = { canView: true, canEdit: true, canShare: true, canDelete: true };

const day = 86_400_000;
const rightsArbitrary = fc
  .record({ canEdit: fc.boolean(), canShare: fc.boolean(), canDelete: fc.boolean() })
  .chain((more) => fc.boolean().map((canView) => (canView ? { canView, ...more } : { ...none })));
const grantArbitrary = fc.option(
  fc.record({ rights: rightsArbitrary, expiresInDays: fc.constantFrom(null, -400, -1, 1, 400) }),
);
/** One drive: who has which part in it, and what each of three people was granted on each page. */
const driveArbitrary = fc.record({
  ownerIndex: fc.nat({ max: 2 }),
  isTrashed: fc.boolean(),
  roles: fc.array(fc.constantFrom('ADMIN' as const, 'MEMBER' as const, null), {
    minLength: 3,
    maxLength: 3,
  }),
  pages: fc.array(
    fc.record({
      isTrashed: fc.boolean(),
      grants: fc.array(grantArbitrary, { minLength: 3, maxLength: 3 }),
    }),
    { maxLength: 6 },
  ),
});
type World = typeof driveArbitrary extends fc.Arbitrary<infer T> ? T : never;

/** The rule in ten lines: owner and ADMIN everything, else an unexpired grant outside the trash. */
function oracle(world: World, person: number, page: World['pages'][number]): PageAccess {
  if (world.ownerIndex === person || world.roles[person] === 'ADMIN') return all;
  if (world.isTrashed || page.isTrashed) return none;
  const grant = page.grants[person];
  if (!grant || (grant.expiresInDays !== null && grant.expiresInDays < 0)) return none;
  return grant.rights;
}

async function build(world: World, people: readonly string[]) {
  const { db } = workspace;
  const now = Date.now();
  const trash = (isTrashed: boolean) => ({ isTrashed, trashedAt: isTrashed ? new Date() : null });
  const driveId = await addDrive(db, people[world.ownerIndex] ?? '');
  await db.update(drives).set(trash(world.isTrashed));
  const members = people.flatMap((userId, person) => {
    const role = world.roles[person];
    return role && person !== world.ownerIndex ? [{ driveId, userId, role }] : [];
  });
  if (members.length > 0) await db.insert(driveMembers).values(members);
  const pageIds: string[] = [];
  for (const page of world.pages) {
    const rows = await db
      .insert(pages)
      .values({ driveId, title: 'Page', type: 'DOCUMENT', position: 1, ...trash(page.isTrashed) })
      .returning({ id: pages.id });
    const pageId = rows[0]?.id ?? '';
    pageIds.push(pageId);
    const grants = people.flatMap((userId, person) => {
      const grant = page.grants[person];
      if (!grant) return [];
      const { rights, expiresInDays } = grant;
      const expiresAt = expiresInDays === null ? null : new Date(now + expiresInDays * day);
      return [{ pageId, userId, ...rights, expiresAt }];
    });
    if (grants.length > 0) await db.insert(pagePermissions).values(grants);
  }
  return { driveId, pageIds };
}

async function listAll(userId: string, driveId: string, right: PageRight): Promise<string[]> {
  const ids: string[] = [];
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listAccessiblePageIds>> = await listAccessiblePageIds(
      workspace.db,
      { userId, driveId, right, after, limit: 2 },
    );
    ids.push(...page.items.map(({ id }) => id));
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
        const { driveId, pageIds } = await build(world, people);
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
