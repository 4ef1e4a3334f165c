import { capabilities } from '@reference/local-postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyRows, InvalidInputError, insertChunked, upsertRows } from '../src/index.ts';
import { type OpenDatabase, openDatabase } from './open-database.ts';
import { samples } from './schema.ts';

let database: OpenDatabase;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());

type Row = typeof samples.$inferInsert;
const unstorable: [string, Partial<Row>, string][] = [
  ['half a pair in a text', { title: 'a\ud83d' }, 'title'],
  ['the other half', { title: '\ude00b' }, 'title'],
  ['half a pair in an array', { tags: ['fine', 'a\ud83d'] }, 'tags'],
  ['half a pair in JSON', { data: { deep: ['a\ud83d'] } }, 'data'],
  ['half a pair as a key of JSON', { data: { 'a\ud83d': 1 } }, 'data'],
  ['NUL in a text', { title: 'a\0' }, 'title'],
  ['NUL in JSON', { data: ['a\0'] }, 'data'],
];
const storable: Partial<Row>[] = [
  { title: '😀 \\ud83d', tags: ['😀', '\\u0000'], data: { '\\ud83d': '😀', text: '\\\\u0000' } },
];

const bulk: [string, (rows: Row[]) => Promise<unknown>][] = [
  ['insertChunked', (rows) => insertChunked(database.db, samples, rows)],
  ['upsertRows', (rows) => upsertRows(database.db, samples, rows, { conflict: [samples.id] })],
  ...(capabilities.concurrency
    ? [
        [
          'copyRows',
          (rows: Row[]) => copyRows(database.sql, samples, ['id', 'title', 'tags', 'data'], rows),
        ] as [string, (rows: Row[]) => Promise<unknown>],
      ]
    : []),
];

describe('text that PostgreSQL has no bytes for', () => {
  describe.each(bulk)('in %s', (_, write) => {
    it.each(unstorable)('%s is refused by row and column', async (_name, fields, column) => {
      const failed = write([
        { id: 1, title: 'good' },
        { id: 2, ...fields },
      ]);
      await expect(failed).rejects.toBeInstanceOf(InvalidInputError);
      await expect(failed).rejects.toThrow(`Row 1, column ${column}: the value holds`);
      expect(await database.db.$count(samples)).toBe(0);
    });

    it('what only looks like it comes back as it was', async () => {
      for (const fields of storable) {
        await write([{ id: 1, ...fields }]);
        const [row] = await database.db.select().from(samples);
        expect(row).toMatchObject(fields);
        await database.db.delete(samples);
      }
    });
  });

  it.each(unstorable)('a plain insert refuses %s', async (_, fields) => {
    const failed = database.db.insert(samples).values({ id: 1, ...fields });
    await expect(failed).rejects.toBeInstanceOf(InvalidInputError);
    expect(await database.db.$count(samples)).toBe(0);
  });

  it("and so does the driver's template, also inside an array and a row", async () => {
    const { sql } = database;
    const bad = 'a\ud83d';
    for (const query of [
      () => sql`select ${bad}::text`,
      () => sql`select ${['x', bad]}::text[]`,
      () => sql`insert into samples ${sql({ id: 1, title: bad })}`,
    ]) {
      await expect((async () => query())()).rejects.toThrow(/half a surrogate pair/);
    }
  });
});
