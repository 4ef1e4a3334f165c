import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dateOf } from '../src/instant-text.ts';
import { type OpenDatabase, openDatabase } from './open-database.ts';
import { notes, people } from './schema.ts';

let database: OpenDatabase;
beforeAll(async () => {
  database = await openDatabase();
  await database.db.insert(people).values({ id: 1, email: 'ada@example.com' });
});
afterAll(() => database.close());

const edges = [
  '0001-01-01T00:00:00.000Z',
  '1899-12-31T23:59:59.999Z',
  '1969-12-31T23:59:59.990Z',
  '1970-01-01T00:00:00.100Z',
  '2000-02-29T12:00:00.010Z',
  '2100-02-28T23:59:59.001Z',
  '2100-03-01T00:00:00.000Z',
  '9999-12-31T23:59:59.999Z',
];
const between = (min: string, max: string) =>
  fc.sample(fc.date({ min: new Date(min), max: new Date(max), noInvalidDate: true }), 300);

// Elsewhere than at UTC, offsets had seconds once, which no Date reads.
it.each([
  ['UTC', [...edges.map((text) => new Date(text)), ...between('0001-01-01', '9999-12-31')]],
  ['Asia/Kathmandu', between('1990-01-01', '2100-01-01')],
  ['America/St_Johns', between('1990-01-01', '2100-01-01')],
])('reads every date as it was written, in the time zone %s', async (zone, dates) => {
  const { db } = database.connect({ max: 1 });
  await db.execute(sql`set time zone ${sql.raw(`'${zone}'`)}`);
  await db.delete(notes);
  await db.insert(notes).values(dates.map((seenAt, id) => ({ id, personId: 1, body: '', seenAt })));
  const rows = await db.select({ seenAt: notes.seenAt }).from(notes).orderBy(notes.id);
  expect(rows.map(({ seenAt }) => seenAt)).toEqual(dates);
});

it('leaves what is no plain date to Date', () => {
  for (const text of ['infinity', '2026-01-01 00:00:00.123456+00', '0044-03-15 00:00:00+00 BC']) {
    expect(dateOf(text).getTime()).toBe(new Date(text).getTime());
  }
});
