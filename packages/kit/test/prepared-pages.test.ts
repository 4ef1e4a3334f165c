import { and, gte } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { InvalidInputError, keyset, type Placeholders, preparedPages } from '../src/index.ts';
import { type OpenDatabase, openDatabase } from './open-database.ts';
import { createEntries, entries, expectEveryPage } from './pages.ts';

type Db = OpenDatabase['db'];

let database: OpenDatabase;
beforeAll(async () => {
  database = await openDatabase();
  await database.db.execute(createEntries);
});
afterAll(() => database.close());

it('hot queries lose and repeat nothing, both ways, for any order over nullable and microsecond columns', {
  timeout: 60_000,
}, async () => {
  await expectEveryPage(database, (list) => {
    const hot = preparedPages(list, (db: Db, p: Placeholders<{ from: number }>, seek) =>
      db
        .select({ id: entries.id, ...list.select })
        .from(entries)
        .where(and(gte(entries.id, p.from), seek.where))
        .orderBy(...seek.orderBy)
        .limit(seek.limit),
    );
    return (seek, limit) => hot(database.db, { from: 0 }, { ...seek, limit });
  });
});

it('a damaged cursor is refused before the query runs', async () => {
  const list = keyset([{ column: entries.id }]);
  const hot = preparedPages(list, (db: Db, p: Placeholders<{ from: number }>, seek) =>
    db
      .select({ id: entries.id, ...list.select })
      .from(entries)
      .where(and(gte(entries.id, p.from), seek.where))
      .orderBy(...seek.orderBy)
      .limit(seek.limit),
  );
  await expect(hot(database.db, { from: 0 }, { after: 'damaged', limit: 1 })).rejects.toThrow(
    InvalidInputError,
  );
});
