import { InvalidInputError, NotFoundError } from '@reference/kit';
import { capabilities } from '@reference/local-postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  addFavorite,
  listFavorites,
  moveFavorite,
  removeFavorite,
  trashDrive,
} from '../../src/queries/core.ts';
import { favorites } from '../../src/schema/index.ts';
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
  const { db, owner, driveId } = made;
  const pageIds = await addPages(db, driveId, ['a', 'b', 'c']);
  const titles = async (userId = owner) =>
    (await listFavorites(db, { userId })).items.map(({ title }) => title).join(' ');
  return { ...made, pageIds, titles };
}

test('keeps pages and drives in order, each once', async () => {
  const { db, owner, driveId, pageIds, titles } = await scene();
  const added = [];
  for (const pageId of pageIds)
    added.push(await addFavorite(db, { userId: owner, target: { pageId } }));
  const again = await addFavorite(db, { userId: owner, target: { pageId: pageIds[0] ?? '' } });
  expect(again).toEqual(added[0]);
  await addFavorite(db, { userId: owner, target: { driveId } });
  expect(await titles()).toMatch(/^a b c drive-\d+$/);
  const [a = '', b = '', c = ''] = added.map(({ id }) => id);
  const move = (favoriteId: string, before: string | null) =>
    moveFavorite(db, { userId: owner, favoriteId, before });
  await move(c, a);
  expect(await titles()).toMatch(/^c a b drive/);
  await move(c, null);
  expect(await titles()).toMatch(/^a b drive-\d+ c$/);
  for (let round = 0; round < 60; round++) await move(round % 2 ? a : b, round % 2 ? b : a);
  expect(await titles()).toMatch(/^a b drive/);
  expect(await removeFavorite(db, { userId: owner, target: { driveId } })).toBe(true);
  expect(await removeFavorite(db, { userId: owner, target: { driveId } })).toBe(false);
  expect(await titles()).toBe('a b c');
});

test('shows, takes and moves only what is the user’s to see', async () => {
  const { db, owner, member, stranger, driveId, pageIds, titles } = await scene();
  const pageId = pageIds[0] ?? '';
  const target = { pageId };
  await expect(addFavorite(db, { userId: member, target })).rejects.toThrow(NotFoundError);
  await expect(addFavorite(db, { userId: stranger, target: { driveId } })).rejects.toThrow(
    NotFoundError,
  );
  await grant(db, pageId, member, ['canView']);
  const kept = await addFavorite(db, { userId: member, target });
  expect(await titles(member)).toBe('a');
  expect(await titles(stranger)).toBe('');
  const theirs = moveFavorite(db, { userId: owner, favoriteId: kept.id, before: null });
  await expect(theirs).rejects.toThrow(NotFoundError);
  const unknown = moveFavorite(db, { userId: member, favoriteId: kept.id, before: 'unknown' });
  await expect(unknown).rejects.toThrow(InvalidInputError);
  await grant(db, pageId, member, ['canView'], new Date(Date.now() - 1000));
  expect(await titles(member)).toBe('');
  await addFavorite(db, { userId: member, target: { driveId } });
  await trashDrive(db, { userId: owner, driveId });
  expect(await titles(member)).toBe('');
});

test('the database holds each favourite to one target', async () => {
  const { db, owner, driveId, pageIds } = await scene();
  const add = (values: object) =>
    db.insert(favorites).values({ userId: owner, position: 1, ...values });
  for (const values of [{}, { driveId, pageId: pageIds[0] }]) {
    await expect(add(values)).rejects.toMatchObject({ constraint: 'favorites_target_check' });
  }
});

test.skipIf(!capabilities.concurrency)('many at once get places of their own', async () => {
  const { db, owner, pageIds } = await scene();
  await Promise.all(
    [...pageIds, ...pageIds].map((pageId) =>
      addFavorite(db, { userId: owner, target: { pageId } }),
    ),
  );
  const { items } = await listFavorites(db, { userId: owner });
  expect(new Set(items.map(({ position }) => position)).size).toBe(3);
});
