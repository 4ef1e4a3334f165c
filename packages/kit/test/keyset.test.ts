import { and, gte, sql } from 'drizzle-orm';
import { integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  InvalidInputError,
  insertChunked,
  type KeysetPage,
  keyset,
  listPage,
  type OrderKey,
  type PageRequest,
  type Placeholders,
  preparedPages,
  type Seek,
  UsageError,
} from '../src/index.ts';
import { type OpenDatabase, openDatabase } from './open-database.ts';

/** Timestamps as text: a Date could not tell rows apart that lie a microsecond from one another. */
const entries = pgTable('entries', {
  id: integer('id').primaryKey(),
  at: timestamp('at', { withTimezone: true, mode: 'string' }).notNull(),
  seenAt: timestamp('seen_at', { withTimezone: true, mode: 'string' }),
  rank: integer('rank'),
  name: text('name'),
});
type Entry = typeof entries.$inferSelect;

let database: OpenDatabase;
beforeAll(async () => {
  database = await openDatabase();
  await database.sql`
    create table entries (id integer primary key, at timestamptz not null, seen_at timestamptz, rank integer,
                          name text collate "C")`;
});
afterAll(() => database.close());

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

type Db = OpenDatabase['db'];
type ReadPage = (seek: Seek, limit: number) => Promise<KeysetPage<{ id: number }>>;

/** Reads pages as a query that Drizzle builds each time, and as hot queries. */
function readersOf(chosen: Order): ReadPage[] {
  const list = keyset(keysOf(chosen));
  const hot = preparedPages(list, (db: Db, p: Placeholders<{ from: number }>, seek) =>
    db
      .select({ id: entries.id, ...list.select })
      .from(entries)
      .where(and(gte(entries.id, p.from), seek.where))
      .orderBy(...seek.orderBy)
      .limit(seek.limit),
  );
  return [
    (from, limit) =>
      listPage(list, { ...from, limit }, (seek) =>
        database.db
          .select({ id: entries.id, ...seek.select })
          .from(entries)
          .where(and(gte(entries.id, 0), seek.where))
          .orderBy(...seek.orderBy)
          .limit(seek.limit),
      ),
    (seek, limit) => hot(database.db, { from: 0 }, { ...seek, limit }),
  ];
}

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

describe('keyset pages', () => {
  it('lose and repeat nothing, both ways, for any order over nullable and microsecond columns', {
    timeout: 60_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(entry, { maxLength: 24 }),
        order,
        fc.integer({ min: 1, max: 5 }),
        async (values, chosen, limit) => {
          const rows = values.map((value, id) => ({ id, ...value }));
          await database.sql`delete from entries`;
          await insertChunked(database.db, entries, rows);
          const expected = sorted(rows, chosen);

          for (const read of readersOf(chosen)) {
            const forward = await readAll(read, limit, 'after');
            expect(forward.ids).toEqual(expected);
            // Also when the last page is full: no cursor leads to an empty one.
            expect(forward.pages).toBe(Math.max(1, Math.ceil(rows.length / limit)));

            const { previousCursor, items } = forward.lastPage;
            if (!previousCursor) continue;
            const backward = await readAll(read, limit, 'before', previousCursor);
            const before = expected.slice(0, expected.length - items.length);
            expect(backward.ids).toEqual(before);
            expect(backward.pages).toBe(Math.ceil(before.length / limit));
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('stay in place while rows come and go before them', async () => {
    await database.sql`delete from entries`;
    const at = '2026-01-01 00:00:00+00';
    await insertChunked(
      database.db,
      entries,
      [1, 2, 3, 4].map((id) => ({ id: id * 10, at })),
    );
    const list = keyset([{ column: entries.id }]);
    const read = async (after?: string | null) => {
      const rows = await database.db
        .select({ id: entries.id, ...list.select })
        .from(entries)
        .where(list.after(after))
        .orderBy(...list.orderBy)
        .limit(3);
      return list.page(rows, 2);
    };
    const first = await read();
    expect(first.items).toEqual([{ id: 10 }, { id: 20 }]);
    await database.sql`delete from entries where id in (10, 20)`;
    await insertChunked(database.db, entries, [{ id: 5, at }]);
    expect((await read(first.nextCursor)).items).toEqual([{ id: 30 }, { id: 40 }]);
  });

  it('order by an expression', async () => {
    await database.sql`delete from entries`;
    await insertChunked(
      database.db,
      entries,
      ['b', 'A', 'C'].map((name, id) => ({ id, name, at: '2026-01-01 00:00:00+00' })),
    );
    const list = keyset([
      { expression: sql`lower(${entries.name})`, type: 'text' },
      { column: entries.id },
    ]);
    const rows = await database.db
      .select({ name: entries.name, ...list.select })
      .from(entries)
      .orderBy(...list.orderBy)
      .limit(3);
    const { nextCursor } = list.page(rows, 2);
    const rest = await database.db
      .select({ name: entries.name })
      .from(entries)
      .where(list.after(nextCursor));
    expect(rest).toEqual([{ name: 'C' }]);
  });

  it('are one row comparison when no key is nullable and all go one way, which an index serves', async () => {
    const list = keyset([
      { column: entries.at, direction: 'desc' },
      { column: entries.id, direction: 'desc' },
    ]);
    await database.sql`delete from entries`;
    await insertChunked(database.db, entries, [
      { id: 1, at: '2026-01-01 00:00:00+00' },
      { id: 2, at: '2026-01-02 00:00:00+00' },
    ]);
    const rows = await database.db
      .select({ id: entries.id, ...list.select })
      .from(entries)
      .orderBy(...list.orderBy);
    const query = database.db
      .select({ id: entries.id })
      .from(entries)
      .where(list.after(list.page(rows, 1).nextCursor));
    expect(query.toSQL().sql).toMatch(
      /where \("entries"."at", "entries"."id"\) < \(\$1::timestamp with time zone, \$2::integer\)$/,
    );
    expect(await query).toEqual([{ id: 1 }]);
  });
});

describe('listPage', () => {
  const byId = keyset([{ column: entries.id }]);
  const read = (request: PageRequest, limits?: { most: number; usual: number }) =>
    listPage(
      byId,
      request,
      (seek) =>
        database.db
          .select({ id: entries.id, ...seek.select })
          .from(entries)
          .where(seek.where)
          .orderBy(...seek.orderBy)
          .limit(seek.limit),
      limits,
    );

  it('ends on a full last page, and keeps the key to itself', async () => {
    await database.sql`delete from entries`;
    const at = '2026-01-01 00:00:00+00';
    await insertChunked(
      database.db,
      entries,
      [1, 2, 3, 4].map((id) => ({ id, at })),
    );
    const first = await read({ limit: 2 });
    expect(first).toEqual({
      items: [{ id: 1 }, { id: 2 }],
      nextCursor: expect.any(String),
      previousCursor: null,
    });
    const last = await read({ limit: 2, after: first.nextCursor });
    expect(last).toEqual({
      items: [{ id: 3 }, { id: 4 }],
      nextCursor: null,
      previousCursor: expect.any(String),
    });
    expect(await read({ limit: 2, before: last.previousCursor })).toEqual({
      ...first,
      previousCursor: null,
    });
    expect((await read({}, { most: 3, usual: 3 })).items).toHaveLength(3);
  });

  it('refuses a size or a cursor before the query is made', async () => {
    const never = () => expect.fail('The query was made.');
    for (const request of [{ limit: 0 }, { limit: 201 }, { limit: 1.5 }, { after: 'damaged' }]) {
      await expect(listPage(byId, request, never)).rejects.toThrow(InvalidInputError);
    }
    await expect(read({ limit: 4 }, { most: 3, usual: 3 })).rejects.toThrow(/from 1 to 3/);
  });

  it('needs no database to give no rows', async () => {
    expect(await listPage(byId, {}, () => [])).toEqual({
      items: [],
      nextCursor: null,
      previousCursor: null,
    });
  });
});

describe('a cursor', () => {
  const byId = keyset([{ column: entries.id }]);
  const byName = keyset([{ column: entries.name }]);
  const page = byId.page(
    [
      { id: 1, cursorKey: '["1"]' },
      { id: 2, cursorKey: '["2"]' },
    ],
    1,
  );
  const cursor = page.nextCursor ?? '';

  it('is refused when damaged, made up, or of another list', () => {
    expect(byId.keysOf(cursor)).toEqual(['1']);
    for (const bad of [
      'x',
      'AAAA',
      `${cursor}A`,
      cursor.slice(0, -2),
      cursor.toUpperCase(),
      '[1]',
      '\0',
    ]) {
      expect(() => byId.after(bad)).toThrow(InvalidInputError);
    }
    expect(() => byName.after(cursor)).toThrow(/belongs to another list/);
  });

  it('goes one way at a time', () => {
    expect(() => byId.seek({ after: cursor, before: cursor })).toThrow(UsageError);
  });

  it('is absent on the first page', () => {
    for (const none of [undefined, null, '']) expect(byId.after(none)).toBeUndefined();
  });
});
