import { capabilities } from '@reference/local-postgres';
import { boolean, integer, jsonb, numeric, pgTable, text } from 'drizzle-orm/pg-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { InvalidInputError, UsageError } from '../src/errors.ts';
import { camelTimestamps, instant } from '../src/timestamps.ts';
import { upsertRows } from '../src/upsert-rows.ts';
import { type OpenDatabase, openDatabase } from './open-database.ts';

/** A row is a mirrored product. */
const products = pgTable('products', {
  id: integer('id').primaryKey(),
  title: text('title'),
  price: numeric('price', { precision: 30, scale: 10 }),
  isSold: boolean('isSold'),
  tags: text('tags').array(),
  data: jsonb('data').$type<unknown>(),
  seenAt: instant('seenAt'),
  rank: integer('rank').notNull().default(7),
  ...camelTimestamps,
});

let database: OpenDatabase;
beforeAll(async () => {
  database = await openDatabase();
  await database.sql`create table products (
    id integer primary key, title text, price numeric(30, 10), "isSold" boolean, tags text[], data jsonb,
    "seenAt" timestamptz(3), rank integer not null default 7,
    "createdAt" timestamptz(3) not null default now(), "updatedAt" timestamptz(3) not null default now())`;
});
afterAll(() => database.close());
beforeEach(() => database.sql`truncate products`);

const upsert = (rows: (typeof products.$inferInsert)[]) =>
  upsertRows(database.db, products, rows, { conflict: [products.id] });
const stored = () => database.db.select().from(products).orderBy(products.id);

describe('upsertRows', () => {
  it('keeps every value as it was, and knows it again', async () => {
    const rows = [
      {
        id: 1,
        title: '"größer", \\ ✓',
        price: '12345678901234567890.0123456789',
        isSold: false,
        tags: ['{a,"b"}', 'NULL', '', ' x '],
        data: { deep: [1, null, { 'a"b': 'ü' }] },
        seenAt: new Date('2024-02-29T12:34:56.789Z'),
      },
      { id: 2, title: null, price: null, isSold: null, tags: [], data: 'text', seenAt: null },
    ];
    expect(await upsert(rows)).toEqual({ inserted: 2, updated: 0, unchanged: 0 });
    expect(await stored()).toMatchObject(rows);
    expect(await upsert(rows)).toEqual({ inserted: 0, updated: 0, unchanged: 2 });
  });

  it('tells inserted, updated and unchanged apart, and writes no unchanged row', async () => {
    await upsert([
      { id: 1, title: 'one', data: { a: 1, b: 2 } },
      { id: 2, title: 'two' },
    ]);
    const version = () =>
      database.sql`select id, xmin::text, "updatedAt"::text from products order by id`;
    const before = await version();
    const result = await upsert([
      { id: 1, title: 'one', data: { b: 2, a: 1 } },
      { id: 2, title: 'TWO' },
      { id: 3, title: null },
    ]);
    expect(result).toEqual({ inserted: 1, updated: 1, unchanged: 1 });
    const after = await version();
    expect(after[0]).toEqual(before[0]);
    expect(after[1]?.updatedAt).not.toEqual(before[1]?.updatedAt);
    expect((await stored())[1]?.title).toBe('TWO');
  });

  it('gives the default of a column that a new row leaves out, and leaves a stored one alone', async () => {
    await upsert([{ id: 1, title: 'one', isSold: true }]);
    expect((await stored())[0]).toMatchObject({ rank: 7 });
    const result = await upsert([{ id: 1, title: 'uno' }]);
    expect(result).toEqual({ inserted: 0, updated: 1, unchanged: 0 });
    expect((await stored())[0]).toMatchObject({ title: 'uno', isSold: true });
    expect(await upsert([{ id: 1 }])).toEqual({ inserted: 0, updated: 0, unchanged: 1 });
  });

  it('lets the last of several rows with one key win', async () => {
    const rows = [
      { id: 1, title: 'first' },
      { id: 1, title: 'last' },
    ];
    expect(await upsert(rows)).toEqual({ inserted: 1, updated: 0, unchanged: 0 });
    expect((await stored())[0]?.title).toBe('last');
  });

  it('refuses a row without its key, a NUL, and a foreign column, and stores nothing', async () => {
    const rows = [{ id: 1 }, { title: 'no id' }] as (typeof products.$inferInsert)[];
    await expect(upsert(rows)).rejects.toThrow(InvalidInputError);
    await expect(upsert([{ id: 1 }, { id: 2, title: 'a\0b' }])).rejects.toThrow(
      /Row 1, column title: .*NUL/,
    );
    const other = pgTable('other', { id: integer('id').primaryKey() });
    await expect(
      upsertRows(database.db, products, [{ id: 1 }], { conflict: [other.id] }),
    ).rejects.toThrow(UsageError);
    expect(await stored()).toEqual([]);
  });

  it('does nothing with no rows', async () => {
    expect(await upsert([])).toEqual({ inserted: 0, updated: 0, unchanged: 0 });
  });

  it.skipIf(!capabilities.concurrency)(
    'two at once over the same rows never deadlock',
    async () => {
      const rows = Array.from({ length: 2000 }, (_, id) => ({ id, title: `${id}` }));
      for (let round = 0; round < 5; round++) {
        const renamed = rows.map((row) => ({ ...row, title: `${row.title} ${round}` }));
        await Promise.all([upsert(renamed), upsert(renamed.toReversed())]);
      }
      expect(await database.db.$count(products)).toBe(2000);
    },
  );
});
