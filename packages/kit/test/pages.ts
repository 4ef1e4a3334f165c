import { gte, sql } from 'drizzle-orm';
import { integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { KeysetOrder, KeysetPage, OrderKey, Seek } from '../src/index.ts';
import { keyset } from '../src/index.ts';
import type { OpenDatabase } from './open-database.ts';

/** Timestamps as text: a Date could not tell rows apart that lie a microsecond from one another. */
export const entries = pgTable('entries', {
  id: integer('id').primaryKey(),
  at: timestamp('at', { withTimezone: true, mode: 'string' }).notNull(),
  seenAt: timestamp('seen_at', { withTimezone: true, mode: 'string' }),
  rank: integer('rank'),
  name: text('name'),
});
type Entry = typeof entries.$inferSelect;

export const createEntries = sql`
  create table entries (id integer primary key, at timestamptz not null, seen_at timestamptz, rank integer,
                        name text collate "C")`;

/** Every row: a condition beside the page's own, as lists have. */
export const everyEntry = gte(entries.id, 0);

const microsecond = fc
  .integer({ min: 0, max: 3 })
  .map((micros) => `2026-01-01 00:00:00.00000${micros}+00`);
const entry = fc.record({
  at: microsecond,
  seenAt: fc.option(microsecond),
  rank: fc.option(fc.integer({ min: -1, max: 1 })),
  name: fc.option(fc.constantFrom('', 'a', 'B', 'é', 'a"b', '\\')),
});
const direction = fc.constantFrom('asc' as const, 'desc' as const);
const nulls = fc.constantFrom(undefined, 'first' as const, 'last' as const);
const properties = ['at', 'seenAt', 'rank', 'name'] as const;
const order = fc.record({
  keys: fc
    .subarray([...properties], { minLength: 0 })
    .chain((chosen) => fc.shuffledSubarray(chosen, { minLength: chosen.length })),
  directions: fc.tuple(direction, direction, direction, direction, direction),
  nulls: fc.tuple(nulls, nulls, nulls, nulls, nulls),
});
type Order = typeof order extends fc.Arbitrary<infer T> ? T : never;

const withId = ({ keys }: Order) => [...keys, 'id' as const];

function keysOf(chosen: Order): OrderKey[] {
  return withId(chosen).map((property, index) => ({
    column: entries[property],
    direction: chosen.directions[index],
    nulls: chosen.nulls[index],
  }));
}

/** The oracle: sorts in memory. */
function sorted(rows: readonly Entry[], chosen: Order): number[] {
  const compare = (a: Entry, b: Entry) => {
    for (const [index, property] of withId(chosen).entries()) {
      const descending = chosen.directions[index] === 'desc';
      const nullsFirst =
        chosen.nulls[index] === undefined ? descending : chosen.nulls[index] === 'first';
      const [x, y] = [a[property], b[property]];
      if (x === y) continue;
      if (x === null) return nullsFirst ? -1 : 1;
      if (y === null) return nullsFirst ? 1 : -1;
      const less =
        typeof x === 'number' && typeof y === 'number'
          ? x < y
          : Buffer.compare(Buffer.from(`${x}`), Buffer.from(`${y}`)) < 0;
      return less === descending ? 1 : -1;
    }
    return 0;
  };
  return rows.toSorted(compare).map(({ id }) => id);
}

/** Reads one page of a list. */
export type ReadPage = (seek: Seek, limit: number) => Promise<KeysetPage<{ id: number }>>;

async function readAll(read: ReadPage, limit: number, way: 'after' | 'before', from?: string) {
  const ids: number[] = [];
  let cursor: string | null | undefined = from;
  for (let pages = 0; pages < 100; pages++) {
    const page = await read({ [way]: cursor }, limit);
    expect(page.items.length).toBeLessThanOrEqual(limit);
    const pageIds = page.items.map(({ id }) => id);
    way === 'after' ? ids.push(...pageIds) : ids.unshift(...pageIds);
    cursor = way === 'after' ? page.nextCursor : page.previousCursor;
    if (!cursor) return { ids, lastPage: page, pages: pages + 1 };
  }
  throw new Error('The pages never end.');
}

/**
 * Any rows in any order, read in pages of any size: nothing is lost and nothing repeated, both ways.
 * @param readerOf how the pages of an order are read
 */
export async function expectEveryPage(
  { db }: Pick<OpenDatabase, 'db'>,
  readerOf: (order: KeysetOrder) => ReadPage,
): Promise<void> {
  const property = fc.asyncProperty(
    fc.array(entry, { maxLength: 24 }),
    order,
    fc.integer({ min: 1, max: 5 }),
    async (values, chosen, limit) => {
      const rows = values.map((value, id) => ({ id, ...value }));
      await db.delete(entries);
      if (rows.length > 0) await db.insert(entries).values(rows);
      const expected = sorted(rows, chosen);
      const read = readerOf(keyset(keysOf(chosen)));

      const forward = await readAll(read, limit, 'after');
      expect(forward.ids).toEqual(expected);
      // Also when the last page is full: no cursor leads to an empty one.
      expect(forward.pages).toBe(Math.max(1, Math.ceil(rows.length / limit)));

      const { previousCursor, items } = forward.lastPage;
      if (!previousCursor) return;
      const backward = await readAll(read, limit, 'before', previousCursor);
      const before = expected.slice(0, expected.length - items.length);
      expect(backward.ids).toEqual(before);
      expect(backward.pages).toBe(Math.ceil(before.length / limit));
    },
  );
  await fc.assert(property, { numRuns: 60 });
}
