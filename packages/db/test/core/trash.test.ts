import { ConflictError, ForbiddenError, NotFoundError } from '@reference/kit';
import { capabilities } from '@reference/local-postgres';
import { eq, sql } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  getDriveTree,
  listTrashedPages,
  movePage,
  purgeTrash,
  restorePage,
  type TreeNode,
  trashDrive,
  trashPage,
} from '../../src/queries/core.ts';
import { drives, pages } from '../../src/schema/index.ts';
import { addDrive, addMember, addUser } from '../people.ts';
import { whileOpen } from '../racers.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';
import { addPages, grant } from './trees.ts';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await openWorkspace();
});
afterAll(() => workspace.close());

const outline = (nodes: readonly TreeNode[]): string =>
  nodes
    .map(({ title, children }) => (children.length ? `${title}(${outline(children)})` : title))
    .join(' ');

/** `a(b(c) d)` in a drive of its own. */
async function scene() {
  const { db } = workspace;
  const userId = await addUser(db);
  const driveId = await addDrive(db, userId);
  const [a = ''] = await addPages(db, driveId, ['a']);
  const [b = '', d = ''] = await addPages(db, driveId, ['b', 'd'], a);
  const [c = ''] = await addPages(db, driveId, ['c'], b);
  return {
    db,
    userId,
    driveId,
    ...{ a, b, c, d },
    trash: (pageId: string) => trashPage(db, { userId, pageId }),
    restore: (pageId: string) => restorePage(db, { userId, pageId }),
    tree: async () => outline(await getDriveTree(db, { userId, driveId })),
    trashed: async () =>
      (await listTrashedPages(db, { userId, driveId })).items.map(({ title }) => title),
  };
}

describe('restoring', () => {
  test('brings a subtree back where it was', async () => {
    const { a, b, trash, restore, tree, trashed } = await scene();
    expect(await trash(b)).toEqual({ trashed: 2 });
    expect(await tree()).toBe('a(d)');
    expect(await trashed()).toEqual(['b']);
    const { page, restored } = await restore(b);
    expect([page.parentId, page.isTrashed, restored]).toEqual([a, false, 2]);
    expect(await tree()).toBe('a(b(c) d)');
    expect(await trashed()).toEqual([]);
  });

  test('of an act leaves what an earlier one trashed, in either order', async () => {
    const { a, c, trash, restore, tree, trashed } = await scene();
    await trash(c);
    await trash(a);
    expect(await trashed()).toEqual(['a', 'c']);
    expect((await restore(a)).restored).toBe(3);
    expect(await tree()).toBe('a(b d)');
    await restore(c);
    expect(await tree()).toBe('a(b(c) d)');
    await trash(c);
    await trash(a);
    await restore(c);
    expect(await tree()).toBe('c');
    await restore(a);
    expect(await tree()).toBe('c a(b d)');
  });

  test('falls back to the end of the root when the parent is deleted for good', async () => {
    const { db, a, c, trash, restore, tree } = await scene();
    await trash(c);
    await trash(a);
    await db.delete(pages).where(eq(pages.id, a));
    expect((await restore(c)).page).toMatchObject({ parentId: null, title: 'c' });
    expect(await tree()).toBe('c');
  });

  test('follows the parent when that was moved meanwhile', async () => {
    const { db, userId, b, c, trash, restore, tree } = await scene();
    await trash(c);
    await movePage(db, { userId, pageId: b, parentId: null });
    await restore(c);
    expect(await tree()).toBe('a(d) b(c)');
  });

  test('names the page to restore for one that went with it', async () => {
    const { a, c, trash, restore } = await scene();
    await trash(a);
    await expect(restore(c)).rejects.toThrow(ConflictError);
    await expect(restore(c)).rejects.toThrow(a);
  });
});

describe('who may', () => {
  test('trash: with the right to delete; see and restore: owner and ADMIN', async () => {
    const { db, driveId, a, b, trash } = await scene();
    const [member, admin, stranger] = [await addUser(db), await addUser(db), await addUser(db)];
    await addMember(db, driveId, member, 'MEMBER');
    await addMember(db, driveId, admin, 'ADMIN');
    const attempt = (userId: string) => trashPage(db, { userId, pageId: b });
    await expect(attempt(stranger)).rejects.toThrow(NotFoundError);
    await grant(db, b, member, ['canView', 'canEdit']);
    await expect(attempt(member)).rejects.toThrow(ForbiddenError);
    await grant(db, b, member, ['canView', 'canDelete']);
    // The page under it goes too; the count does not tell the member that there is one.
    expect(await attempt(member)).toEqual({ trashed: 1 });
    const restoreAs = (userId: string) => restorePage(db, { userId, pageId: b });
    await expect(restoreAs(member)).rejects.toThrow(NotFoundError);
    expect((await listTrashedPages(db, { userId: member, driveId })).items).toEqual([]);
    expect((await listTrashedPages(db, { userId: admin, driveId })).items).toHaveLength(1);
    expect((await restoreAs(admin)).restored).toBe(2);
    await expect(restoreAs(admin)).rejects.toThrow(ConflictError);
    await trash(a);
    await expect(trash(a)).rejects.toThrow(ConflictError);
  });
});

test('random acts of trashing, restoring and moving agree with a simple model', {
  timeout: 120_000,
}, async () => {
  const act = fc.tuple(fc.constantFrom('trash', 'restore', 'move'), fc.nat(5), fc.nat(6));
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 12 }), async (acts) => {
      const { db } = workspace;
      const userId = await addUser(db);
      const driveId = await addDrive(db, userId);
      const ids = await addPages(db, driveId, ['0', '1', '2', '3', '4', '5']);
      // The model: where each page hangs, and which act (named by its first page) holds it.
      const parent = new Map<string, string | null>(ids.map((id) => [id, null]));
      const origin = new Map<string, string | null>();
      const heldBy = new Map<string, string>();
      const under = (id: string): string[] => [
        id,
        ...ids.filter((other) => parent.get(other) === id).flatMap(under),
      ];
      for (const [kind, pageIndex, targetIndex] of acts) {
        const pageId = ids[pageIndex] ?? '';
        const target = ids[targetIndex] ?? null;
        const holder = heldBy.get(pageId);
        if (kind === 'trash') {
          const run = trashPage(db, { userId, pageId });
          if (holder) await expect(run).rejects.toThrow(ConflictError);
          else {
            const taken = under(pageId);
            expect(await run).toEqual({ trashed: taken.length });
            for (const id of taken) heldBy.set(id, pageId);
            origin.set(pageId, parent.get(pageId) ?? null);
            parent.set(pageId, null);
          }
        } else if (kind === 'restore') {
          const run = restorePage(db, { userId, pageId });
          if (holder !== pageId) await expect(run).rejects.toThrow(ConflictError);
          else {
            expect((await run).restored).toBe(under(pageId).length);
            for (const id of under(pageId)) heldBy.delete(id);
            const home = origin.get(pageId) ?? null;
            parent.set(pageId, home !== null && !heldBy.has(home) ? home : null);
          }
        } else {
          const run = movePage(db, { userId, pageId, parentId: target });
          const refused =
            holder || (target && (heldBy.has(target) || under(pageId).includes(target)));
          if (refused) await expect(run).rejects.toThrow();
          else {
            await run;
            parent.set(pageId, target);
          }
        }
      }
      const rows = await db
        .select({ id: pages.id, parentId: pages.parentId, isTrashed: pages.isTrashed })
        .from(pages)
        .where(eq(pages.driveId, driveId));
      expect(new Map(rows.map((row) => [row.id, row.parentId]))).toEqual(parent);
      expect(
        rows
          .filter((row) => row.isTrashed)
          .map((row) => row.id)
          .sort(),
      ).toEqual([...heldBy.keys()].sort());
    }),
    { numRuns: 30 },
  );
});

describe('purging', () => {
  const age = (pageId: string, days: number) =>
    workspace.db
      .update(pages)
      .set({ trashedAt: sql`now() - make_interval(days => ${days})` })
      .where(eq(pages.id, pageId));

  test('deletes what is old enough in batches, leaves first, and nothing else', async () => {
    const { db, driveId, a, trash } = await scene();
    const [recent = '', live = ''] = await addPages(db, driveId, ['recent', 'live']);
    await addPages(
      db,
      driveId,
      Array.from({ length: 25 }, (_, n) => `n${n}`),
      a,
    );
    await trash(a);
    await trash(recent);
    await db
      .update(pages)
      .set({ trashedAt: sql`now() - interval '31 days'` })
      .where(
        sql`${pages.driveId} = ${driveId} and ${pages.isTrashed} and ${pages.id} <> ${recent}`,
      );
    const [rogue = ''] = await addPages(db, driveId, ['live under a trashed page'], a);
    expect(await purgeTrash(db, { olderThanDays: 30, batchSize: 4 })).toEqual({
      pages: 28,
      drives: 0,
    });
    await db.delete(pages).where(eq(pages.id, rogue));
    expect(await purgeTrash(db, { olderThanDays: 30, batchSize: 4 })).toEqual({
      pages: 1,
      drives: 0,
    });
    const left = await db.select({ id: pages.id }).from(pages).where(eq(pages.driveId, driveId));
    expect(left.map(({ id }) => id).sort()).toEqual([recent, live].sort());
  });

  test('deletes drives that have been in the trash, with their pages', async () => {
    const { db, userId, driveId } = await scene();
    await trashDrive(db, { userId, driveId });
    expect(await purgeTrash(db, { olderThanDays: 1 })).toEqual({ pages: 0, drives: 0 });
    await db
      .update(drives)
      .set({ trashedAt: sql`now() - interval '2 days'` })
      .where(eq(drives.id, driveId));
    expect(await purgeTrash(db, { olderThanDays: 1 })).toEqual({ pages: 4, drives: 1 });
  });

  test.skipIf(!capabilities.concurrency)(
    'never deletes a page that is restored meanwhile',
    async () => {
      const { db, a, b, trash, tree } = await scene();
      await trash(b);
      await age(b, 40);
      await whileOpen(
        workspace,
        (tx) =>
          tx
            .update(pages)
            .set({ isTrashed: false, trashedAt: null, parentId: a })
            .where(eq(pages.id, b)),
        (handle) => purgeTrash(handle, { olderThanDays: 30 }),
      );
      const kept = await db.select({ id: pages.id }).from(pages).where(eq(pages.id, b));
      expect(kept).toHaveLength(1);
      expect(await tree()).toContain('b');
    },
  );
});
