import { and, inArray, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InvalidInputError, keyset, listPage, type PageRequest, UsageError } from '../src/index.ts';
import { type OpenDatabase, openDatabase } from './open-database.ts';
import { createEntries, entries, everyEntry, expectEveryPage } from './pages.ts';

let database: OpenDatabase;
beforeAll(async () => {
  database = await openDatabase();
  await database.db.execute(createEntries);
});
afterAll(() => database.close());

describe('keyset pages', () => {
  it('lose and repeat nothing, both ways, for any order over nullable and microsecond columns', {
    timeout: 60_000,
  }, async () => {
    await expectEveryPage(
      database,
      (list) => (from, limit) =>
        listPage(list, { ...from, limit }, (seek) =>
          database.db
            .select({ id: entries.id, ...seek.select })
            .from(entries)
            .where(and(everyEntry, seek.where))
            .orderBy(...seek.orderBy)
            .limit(seek.limit),
        ),
    );
  });

  it('stay in place while rows come and go before them', async () => {
    await database.db.delete(entries);
    const at = '2026-01-01 00:00:00+00';
    await database.db.insert(entries).values([1, 2, 3, 4].map((id) => ({ id: id * 10, at })));
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
    await database.db.delete(entries).where(inArray(entries.id, [10, 20]));
    await database.db.insert(entries).values([{ id: 5, at }]);
    expect((await read(first.nextCursor)).items).toEqual([{ id: 30 }, { id: 40 }]);
  });

  it('order by an expression', async () => {
    await database.db.delete(entries);
    await database.db
      .insert(entries)
      .values(['b', 'A', 'C'].map((name, id) => ({ id, name, at: '2026-01-01 00:00:00+00' })));
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
    await database.db.delete(entries);
    await database.db.insert(entries).values([
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
    await database.db.delete(entries);
    const at = '2026-01-01 00:00:00+00';
    await database.db.insert(entries).values([1, 2, 3, 4].map((id) => ({ id, at })));
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
