import { setTimeout } from 'node:timers/promises';
import { ConflictError, ForbiddenError, InvalidInputError, NotFoundError } from '@reference/kit';
import { capabilities } from '@reference/local-postgres';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createPage,
  getPage,
  listChildPages,
  listDrivePages,
  listRecentPages,
  markPageViewed,
  requirePage,
  trashDrive,
  trashPage,
  updatePage,
} from '../../src/queries/core.ts';
import { pagePermissions, pages } from '../../src/schema/index.ts';
import { addDrive } from '../people.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';
import { makeScene } from './scene.ts';
import { addPages, grant } from './trees.ts';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await openWorkspace();
});
afterAll(() => workspace.close());

const scene = () => makeScene(workspace);

describe('createPage', () => {
  test('puts it at the end, with its defaults', async () => {
    const { db, owner, driveId } = await scene();
    for (const title of ['a', 'b', 'c']) {
      await createPage(db, { userId: owner, page: { driveId, title, type: 'DOCUMENT' } });
    }
    const { items } = await listChildPages(db, { userId: owner, driveId, parentId: null });
    expect(items.map(({ title }) => title)).toEqual(['a', 'b', 'c']);
    expect(items[0]).toMatchObject({ revision: 0, isTrashed: false, position: 1 });
  });

  test('under a parent takes the right to edit it, and passes the grant on', async () => {
    const { db, owner, member, stranger, driveId } = await scene();
    const [folderId = ''] = await addPages(db, driveId, ['folder']);
    const add = (userId: string) =>
      createPage(db, { userId, page: { driveId, parentId: folderId, title: 'n', type: 'SHEET' } });
    await expect(add(member)).rejects.toThrow(NotFoundError);
    await grant(db, folderId, member, ['canView']);
    await expect(add(member)).rejects.toThrow(ForbiddenError);
    await grant(db, folderId, member, ['canView', 'canEdit']);
    const made = await add(member);
    expect(await getPage(db, { userId: member, pageId: made.id })).toMatchObject({ id: made.id });
    expect(await getPage(db, { userId: stranger, pageId: made.id })).toBeUndefined();
    const [held] = await db
      .select({ canEdit: pagePermissions.canEdit, canDelete: pagePermissions.canDelete })
      .from(pagePermissions)
      .where(eq(pagePermissions.pageId, made.id));
    expect(held).toEqual({ canEdit: true, canDelete: false });
    expect((await add(owner)).position).toBe(2);
  });

  test('under a parent granted for a time passes the end on too', async () => {
    const { db, member, driveId } = await scene();
    const [parentId = ''] = await addPages(db, driveId, ['folder']);
    const end = new Date(Date.now() + 3_600_000);
    await grant(db, parentId, member, ['canView', 'canEdit'], end);
    const page = { driveId, parentId, title: 'n', type: 'DOCUMENT' as const };
    const { id } = await createPage(db, { userId: member, page });
    const held = await db
      .select({ expiresAt: pagePermissions.expiresAt })
      .from(pagePermissions)
      .where(eq(pagePermissions.pageId, id));
    expect(held).toEqual([{ expiresAt: end }]);
  });

  test('refuses wrong input and stores nothing', async () => {
    const { db, owner, member, driveId } = await scene();
    const other = await addDrive(db, owner);
    const [foreign = ''] = await addPages(db, other, ['foreign']);
    const add = (page: object) =>
      createPage(db, { userId: owner, page: { driveId, title: 't', type: 'DOCUMENT', ...page } });
    await expect(add({ type: 'NOVEL' })).rejects.toThrow(InvalidInputError);
    await expect(add({ title: '' })).rejects.toThrow(InvalidInputError);
    await expect(add({ content: 'a\0b' })).rejects.toThrow(/NUL/);
    await expect(add({ fileMetadata: { text: 'a\0b' } })).rejects.toThrow(/NUL/);
    await expect(add({ fileMetadata: { text: 'x'.repeat(70_000) } })).rejects.toThrow(
      /at most 64000/,
    );
    await expect(add({ position: 3 })).rejects.toThrow(InvalidInputError);
    await expect(add({ parentId: foreign })).rejects.toThrow(/another drive/);
    await expect(add({ parentId: 'unknown' })).rejects.toThrow(NotFoundError);
    await expect(add({ driveId: 'unknown' })).rejects.toThrow(NotFoundError);
    const atRoot = createPage(db, {
      userId: member,
      page: { driveId, title: 't', type: 'DOCUMENT' },
    });
    await expect(atRoot).rejects.toThrow(ForbiddenError);
    expect((await listDrivePages(db, { userId: owner, driveId })).items).toEqual([]);
  });

  test('refuses a parent or a drive in the trash', async () => {
    const { db, owner, driveId } = await scene();
    const [folderId = ''] = await addPages(db, driveId, ['folder']);
    const add = (parentId: string | null) =>
      createPage(db, { userId: owner, page: { driveId, parentId, title: 'n', type: 'FOLDER' } });
    await trashPage(db, { userId: owner, pageId: folderId });
    await expect(add(folderId)).rejects.toThrow(ConflictError);
    await trashDrive(db, { userId: owner, driveId });
    await expect(add(null)).rejects.toThrow(ConflictError);
  });

  test('the database itself keeps a parent inside its drive', async () => {
    const { db, owner, driveId } = await scene();
    const other = await addDrive(db, owner);
    const [foreign = ''] = await addPages(db, other, ['foreign']);
    const insert = db
      .insert(pages)
      .values({ driveId, parentId: foreign, title: 't', type: 'DOCUMENT', position: 1 });
    await expect(insert).rejects.toMatchObject({ constraint: 'pages_driveId_parentId_fkey' });
  });

  test.skipIf(!capabilities.concurrency)('gives pages made at once different places', async () => {
    const { db, owner, driveId } = await scene();
    await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        createPage(db, { userId: owner, page: { driveId, title: `${n}`, type: 'DOCUMENT' } }),
      ),
    );
    const { items } = await listChildPages(db, { userId: owner, driveId, parentId: null });
    expect(new Set(items.map(({ position }) => position)).size).toBe(20);
  });

  test.skipIf(!capabilities.concurrency)(
    'never leaves a live page under one trashed at the same time',
    async () => {
      const { db, owner, driveId } = await scene();
      const folders = await addPages(
        db,
        driveId,
        Array.from({ length: 15 }, (_, n) => `f${n}`),
      );
      await Promise.all(
        folders.flatMap((parentId) => [
          trashPage(db, { userId: owner, pageId: parentId }),
          createPage(db, {
            userId: owner,
            page: { driveId, parentId, title: 'late', type: 'DOCUMENT' },
          }).catch((error: unknown) => expect(error).toBeInstanceOf(ConflictError)),
        ]),
      );
      const { items } = await listDrivePages(db, { userId: owner, driveId });
      expect(items).toEqual([]);
    },
  );
});

describe('updatePage', () => {
  test('raises the revision and refuses a stale one', async () => {
    const { db, owner, driveId } = await scene();
    const [pageId = ''] = await addPages(db, driveId, ['draft']);
    const update = (revision: number, content: string) =>
      updatePage(db, { userId: owner, pageId, revision, changes: { content } });
    expect(await update(0, 'first')).toMatchObject({ revision: 1, content: 'first' });
    await expect(update(0, 'late')).rejects.toThrow(/revision 1, not 0/);
    expect((await requirePage(db, { userId: owner, pageId })).content).toBe('first');
  });

  test.skipIf(!capabilities.concurrency)('lets one of many writers of a revision win', async () => {
    const { db, owner, driveId } = await scene();
    const [pageId = ''] = await addPages(db, driveId, ['draft']);
    const results = await Promise.allSettled(
      Array.from({ length: 10 }, (_, n) =>
        updatePage(db, { userId: owner, pageId, revision: 0, changes: { content: `${n}` } }),
      ),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('tells unknown, invisible, forbidden and trashed pages apart', async () => {
    const { db, owner, member, stranger, driveId } = await scene();
    const [pageId = ''] = await addPages(db, driveId, ['p']);
    const update = (userId: string, changes: object = { title: 'x' }, id = pageId) =>
      updatePage(db, { userId, pageId: id, revision: 0, changes });
    await expect(update(owner, { title: 'x' }, 'unknown')).rejects.toThrow(NotFoundError);
    await expect(update(stranger)).rejects.toThrow(NotFoundError);
    await grant(db, pageId, member, ['canView']);
    await expect(update(member)).rejects.toThrow(ForbiddenError);
    await expect(update(owner, { parentId: null })).rejects.toThrow(InvalidInputError);
    await expect(update(owner, {})).rejects.toThrow(InvalidInputError);
    await expect(update(owner, { enabledTools: [''] })).rejects.toThrow(InvalidInputError);
    await trashPage(db, { userId: owner, pageId });
    await expect(update(owner)).rejects.toThrow(ConflictError);
    await expect(update(member)).rejects.toThrow(NotFoundError);
  });
});

describe('lists', () => {
  test('of children go page by page over equal positions', async () => {
    const { db, owner, driveId } = await scene();
    await db.insert(pages).values(
      Array.from({ length: 7 }, (_, n) => ({
        driveId,
        title: `${n}`,
        type: 'DOCUMENT' as const,
        position: n < 4 ? 0.1 : 0.2,
      })),
    );
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page = await listChildPages(db, {
        userId: owner,
        driveId,
        parentId: null,
        limit: 2,
        after,
      });
      seen.push(...page.items.map(({ id }) => id));
      after = page.nextCursor;
    } while (after);
    expect(seen).toHaveLength(7);
    expect(new Set(seen).size).toBe(7);
  });

  test('show a member only what was granted, a stranger nothing', async () => {
    const { db, owner, member, stranger, driveId } = await scene();
    const [one = '', two = ''] = await addPages(db, driveId, ['one', 'two']);
    await grant(db, two, member, ['canView']);
    await markPageViewed(db, { userId: owner, pageId: one });
    await markPageViewed(db, { userId: owner, pageId: two });
    await markPageViewed(db, { userId: member, pageId: two });
    const ids = async (userId: string) =>
      Promise.all(
        [
          listDrivePages(db, { userId, driveId }),
          listChildPages(db, { userId, driveId, parentId: null }),
          listRecentPages(db, { userId }),
          listRecentPages(db, { userId, driveId }),
        ].map(async (list) => (await list).items.map(({ id }) => id).sort()),
      );
    expect(await ids(owner)).toEqual(Array(4).fill([one, two].sort()));
    expect(await ids(member)).toEqual(Array(4).fill([two]));
    expect(await ids(stranger)).toEqual(Array(4).fill([]));
  });
});

test('viewing is no change: the order of the latest changes stays', async () => {
  const { db, owner, stranger, driveId } = await scene();
  const [one = ''] = await addPages(db, driveId, ['one', 'two']);
  const before = await requirePage(db, { userId: owner, pageId: one });
  await markPageViewed(db, { userId: owner, pageId: one });
  const after = await requirePage(db, { userId: owner, pageId: one });
  expect(after.lastViewedAt).toBeInstanceOf(Date);
  expect(after).toEqual({ ...before, lastViewedAt: after.lastViewedAt });
  await expect(markPageViewed(db, { userId: stranger, pageId: one })).rejects.toThrow(
    NotFoundError,
  );
});

test('recent pages are each person’s own, the one viewed last first, while they may see it', async () => {
  const { db, owner, member, driveId } = await scene();
  const [one = '', two = '', three = ''] = await addPages(db, driveId, ['one', 'two', 'three']);
  await grant(db, one, member, ['canView']);
  await grant(db, two, member, ['canView']);
  const view = async (userId: string, pageId: string) => {
    await markPageViewed(db, { userId, pageId });
    // Times have milliseconds.
    await setTimeout(2);
  };
  for (const pageId of [one, two, three, one]) await view(owner, pageId);
  for (const pageId of [one, two]) await view(member, pageId);
  const recent = async (userId: string, more: object = {}) =>
    (await listRecentPages(db, { userId, ...more })).items.map(({ id }) => id);
  expect(await recent(owner)).toEqual([one, three, two]);
  expect(await recent(member, { driveId })).toEqual([two, one]);
  expect(await recent(owner, { driveId: 'another' })).toEqual([]);
  await grant(db, two, member, ['canView'], new Date(Date.now() - 1000));
  expect(await recent(member)).toEqual([one]);
  await trashPage(db, { userId: owner, pageId: three });
  expect(await recent(owner)).toEqual([one, two]);
  const [first] = (await listRecentPages(db, { userId: member })).items;
  const seen = (await listRecentPages(db, { userId: owner })).items.find(({ id }) => id === one);
  expect(first?.viewedAt).not.toEqual(seen?.viewedAt);
  expect(first?.lastViewedAt).toEqual(first?.viewedAt);
});

test('a page never carries its search vector', async () => {
  const { db, owner, driveId } = await scene();
  const [pageId = ''] = await addPages(db, driveId, ['one']);
  expect(await requirePage(db, { userId: owner, pageId })).not.toHaveProperty('searchVector');
});

describe('listDrivePages of a guest', () => {
  // Up to 500 grants are looked up one by one; with more, the drive is walked through in order.
  test.each([5, 501])('gives the pages of %i grants, latest first, both ways', async (grants) => {
    const { db, member: guest, owner, driveId } = await scene();
    const other = await addDrive(db, owner);
    const spread = await addPages(
      db,
      driveId,
      Array.from({ length: 30 }, (_, n) => `p${n}`),
    );
    const elsewhere = await addPages(
      db,
      other,
      Array.from({ length: grants - 4 }, (_, n) => `q${n}`),
    );
    const [trashed = '', ...held] = [4, 9, 17, 25].map((place) => spread[place] ?? '');
    await db.insert(pagePermissions).values(
      [trashed, ...held, ...elsewhere].map((pageId) => ({
        pageId,
        userId: guest,
        canView: true,
        canEdit: false,
        canShare: false,
        canDelete: false,
      })),
    );
    await trashPage(db, { userId: owner, pageId: trashed });
    for (const [place, id] of held.entries())
      await db
        .update(pages)
        .set({ updatedAt: new Date(Date.UTC(2026, 0, 3 - place)) })
        .where(eq(pages.id, id));

    const params = { userId: guest, driveId, limit: 2 };
    const first = await listDrivePages(db, params);
    const second = await listDrivePages(db, { ...params, after: first.nextCursor });
    const back = await listDrivePages(db, { ...params, before: second.previousCursor });
    const ids = (page: typeof first) => page.items.map(({ id }) => id);
    expect([ids(first), ids(second), ids(back)]).toEqual([
      held.slice(0, 2),
      held.slice(2),
      held.slice(0, 2),
    ]);
    expect(second.nextCursor).toBeNull();
    await trashDrive(db, { userId: owner, driveId });
    expect(ids(await listDrivePages(db, params))).toEqual([]);
  });
});
