import { capabilities } from '@reference/local-postgres';
import { migrate, rollback } from '@reference/migrator';
import { eq, inArray, sql } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrationsFolder } from '../../src/migrations.ts';
import { listPagesMentioning, listPagesMentioningMe } from '../../src/queries/core.ts';
import { drives, mentions, pages } from '../../src/schema/index.ts';
import { addDrive, addPage, addUser } from '../people.ts';
import { build, driveArbitrary, oracle } from '../permissions/worlds.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';
import { makeScene } from './scene.ts';
import { addPages, grant } from './trees.ts';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await openWorkspace();
});
afterAll(() => workspace.close());

type List = typeof listPagesMentioningMe;

/** The ids of a whole list, read in pages of two: forwards, then from the last page back. */
async function walk(
  list: (page: { after?: string | null; before?: string | null }) => ReturnType<List>,
) {
  const forward: string[] = [];
  let page = await list({});
  forward.push(...page.items.map(({ id }) => id));
  while (page.nextCursor) {
    page = await list({ after: page.nextCursor });
    forward.push(...page.items.map(({ id }) => id));
  }
  const backward = page.items.map(({ id }) => id);
  while (page.previousCursor) {
    page = await list({ before: page.previousCursor });
    backward.unshift(...page.items.map(({ id }) => id));
  }
  return { forward, backward };
}

test('each page of a list holds what one may see of all that mentions, latest first', async () => {
  const { db } = workspace;
  const worldsArbitrary = fc.array(driveArbitrary, { minLength: 1, maxLength: 3 });
  // More mentions than are looked at one by one, by pages that none of them may see, before all others.
  const hidden = await addDrive(db, await addUser(db));
  const crowd = await addPages(
    db,
    hidden,
    Array.from({ length: 30 }, (_, n) => `${n}`),
  );
  await fc.assert(
    fc.asyncProperty(worldsArbitrary, fc.boolean(), async (worlds, isCrowded) => {
      const people = [await addUser(db), await addUser(db), await addUser(db)];
      const named = await addUser(db);
      const target = await addPage(db, await addDrive(db, named));
      const built = [];
      for (const world of worlds) built.push({ world, ...(await build(db, world, people)) });
      for (const { world, driveId } of built)
        await db
          .update(drives)
          .set({ isTrashed: world.isTrashed, trashedAt: world.isTrashed ? new Date() : null })
          .where(eq(drives.id, driveId));
      const sources = built.flatMap(({ world, driveId, pageIds }) =>
        pageIds.flatMap((id, index) => {
          const page = world.pages[index];
          return page ? [{ id, world, page, driveId }] : [];
        }),
      );
      const seen = async (column: 'targetPageId' | 'targetUserId', targetId: string) => {
        const other = isCrowded ? crowd.map((id) => ({ id, driveId: hidden })) : [];
        if (sources.length + other.length === 0) return () => [];
        const rows = await db
          .insert(mentions)
          .values(
            [...other, ...sources].map(({ id, driveId }, n) => ({
              sourceDriveId: driveId,
              sourcePageId: id,
              [column]: targetId,
              // Some in one millisecond: the id decides.
              createdAt: new Date(Date.UTC(2030, 0, 1) + (n < other.length ? 9 : n % 3)),
            })),
          )
          .returning({ id: mentions.id, of: mentions.sourcePageId, at: mentions.createdAt });
        rows.sort((a, b) => Number(b.at) - Number(a.at) || (a.id < b.id ? 1 : -1));
        return (person: number) =>
          rows.flatMap(({ of }) =>
            sources
              .filter(
                ({ id, world, page }) =>
                  id === of && !page.isTrashed && oracle(world, person, page).canView,
              )
              .map(({ id }) => id),
          );
      };
      const ofPage = await seen('targetPageId', target);
      for (const [person, userId] of people.entries()) {
        const expected = ofPage(person);
        const read = await walk((page) =>
          listPagesMentioning(db, { userId, pageId: target, limit: 2, ...page }),
        );
        expect(read).toEqual({ forward: expected, backward: expected });
      }
      for (const [person, userId] of people.entries()) {
        await db.delete(mentions);
        const expected = (await seen('targetUserId', userId))(person);
        const read = await walk((page) => listPagesMentioningMe(db, { userId, limit: 2, ...page }));
        expect(read).toEqual({ forward: expected, backward: expected });
      }
    }),
    { numRuns: 12 },
  );
}, 120_000);

test('what one may not see takes no place on a page of a list', async () => {
  const { db, owner, driveId } = await makeScene(workspace);
  const [target = ''] = await addPages(db, driveId, ['target']);
  const guest = await addUser(db);
  const away = await addDrive(db, owner);
  const names = Array.from({ length: 30 }, (_, n) => `${n}`);
  const trashed = { isTrashed: true, trashedAt: new Date() };
  const inTrashedDrive = await addPages(db, away, names);
  await db.update(drives).set(trashed).where(eq(drives.id, away));
  const inTrash = await addPages(db, driveId, names);
  await db.update(pages).set(trashed).where(inArray(pages.id, inTrash));
  const live = await addPages(db, driveId, ['a', 'b', 'c', 'd']);
  for (const id of [...inTrashedDrive, ...inTrash, ...live])
    await grant(db, id, guest, ['canView']);
  const sources = [...live, ...inTrash, ...inTrashedDrive];
  await db.insert(mentions).values(
    sources.map((sourcePageId, n) => ({
      sourceDriveId: n < live.length + inTrash.length ? driveId : away,
      sourcePageId,
      targetPageId: target,
      createdAt: new Date(Date.UTC(2030, 0, 1, 0, n)),
    })),
  );
  const latest = live.toReversed();
  const list = (userId: string) =>
    walk((page) => listPagesMentioning(db, { userId, pageId: target, limit: 2, ...page }));
  expect(await list(guest)).toEqual({ forward: latest, backward: latest });
  const managed = [...inTrashedDrive.toReversed(), ...latest];
  expect(await list(owner)).toEqual({ forward: managed, backward: managed });
});

test('a page that mentions does not leave its drive', async () => {
  const { db, owner, driveId } = await makeScene(workspace);
  const [source = '', target = ''] = await addPages(db, driveId, ['source', 'target']);
  await db
    .insert(mentions)
    .values({ sourceDriveId: driveId, sourcePageId: source, targetPageId: target });
  const other = await addDrive(db, owner);
  const moved = db.update(pages).set({ driveId: other }).where(eq(pages.id, source));
  await expect(moved).rejects.toMatchObject({
    constraint: 'mentions_sourceDriveId_sourcePageId_fkey',
  });
  const wrong = db
    .insert(mentions)
    .values({ sourceDriveId: other, sourcePageId: target, targetPageId: source });
  await expect(wrong).rejects.toMatchObject({
    constraint: 'mentions_sourceDriveId_sourcePageId_fkey',
  });
});

const rowsOf = ({ db }: Workspace) =>
  db.select({ id: mentions.id, of: mentions.sourceDriveId }).from(mentions).orderBy(mentions.id);

test.skipIf(!capabilities.concurrency)(
  'mentions of the release before get their drive: those that were there, and those it still writes',
  async () => {
    const own = await openWorkspace();
    try {
      const { db, driveId } = await makeScene(own);
      const [a = '', b = ''] = await addPages(db, driveId, ['a', 'b']);
      const write = (id: string, from: string, to: string) =>
        db.execute(
          sql`insert into mentions (id, "sourcePageId", "targetPageId") values (${id}, ${from}, ${to})`,
        );
      const folder = migrationsFolder;
      await rollback(own.url, { folder, to: '0015_share_links_and_page_versions' });
      await write('before', a, b);
      await migrate(own.url, { folder });
      await write('still', b, a);
      expect(await rowsOf(own)).toEqual([
        { id: 'before', of: driveId },
        { id: 'still', of: driveId },
      ]);
    } finally {
      await own.close();
    }
  },
);
