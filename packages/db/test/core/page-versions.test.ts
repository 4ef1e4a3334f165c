import {
  ConflictError,
  DbError,
  ForbiddenError,
  InvalidInputError,
  NotFoundError,
  transaction,
} from '@reference/kit';
import { capabilities } from '@reference/local-postgres';
import { race } from '@reference/races';
import { and, eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Db } from '../../src/database.ts';
import {
  diffPageVersions,
  getPage,
  getPageVersion,
  listPageVersions,
  purgePageVersions,
  requirePageVersion,
  restorePageVersion,
  updatePage,
} from '../../src/queries/core.ts';
import { pagePermissions, pages, pageVersions, users } from '../../src/schema/index.ts';
import { openRacers, untilBlocked } from '../racers.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';
import { makeScene } from './scene.ts';
import { addPages, grant } from './trees.ts';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await openWorkspace();
});
afterAll(() => workspace.close());

async function scene() {
  const made = await makeScene(workspace);
  const [pageId = ''] = await addPages(made.db, made.driveId, ['draft']);
  const of = { userId: made.owner, pageId };
  let revision = 0;
  const write = async (content: string, title?: string) => {
    const changes = { content, ...(title === undefined ? {} : { title }) };
    ({ revision } = await updatePage(made.db, { ...of, revision, changes }));
    return revision;
  };
  return { ...made, pageId, of, write };
}

test('every revision of 45 is read as it was written, also over patches and whole ones', async () => {
  const { db, of, write } = await scene();
  const written = [''];
  for (let n = 1; n <= 45; n++) {
    const lines = (written.at(-1) ?? '').split('\n');
    lines.splice(n % (lines.length + 1), n % 3 === 0 ? 1 : 0, `line ${n} 😀`);
    written.push(lines.join('\n'));
    expect(await write(lines.join('\n'))).toBe(n);
  }
  for (const [revision, content] of written.entries()) {
    expect(await getPageVersion(db, { ...of, revision })).toMatchObject({ revision, content });
  }
  const rows = await db
    .select({ whole: sql<boolean>`${pageVersions.content} is not null` })
    .from(pageVersions)
    .where(eq(pageVersions.pageId, of.pageId))
    .orderBy(pageVersions.revision);
  expect(rows.filter(({ whole }) => whole).length).toBeLessThan(10);
  let patches = 0;
  for (const { whole } of rows) {
    patches = whole ? 0 : patches + 1;
    expect(patches).toBeLessThan(20);
  }
  expect(await getPageVersion(db, { ...of, revision: 46 })).toBeUndefined();
});

test('history says when, by whom and what; a change of neither title nor content is none', async () => {
  const { db, owner, of, write } = await scene();
  await write('first', 'One');
  const { revision } = await updatePage(db, { ...of, revision: 1, changes: { aiModel: 'm' } });
  expect(revision).toBe(2);
  await updatePage(db, { ...of, revision, changes: { content: 'first' } });
  await updatePage(db, { ...of, revision: 3, changes: { title: 'Two' } });
  const { items } = await listPageVersions(db, of);
  expect(items).toMatchObject([
    { revision: 3, title: 'One', replacedBy: owner },
    { revision: 0, title: 'draft', replacedBy: owner },
  ]);
  expect(await getPageVersion(db, { ...of, revision: 3 })).toMatchObject({ content: 'first' });
  const first = await listPageVersions(db, { ...of, limit: 1 });
  const second = await listPageVersions(db, { ...of, limit: 1, after: first.nextCursor });
  expect(second.items).toMatchObject([{ revision: 0 }]);
});

test('a difference is by lines, to the present page too', async () => {
  const { db, of, write } = await scene();
  await write('a\nb\nc\n');
  await write('a\nB\nc\nd\n');
  const { changes, from, to } = await diffPageVersions(db, { ...of, from: 1, to: 2 });
  expect([from.revision, to.revision]).toEqual([1, 2]);
  expect(changes).toEqual([
    { at: 1, removed: ['b\n'], addedAt: 1, added: ['B\n'] },
    { at: 3, removed: [], addedAt: 3, added: ['d\n'] },
  ]);
  await expect(diffPageVersions(db, { ...of, from: 1, to: 9 })).rejects.toThrow(NotFoundError);
});

test('restoring is a change like any other, and can be undone', async () => {
  const { db, of, write } = await scene();
  await write('good', 'Good');
  await write('bad', 'Bad');
  const restored = await restorePageVersion(db, { ...of, version: 1, revision: 2 });
  expect(restored).toMatchObject({ title: 'Good', content: 'good', revision: 3 });
  expect(await requirePageVersion(db, { ...of, revision: 2 })).toMatchObject({ content: 'bad' });
  await expect(restorePageVersion(db, { ...of, version: 2, revision: 2 })).rejects.toThrow(
    ConflictError,
  );
  await expect(restorePageVersion(db, { ...of, version: 8, revision: 3 })).rejects.toThrow(
    NotFoundError,
  );
});

test('history is for who may edit: it may hold what was taken out before sharing', async () => {
  const { db, member, stranger, of, pageId, write } = await scene();
  await write('secret');
  await write('shared');
  await grant(db, pageId, member, ['canView']);
  for (const userId of [member, stranger]) {
    expect((await listPageVersions(db, { userId, pageId })).items).toEqual([]);
    expect(await getPageVersion(db, { userId, pageId, revision: 1 })).toBeUndefined();
    expect(await getPageVersion(db, { userId, pageId, revision: 2 })).toBeUndefined();
    await expect(
      restorePageVersion(db, { userId, pageId, version: 1, revision: 2 }),
    ).rejects.toThrow(NotFoundError);
  }
  await expect(
    updatePage(db, { userId: member, pageId, revision: 2, changes: { content: 'x' } }),
  ).rejects.toThrow(ForbiddenError);
  expect((await listPageVersions(db, of)).items).toHaveLength(2);
  await expect(getPageVersion(db, { ...of, revision: -1 })).rejects.toThrow(InvalidInputError);
});

test('a change past updatePage keeps what it replaced, and older versions stay readable', async () => {
  const { db, of, pageId, write } = await scene();
  await write('one\ntwo\n');
  await write('one\ntwo\nthree\n');
  await db.update(pages).set({ content: 'by hand' }).where(eq(pages.id, pageId));
  expect(await getPage(db, of)).toMatchObject({ revision: 3 });
  for (const [revision, content] of [
    [1, 'one\ntwo\n'],
    [2, 'one\ntwo\nthree\n'],
  ] as const) {
    expect(await getPageVersion(db, { ...of, revision })).toMatchObject({ content });
  }
  await db.update(pages).set({ position: 7 }).where(eq(pages.id, pageId));
  expect((await listPageVersions(db, of)).items).toHaveLength(3);
});

test('a damaged version is told, and never made up', async () => {
  const { db, of, pageId, write } = await scene();
  await write('one\ntwo\n');
  await write('one\n2\n');
  for (const patch of [[[0, 1, 'X']], [[500, 1, '']]] as [number, number, string][][]) {
    await db
      .update(pageVersions)
      .set({ patch, content: null })
      .where(eq(pageVersions.pageId, pageId));
    await expect(getPageVersion(db, { ...of, revision: 1 })).rejects.toThrow(DbError);
  }
});

test('retention takes the oldest, as many as asked for, and leaves the latest of each page', async () => {
  const { db, of, write } = await scene();
  await db.delete(pageVersions);
  for (let n = 1; n <= 6; n++) await write(`line\n${n}\n`);
  const before = new Date(Date.now() + 1000);
  expect(await purgePageVersions(db, { before: new Date(0), keep: 0 })).toEqual({ deleted: 0 });
  await purgePageVersions(db, { before, keep: 6 });
  expect(await purgePageVersions(db, { before, keep: 3, limit: 2 })).toEqual({ deleted: 2 });
  expect(await getPageVersion(db, { ...of, revision: 1 })).toBeUndefined();
  expect(await purgePageVersions(db, { before, keep: 3 })).toEqual({ deleted: 1 });
  const { items } = await listPageVersions(db, of);
  expect(items.map(({ revision }) => revision)).toEqual([5, 4, 3]);
  for (const { revision } of items) {
    expect(await getPageVersion(db, { ...of, revision })).toMatchObject({
      content: `line\n${revision}\n`,
    });
  }
});

test('40 edits of a document of 400 KB take less than a tenth of their copies', async () => {
  const { db, of, write } = await scene();
  const lines = Array.from({ length: 10_000 }, (_, n) => `${n}: ${Math.sin(n)} of a long page\n`);
  await write(lines.join(''));
  for (let n = 0; n < 40; n++) {
    lines[(n * 37) % lines.length] = `edited ${n}\n`;
    await write(lines.join(''));
  }
  const [size] = await db
    .select({
      kept: sql<number>`sum(coalesce(pg_column_size(${pageVersions.patch}), pg_column_size(${pageVersions.content})))::int`,
      copies: sql<number>`count(*)::int * (select pg_column_size(${pages.content}) from ${pages} where ${pages.id} = ${of.pageId})`,
    })
    .from(pageVersions)
    .where(eq(pageVersions.pageId, of.pageId));
  expect((size?.kept ?? 0) / (size?.copies ?? 1)).toBeLessThan(0.1);
});

test.skipIf(!capabilities.concurrency)(
  'writers and a restore of one revision: one wins, and no version is lost',
  async () => {
    const racers = openRacers(workspace, 3);
    const { db, owner, driveId } = await makeScene(workspace);
    await race<Db, { userId: string; pageId: string }>({
      name: 'updatePage × updatePage × restorePageVersion',
      connections: racers.connections,
      setup: async () => {
        const [pageId = ''] = await addPages(db, driveId, ['draft']);
        const of = { userId: owner, pageId };
        await updatePage(db, { ...of, revision: 0, changes: { content: 'zero' } });
        await updatePage(db, { ...of, revision: 1, changes: { content: 'one' } });
        return of;
      },
      calls: [
        (db, of) => updatePage(db, { ...of, revision: 2, changes: { content: 'left' } }),
        (db, of) => updatePage(db, { ...of, revision: 2, changes: { content: 'right' } }),
        (db, of) => restorePageVersion(db, { ...of, version: 1, revision: 2 }),
      ],
      check: async (of, outcomes) => {
        expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
        expect(await getPage(db, of)).toMatchObject({ revision: 3 });
        const kept = (await listPageVersions(db, of)).items.map(({ revision }) => revision);
        expect(kept).toEqual([2, 1, 0]);
        expect(await getPageVersion(db, { ...of, revision: 2 })).toMatchObject({ content: 'one' });
      },
    });
    await racers.close();
  },
);

test.skipIf(!capabilities.concurrency)(
  'a right that ends in the middle of a change leaves no version, and others go on changing',
  async () => {
    const { db, member, of, pageId, write } = await scene();
    await write('first');
    await grant(db, pageId, member, ['canView', 'canEdit']);
    const racers = openRacers(workspace, 2);
    const [holding, changing] = racers.connections;
    if (!holding || !changing) throw new Error('No connections.');
    let changed: Promise<unknown> = Promise.resolve();
    await transaction(holding, async (tx) => {
      // The version names who replaced it, so it waits here: after the first check, before the change.
      await tx.select({ id: users.id }).from(users).where(eq(users.id, member)).for('update');
      const late = { userId: member, pageId, revision: 1, changes: { content: 'late' } };
      changed = updatePage(changing, late).catch((error: unknown) => error);
      await untilBlocked(workspace);
      await db
        .delete(pagePermissions)
        .where(and(eq(pagePermissions.pageId, pageId), eq(pagePermissions.userId, member)));
    });
    expect(await changed).toBeInstanceOf(NotFoundError);
    expect((await listPageVersions(db, of)).items).toMatchObject([{ revision: 0 }]);
    expect(await write('second')).toBe(2);
    expect(await getPageVersion(db, { ...of, revision: 1 })).toMatchObject({ content: 'first' });
    await racers.close();
  },
);
