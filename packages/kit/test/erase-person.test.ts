import { capabilities } from '@reference/local-postgres';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { erasePerson } from '../src/personal-data.ts';
import { transaction } from '../src/transaction.ts';
import { type OpenDatabase, openDatabase } from './open-database.ts';

let database: OpenDatabase;
beforeAll(async () => {
  database = await openDatabase();
  await database.sql.unsafe(`
    create table readers (id text primary key);
    create table loans (reader_id text not null references readers (id), book text not null);
    insert into readers values ('ada'), ('erased');
    insert into loans values ('ada', 'held')`);
});
afterAll(() => database?.close());

const waiting = async (): Promise<number> => {
  const [row] = await database.sql<{ waiting: number }[]>`
    select count(*)::int as waiting from pg_stat_activity
    where wait_event_type = 'Lock' and datname = current_database()`;
  return row?.waiting ?? 0;
};

vi.setConfig({ testTimeout: 60_000 });
const patiently = { timeout: 30_000 };

test.skipIf(!capabilities.concurrency)(
  'what refers to a person who is being erased waits, and is refused',
  async () => {
    const [erasing, lending] = [database.connect({ max: 1 }), database.connect({ max: 1 })];
    const held = await database.sql.reserve();
    await held`begin`;
    await held`select from loans where book = 'held' for update`;
    // The erasure stops halfway, at the loan that somebody else holds.
    const erased = transaction(erasing.db, (tx) =>
      erasePerson(
        tx,
        {
          root: { table: 'readers', key: 'id' },
          tables: { loans: { columns: { reader_id: { keep: {} } } } },
        },
        { person: { id: 'ada' }, pseudonym: 'erased' },
      ),
    );
    await vi.waitFor(async () => expect(await waiting()).toBe(1), patiently);
    let lent = false;
    const lends = lending.sql`insert into loans values ('ada', 'late')`.then(() => {
      lent = true;
    });
    lends.catch(() => {});
    await vi.waitFor(async () => expect(lent || (await waiting()) === 2).toBe(true), patiently);
    await held`commit`;
    held.release();
    await Promise.allSettled([erased, lends]);
    expect(await erased).toMatchObject({ kept: 1 });
    await expect(lends).rejects.toMatchObject({ sqlstate: '23503' });
    await Promise.all([erasing.close(), lending.close()]);
  },
);
