import { capabilities } from '@reference/local-postgres';
import { eq } from 'drizzle-orm';
import { customType, integer, pgTable } from 'drizzle-orm/pg-core';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { copyRows, insertChunked, upsertRows } from '../src/index.ts';
import { type OpenDatabase, openDatabase } from './open-database.ts';
import { people, samples } from './schema.ts';

let database: OpenDatabase;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.sql`delete from samples`;
  await database.sql`delete from people`;
});

const text = fc.string({ unit: 'binary' }).filter((value) => !value.includes('\0'));
const json = fc
  .jsonValue()
  .filter((value) => value !== null && !JSON.stringify(value).includes('\\u0000'));
const sample = fc.record({
  title: fc.option(text),
  amount: fc.option(
    fc.constantFrom('12345678901234567890.0123456789', '-0.5000000000', '0.0000000000'),
  ),
  big: fc.option(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n)),
  flag: fc.option(fc.boolean()),
  tags: fc.option(fc.array(fc.oneof(text, fc.constantFrom('{a,"b"}', 'NULL', '\\', '', ' "x" ')))),
  data: fc.option(json),
  bytes: fc.option(fc.uint8Array().map((bytes) => Buffer.from(bytes))),
  at: fc.option(
    fc.date({ min: new Date('1000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
  ),
  colour: fc.option(fc.constantFrom('red' as const, 'green' as const)),
});

const columns = {
  id: samples.id,
  title: samples.title,
  amount: samples.amount,
  big: samples.big,
  flag: samples.flag,
  tags: samples.tags,
  data: samples.data,
  bytes: samples.bytes,
  at: samples.at,
  colour: samples.colour,
};
const stored = () => database.db.select(columns).from(samples).orderBy(samples.id);
/** JSON has no -0. */
const comparable = (rows: object[]) =>
  rows.map((row) => ({ ...row, data: JSON.parse(JSON.stringify(Reflect.get(row, 'data'))) }));

describe('insertChunked and upsertRows keep every value of every type', () => {
  it('as a plain insert would', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(sample, { minLength: 1, maxLength: 8 }), async (values) => {
        const rows = values.map((value, id) => ({ id, ...value }));
        for (const write of [
          () => insertChunked(database.db, samples, rows),
          () => upsertRows(database.db, samples, rows, { conflict: [samples.id] }),
          () => database.db.insert(samples).values(rows),
        ]) {
          await database.sql`delete from samples`;
          await write();
          expect(comparable(await stored())).toEqual(comparable(rows));
        }
        const again = await upsertRows(database.db, samples, rows, { conflict: [samples.id] });
        expect(again).toEqual({ inserted: 0, updated: 0, unchanged: rows.length });
      }),
      { numRuns: 25 },
    );
  });
});

describe('insertChunked', () => {
  it('stores far more rows than a statement has parameters', async () => {
    const rows = Array.from({ length: 70_000 }, (_, id) => ({ id, email: `${id}@example.com` }));
    expect(await insertChunked(database.db, people, rows)).toBe(70_000);
    expect(await database.db.$count(people)).toBe(70_000);
  });

  it('stores none when one is refused, and mixes rows with and without a column', async () => {
    await insertChunked(database.db, people, [
      { id: 1, email: 'a@example.com', balance: 7 },
      { id: 2, email: 'b@example.com' },
    ]);
    const duplicate = [
      { id: 3, email: 'c@example.com' },
      { id: 4, email: 'a@example.com', balance: 1 },
    ];
    await expect(insertChunked(database.db, people, duplicate)).rejects.toMatchObject({
      code: 'CONFLICT',
      constraint: 'people_email_key',
    });
    const rows = await database.db
      .select({ id: people.id, balance: people.balance })
      .from(people)
      .orderBy(people.id);
    expect(rows).toEqual([
      { id: 1, balance: 7 },
      { id: 2, balance: 0 },
    ]);
  });

  it('names the row and column of a value it cannot store', async () => {
    const rows = [
      { id: 1, title: 'fine' },
      { id: 2, title: 'not\0fine' },
    ];
    await expect(insertChunked(database.db, samples, rows)).rejects.toThrow(
      /Row 1, column title: .*NUL/,
    );
    await expect(
      insertChunked(database.db, samples, [{ id: 1, data: { deep: ['\0'] } }]),
    ).rejects.toThrow(/Row 0, column data: .*NUL/);
    await insertChunked(database.db, samples, [
      { id: 1, data: { text: 'the escape \\u0000 in words' } },
    ]);
    expect((await stored())[0]?.data).toEqual({ text: 'the escape \\u0000 in words' });
  });

  it('stores a date of a column type of one’s own, as a plain insert does', async () => {
    const moment = customType<{ data: Date; driverData: Date }>({ dataType: () => 'timestamptz' });
    const moments = pgTable('samples', { id: integer('id').primaryKey(), at: moment('at') });
    const rows = [1, 2].map((id) => ({ id, at: new Date(Date.UTC(2026, id, 1, 12, 30, 15, 250)) }));
    expect(await insertChunked(database.db, moments, rows)).toBe(2);
    expect((await stored()).map(({ id, at }) => ({ id, at }))).toEqual(rows);
  });

  it('does nothing with no rows', async () => {
    expect(await insertChunked(database.db, people, [])).toBe(0);
  });
});

describe.skipIf(!capabilities.concurrency)('copyRows', () => {
  it('keeps every value of every type', { timeout: 60_000 }, async () => {
    const keys = [
      'id',
      'title',
      'amount',
      'big',
      'flag',
      'tags',
      'data',
      'bytes',
      'at',
      'colour',
    ] as const;
    await fc.assert(
      fc.asyncProperty(fc.array(sample, { minLength: 1, maxLength: 8 }), async (values) => {
        const rows = values.map((value, id) => ({ id, ...value }));
        await database.sql`delete from samples`;
        expect(await copyRows(database.sql, samples, keys, rows)).toBe(rows.length);
        expect(comparable(await stored())).toEqual(comparable(rows));
      }),
      { numRuns: 25 },
    );
  });

  it('streams, gives defaults, and works inside a transaction', async () => {
    async function* many() {
      for (let id = 0; id < 20_000; id++) yield { id, email: `${id}@example.com` };
    }
    await database.sql.begin(async (tx) => {
      expect(await copyRows(tx, people, ['id', 'email', 'balance'], many())).toBe(20_000);
    });
    const [row] = await database.db
      .select({ balance: people.balance })
      .from(people)
      .where(eq(people.id, 19_999));
    expect(row).toEqual({ balance: 0 });
  });

  it('stores nothing and frees the connection when a row, the source or the server fails', async () => {
    const client = database.connect({ max: 1 });
    const rows = (email: string) => [
      { id: 1, email: 'a@example.com' },
      { id: 2, email },
    ];
    await expect(copyRows(client.sql, people, ['id', 'email'], rows('\0'))).rejects.toThrow(
      /Row 1, column email/,
    );
    await expect(
      copyRows(client.sql, people, ['id', 'email'], rows('a@example.com')),
    ).rejects.toMatchObject({ code: 'CONFLICT', constraint: 'people_email_key' });
    async function* broken() {
      yield { id: 1, email: 'a@example.com' };
      throw new Error('the source broke');
    }
    await expect(copyRows(client.sql, people, ['id', 'email'], broken())).rejects.toThrow(
      'the source broke',
    );
    expect(await client.db.$count(people)).toBe(0);
    await client.close();
  });
});
