import { InvalidInputError } from '@reference/kit';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from './database.ts';
import { forgetViews, listRecentViews, markViewed } from './queries/recent-views.ts';
import { recentViews } from './schema/recent-views.ts';
import { capabilities, type OpenDatabase, openDatabase, openRacers } from './test-database.ts';

let database: OpenDatabase;
let db: Database;
beforeAll(async () => {
  database = await openDatabase();
  ({ db } = database);
});
afterAll(() => database?.close());

/** Views of one day each, the last of them the latest. */
async function addViews(userId: string, subjects: readonly string[]): Promise<void> {
  for (const [n, subjectId] of subjects.entries()) {
    await markViewed(db, { userId, subjectId });
    await db
      .update(recentViews)
      .set({ viewedAt: sql`'2020-01-01'::timestamptz + make_interval(days => ${n})` })
      .where(sql`${recentViews.userId} = ${userId} and ${recentViews.subjectId} = ${subjectId}`);
  }
}
const seen = async (userId: string, more: Partial<Parameters<typeof listRecentViews>[1]> = {}) =>
  (await listRecentViews(db, { userId, ...more })).items.map(({ subjectId }) => subjectId);

test('a person’s views, latest first; one that is viewed again comes first', async () => {
  await addViews('ada', ['a', 'b', 'c']);
  await addViews('zoe', ['z']);
  expect(await seen('ada')).toEqual(['c', 'b', 'a']);
  await markViewed(db, { userId: 'ada', subjectId: 'a' });
  expect(await seen('ada')).toEqual(['a', 'c', 'b']);
  expect(await seen('nobody')).toEqual([]);
  await expect(markViewed(db, { userId: '', subjectId: 'a' })).rejects.toThrow(InvalidInputError);
});

test('pages of the list follow one another, also over what may not be seen', async () => {
  await addViews('eve', ['a', 'b', 'c', 'd', 'e']);
  const isSeen = sql`${recentViews.subjectId} <> 'd'`;
  const first = await listRecentViews(db, { userId: 'eve', isSeen, limit: 2 });
  expect(first.items.map(({ subjectId }) => subjectId)).toEqual(['e', 'c']);
  expect(await seen('eve', { isSeen, limit: 2, after: first.nextCursor })).toEqual(['b', 'a']);
});

test('of a person’s views the latest stay', async () => {
  await addViews('max', ['a', 'b', 'c', 'd']);
  await addViews('mia', ['a']);
  expect(await forgetViews(db, { userId: 'max', keep: 4 })).toEqual({ deleted: 0 });
  expect(await forgetViews(db, { userId: 'max', keep: 2 })).toEqual({ deleted: 2 });
  expect(await seen('max')).toEqual(['d', 'c']);
  expect(await forgetViews(db, { userId: 'max', keep: 0 })).toEqual({ deleted: 2 });
  expect(await seen('mia')).toEqual(['a']);
});

test.skipIf(!capabilities.concurrency)('views of one subject at once are one row', async () => {
  const racers = openRacers(database, 6);
  for (let round = 0; round < 10; round++) {
    const view = { userId: `racer ${round}`, subjectId: 'a' };
    await Promise.all(racers.connections.map((on) => markViewed(on, view)));
    const rows = await db
      .select({ subjectId: recentViews.subjectId })
      .from(recentViews)
      .where(eq(recentViews.userId, view.userId))
      .limit(10);
    expect(rows).toHaveLength(1);
  }
  await racers.close();
});
