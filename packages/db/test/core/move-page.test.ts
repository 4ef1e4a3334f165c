import {
  ConflictError,
  ForbiddenError,
  InvalidInputError,
  NotFoundError,
  transaction,
} from '@reference/kit';
import { capabilities } from '@reference/local-postgres';
import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { positionBetween } from '../../src/queries/core/position.ts';
import {
  getDriveTree,
  listBreadcrumbs,
  listChildPages,
  movePage,
  type Place,
  trashPage,
} from '../../src/queries/core.ts';
import { pages } from '../../src/schema/index.ts';
import { addDrive, addMember, addUser } from '../people.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';
import { addPages, grant } from './trees.ts';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await openWorkspace();
});
afterAll(() => workspace.close());

async function scene(titles: readonly string[] = ['a', 'b', 'c', 'd']) {
  const { db } = workspace;
  const userId = await addUser(db);
  const driveId = await addDrive(db, userId);
  const ids = await addPages(db, driveId, titles);
  const order = async (parentId: string | null = null, owner = userId) => {
    const { items } = await listChildPages(db, { userId: owner, driveId, parentId });
    return items.map(({ title }) => title).join('');
  };
  return { db, userId, driveId, ids, order };
}

test('a page goes first, last, before or after another', async () => {
  const { db, userId, ids, order } = await scene();
  const [a = '', b = '', , d = ''] = ids;
  const move = (pageId: string, place?: Place) =>
    movePage(db, { userId, pageId, parentId: null, ...(place && { place }) });
  await move(d, 'first');
  expect(await order()).toBe('dabc');
  await move(d);
  expect(await order()).toBe('abcd');
  await move(a, { after: b });
  expect(await order()).toBe('bacd');
  await move(d, { before: a });
  expect(await order()).toBe('bdac');
  await move(b, { after: d });
  expect(await order()).toBe('dbac');
});

test('a page takes what hangs on it to another parent', async () => {
  const { db, userId, driveId, ids } = await scene();
  const [a = '', b = ''] = ids;
  const [child = ''] = await addPages(db, driveId, ['child'], a);
  const moved = await movePage(db, { userId, pageId: a, parentId: b });
  expect(moved).toMatchObject({ parentId: b, position: 1 });
  const trail = await listBreadcrumbs(db, { userId, pageId: child });
  expect(trail.map(({ title }) => title)).toEqual(['b', 'a', 'child']);
});

test('refuses rings, other drives, strangers and the trash, and moves nothing', async () => {
  const { db, userId, driveId, ids, order } = await scene();
  const [a = '', b = '', , d = ''] = ids;
  const [child = ''] = await addPages(db, driveId, ['child'], a);
  const [grandchild = ''] = await addPages(db, driveId, ['grandchild'], child);
  const [member, stranger] = [await addUser(db), await addUser(db)];
  await addMember(db, driveId, member, 'MEMBER');
  const [foreign = ''] = await addPages(db, await addDrive(db, userId), ['foreign']);
  const move = (
    pageId: string,
    parentId: string | null,
    more: { userId?: string; place?: Place } = {},
  ) => movePage(db, { userId, pageId, parentId, ...more });

  await expect(move(a, a)).rejects.toThrow(InvalidInputError);
  await expect(move(a, grandchild)).rejects.toThrow(/under one of its own/);
  await expect(move(a, foreign)).rejects.toThrow(/another drive/);
  await expect(move(a, 'unknown')).rejects.toThrow(NotFoundError);
  await expect(move('unknown', null)).rejects.toThrow(NotFoundError);
  await expect(move(a, null, { place: { before: child } })).rejects.toThrow(InvalidInputError);
  await expect(move(a, null, { place: { after: a } })).rejects.toThrow(InvalidInputError);
  await expect(move(a, b, { userId: stranger })).rejects.toThrow(NotFoundError);
  await grant(db, a, member, ['canView', 'canEdit']);
  await grant(db, b, member, ['canView']);
  await expect(move(a, b, { userId: member })).rejects.toThrow(ForbiddenError);
  await grant(db, b, member, ['canView', 'canEdit']);
  await trashPage(db, { userId, pageId: d });
  await expect(move(a, d)).rejects.toThrow(ConflictError);
  await expect(move(d, null)).rejects.toThrow(ConflictError);
  expect(await order()).toBe('abc');
  expect((await move(a, b, { userId: member })).parentId).toBe(b);
  await expect(move(a, null, { userId: member })).rejects.toThrow(ForbiddenError);
  expect(await order()).toBe('bc');
});

test('positions halve until `real` runs out, then the siblings are renumbered', async () => {
  const { db, userId, ids, order } = await scene(['a', 'b', 'c']);
  const [, b = '', c = ''] = ids;
  // Each round puts one of two between a and the other: the gap halves every time.
  for (let round = 0; round < 60; round++) {
    const [pageId, neighbour] = round % 2 ? [b, c] : [c, b];
    await movePage(db, { userId, pageId, parentId: null, place: { before: neighbour } });
  }
  expect(await order()).toBe('abc');
});

const placeAt = (kind: number, anchor: string): Place =>
  ([{ before: anchor }, { after: anchor }, 'first', 'last'] as const)[kind] ?? 'last';
const randomMoves = (count: number) =>
  fc.sample(fc.tuple(fc.nat(7), fc.nat(6), fc.nat(3)), { numRuns: count, seed: 7 });

test('random moves keep the order of a simple model', { timeout: 120_000 }, async () => {
  const { db, userId, driveId, ids } = await scene(Array.from({ length: 8 }, (_, n) => `${n}`));
  const model = [...ids];
  await transaction(db, async (tx) => {
    for (const [from, to, kind] of randomMoves(300)) {
      const [pageId = ''] = model.splice(from, 1);
      const place = placeAt(kind, model[to] ?? '');
      model.splice([to, to + 1, 0, model.length][kind] ?? 0, 0, pageId);
      await movePage(tx, { userId, pageId, parentId: null, place });
    }
    const { items } = await listChildPages(tx, { userId, driveId, parentId: null });
    expect(items.map(({ id }) => id)).toEqual(model);
    expect(new Set(items.map(({ position }) => position)).size).toBe(8);
  });
});

test('ten thousand random moves keep a strict order of positions', () => {
  let positions = Array.from({ length: 8 }, (_, n) => n + 1);
  let renumbered = 0;
  for (const [from, to, side] of randomMoves(10_000)) {
    positions.splice(from, 1);
    const index = to + (side % 2);
    const between = () => positionBetween(positions[index - 1] ?? null, positions[index] ?? null);
    let position = between();
    if (position === null) {
      renumbered++;
      positions = positions.map((_, n) => n + 1);
      position = between();
    }
    positions.splice(index, 0, position ?? Number.NaN);
    for (const [n, value] of positions.entries()) {
      if (n > 0 && !(value > (positions[n - 1] ?? Number.NaN)))
        expect.fail(`at ${n}: ${positions}`);
    }
  }
  expect(renumbered).toBeGreaterThan(0);
});

test('a position between two others is strictly between them, as a 32-bit float', () => {
  const real = fc.float({ noNaN: true, noDefaultInfinity: true, min: -16777216, max: 16777216 });
  fc.assert(
    fc.property(real, real, (one, other) => {
      const [low, high] = [Math.min(one, other), Math.max(one, other)];
      const middle = positionBetween(low, high);
      if (middle === null) return;
      expect(Math.fround(middle)).toBe(middle);
      expect(low < middle && middle < high).toBe(true);
    }),
  );
  expect(positionBetween(1, 1)).toBeNull();
  expect(positionBetween(2 ** 24, null)).toBeNull();
  expect(positionBetween(null, null)).toBe(1);
  expect(positionBetween(1, 1 + 2 ** -23)).toBeNull();
});

test.skipIf(!capabilities.concurrency)('moves at once cannot make a ring together', async () => {
  for (let round = 0; round < 15; round++) {
    const { db, userId, driveId, ids } = await scene(['a', 'b']);
    const [a = '', b = ''] = ids;
    const results = await Promise.allSettled([
      movePage(db, { userId, pageId: a, parentId: b }),
      movePage(db, { userId, pageId: b, parentId: a }),
    ]);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const tree = await getDriveTree(db, { userId, driveId });
    expect(tree).toHaveLength(1);
    expect(tree[0]?.children).toHaveLength(1);
  }
});

test.skipIf(!capabilities.concurrency)(
  'moves at once to one place keep a strict order',
  async () => {
    const { db, userId, driveId, ids } = await scene(Array.from({ length: 12 }, (_, n) => `${n}`));
    const [anchor = '', ...others] = ids;
    await Promise.all(
      others.map((pageId) =>
        movePage(db, { userId, pageId, parentId: null, place: { after: anchor } }),
      ),
    );
    const rows = await db
      .select({ position: pages.position })
      .from(pages)
      .where(sql`${pages.driveId} = ${driveId}`);
    expect(new Set(rows.map(({ position }) => position)).size).toBe(12);
  },
);
