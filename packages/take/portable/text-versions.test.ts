import { DbError, InvalidInputError, NotFoundError } from '@reference/kit';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, executeRows, transaction } from './database.ts';
import {
  type CurrentText,
  diffVersions,
  keepVersion,
  listVersions,
  purgeVersions,
  type ReadCurrent,
  requireVersion,
} from './queries/text-versions.ts';
import { textVersions } from './schema/text-versions.ts';
import { capabilities, type OpenDatabase, openDatabase, openRacers } from './test-database.ts';

let database: OpenDatabase;
let db: Database;
beforeAll(async () => {
  database = await openDatabase();
  ({ db } = database);
  // A table as your project has it.
  await database.sql`create table articles (id text primary key, body text not null, revision int not null default 0)`;
});
afterAll(() => database?.close());

let counter = 0;
async function newArticle(body = ''): Promise<string> {
  const id = `article ${++counter}`;
  await database.sql`insert into articles values (${id}, ${body})`;
  return id;
}

const reading =
  (id: string, lock = sql``): ReadCurrent =>
  async (tx) => {
    const [row] = await executeRows<CurrentText & Record<string, unknown>>(
      tx,
      sql`select revision, body as content from articles where id = ${id} ${lock}`,
    );
    return row;
  };

/** How a project changes its text: the version and the change in one transaction. */
const write = (on: Database, id: string, newContent: string, replacedBy?: string) =>
  transaction(on, async (tx) => {
    const current = await reading(id, sql`for update`)(tx);
    if (!current) throw new NotFoundError('There is no such article.');
    const { isKept } = await keepVersion(tx, { textId: id, ...current, newContent, replacedBy });
    if (isKept)
      await tx.execute(
        sql`update articles set body = ${newContent}, revision = revision + 1 where id = ${id}`,
      );
    return current.revision;
  });

const of = (id: string) => ({ textId: id, readCurrent: reading(id) });

test('every revision of 45 is read as it was written, also over patches and whole ones', async () => {
  const id = await newArticle();
  const written = [''];
  for (let n = 1; n <= 45; n++) {
    const lines = (written.at(-1) ?? '').split('\n');
    lines.splice(n % (lines.length + 1), n % 3 === 0 ? 1 : 0, `line ${n} 😀`);
    written.push(lines.join('\n'));
    await write(db, id, lines.join('\n'));
  }
  for (const [revision, content] of written.entries())
    expect(await requireVersion(db, { ...of(id), revision })).toBe(content);
  const rows = await db
    .select({ whole: sql<boolean>`${textVersions.content} is not null` })
    .from(textVersions)
    .where(eq(textVersions.textId, id))
    .orderBy(textVersions.revision)
    .limit(100);
  expect(rows.filter(({ whole }) => whole).length).toBeLessThan(10);
  let patches = 0;
  for (const { whole } of rows) {
    patches = whole ? 0 : patches + 1;
    expect(patches).toBeLessThan(20);
  }
});

test('history says when and by whom; no change is no version', async () => {
  const id = await newArticle('one');
  await write(db, id, 'two', 'ada');
  await write(db, id, 'two', 'zoe');
  await write(db, id, 'three');
  const [latest, ...older] = await listVersions(db, { textId: id });
  expect(latest).toMatchObject({ revision: 1, replacedBy: null });
  expect(older).toMatchObject([{ revision: 0, replacedBy: 'ada' }]);
  expect(await listVersions(db, { textId: id, limit: 1 })).toEqual([latest]);
  expect(await listVersions(db, { textId: id, before: 1 })).toEqual(older);
  const none = requireVersion(db, { ...of(id), revision: 9 });
  await expect(none).rejects.toThrow(NotFoundError);
  await expect(requireVersion(db, { ...of('none'), revision: 0 })).rejects.toThrow(NotFoundError);
  await expect(requireVersion(db, { ...of(id), revision: -1 })).rejects.toThrow(InvalidInputError);
});

test('a difference is by lines, to the present text too; restoring is a change', async () => {
  const id = await newArticle('a\nb\nc\n');
  await write(db, id, 'a\nB\nc\nd\n');
  const { from, changes } = await diffVersions(db, { ...of(id), from: 0, to: 1 });
  expect(changes).toEqual([
    { at: 1, removed: ['b\n'], addedAt: 1, added: ['B\n'] },
    { at: 3, removed: [], addedAt: 3, added: ['d\n'] },
  ]);
  await write(db, id, from);
  expect(await requireVersion(db, { ...of(id), revision: 2 })).toBe('a\nb\nc\n');
  expect(await requireVersion(db, { ...of(id), revision: 1 })).toBe('a\nB\nc\nd\n');
});

test('a damaged version is told, and never made up', async () => {
  const id = await newArticle('one\ntwo\n');
  await write(db, id, 'one\n2\n');
  for (const patch of [[[0, 1, 'X']], [[500, 1, '']]] as [number, number, string][][]) {
    await db.update(textVersions).set({ patch, content: null }).where(eq(textVersions.textId, id));
    await expect(requireVersion(db, { ...of(id), revision: 0 })).rejects.toThrow(DbError);
  }
});

test('retention takes the oldest, as many as asked for, and leaves the latest of each text', async () => {
  await db.delete(textVersions);
  const id = await newArticle();
  for (let n = 1; n <= 7; n++) await write(db, id, `line\n${n}\n`);
  const before = new Date(Date.now() + 60_000);
  expect(await purgeVersions(db, { before: new Date(0), keep: 0 })).toEqual({ deleted: 0 });
  expect(await purgeVersions(db, { before, keep: 3, limit: 3 })).toEqual({ deleted: 3 });
  expect(await purgeVersions(db, { before, keep: 3 })).toEqual({ deleted: 1 });
  const left = await listVersions(db, { textId: id });
  expect(left.map(({ revision }) => revision)).toEqual([6, 5, 4]);
  for (const { revision } of left)
    expect(await requireVersion(db, { ...of(id), revision })).toBe(`line\n${revision}\n`);
});

test('40 edits of a document of 400 KB take less than a tenth of their copies', async () => {
  const lines = Array.from({ length: 10_000 }, (_, n) => `${n}: ${Math.sin(n)} of a long page\n`);
  const id = await newArticle(lines.join(''));
  for (let n = 0; n < 40; n++) {
    lines[(n * 37) % lines.length] = `edited ${n}\n`;
    await write(db, id, lines.join(''));
  }
  const [size] = await database.sql`
    select sum(coalesce(pg_column_size(patch), pg_column_size(content)))::int as kept,
      count(*)::int * (select pg_column_size(body) from articles where id = ${id}) as copies
    from text_versions where "textId" = ${id}`;
  expect(Number(size?.kept) / Number(size?.copies)).toBeLessThan(0.1);
});

test.skipIf(!capabilities.concurrency)(
  'six writers at once: each version is what one of them replaced, and none is lost',
  async () => {
    const racers = openRacers(database, 6);
    const id = await newArticle('start\n');
    for (let round = 0; round < 5; round++)
      await Promise.all(
        racers.connections.map((on, n) => write(on, id, `round ${round}\nwriter ${n}\n`)),
      );
    await racers.close();
    const revisions = (await listVersions(db, { textId: id })).map(({ revision }) => revision);
    expect(revisions).toEqual(Array.from({ length: 30 }, (_, n) => 29 - n));
    const contents = [];
    for (const revision of revisions)
      contents.push(await requireVersion(db, { ...of(id), revision }));
    expect(new Set(contents).size).toBe(30);
  },
);
