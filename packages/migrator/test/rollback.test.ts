import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { compareCatalogs, describeCatalog, migrate, rollback, status } from '../src/index.ts';
import { run } from './command.ts';
import { useEmptyDatabase } from './fresh-database.ts';
import { MigrationsFolder } from './migrations-folder.ts';

// Servers and processes take seconds to start on a busy machine.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const FILES = [
  { name: '0000_a', sql: 'create table a (id integer primary key);', down: 'drop table a;' },
  {
    name: '0001_name',
    sql: 'alter table a add column name text;',
    down: 'alter table a drop column name;',
  },
  {
    name: '0002_index',
    sql: '-- migrator: no-transaction\ncreate index concurrently a_name on a (name);',
    down: '-- migrator: no-transaction\ndrop index concurrently a_name;',
  },
];

const database = useEmptyDatabase();
let folder: MigrationsFolder;

beforeEach(async () => {
  folder = await MigrationsFolder.create(FILES);
  await migrate(database.url, { folder: folder.path });
});
afterEach(() => folder.remove());

const names = async () =>
  (await status(database.url, { folder: folder.path }))
    .filter(({ state }) => state === 'applied')
    .map(({ name }) => name);

const insertRow = async (text: string) => {
  await folder.write([...FILES, { name: '0003_row', sql: text, down: 'select 1;' }]);
  await migrate(database.url, { folder: folder.path });
};

describe('rollback', () => {
  test('takes back the last one, or several, or back to a name, and up again gives the same schema', async () => {
    const full = await describeCatalog(database.url);
    expect((await rollback(database.url, { folder: folder.path })).reverted).toMatchObject([
      { name: '0002_index' },
    ]);
    expect(await names()).toEqual(['0000_a', '0001_name']);
    await migrate(database.url, { folder: folder.path });
    expect(compareCatalogs(full, await describeCatalog(database.url))).toEqual([]);
    await rollback(database.url, { folder: folder.path, steps: 3 });
    expect(await names()).toEqual([]);
    await migrate(database.url, { folder: folder.path });
    await rollback(database.url, { folder: folder.path, to: '0000_a' });
    expect(await names()).toEqual(['0000_a']);
    await migrate(database.url, { folder: folder.path });
    expect(compareCatalogs(full, await describeCatalog(database.url))).toEqual([]);
  });

  test('what would be lost is named, and refused until it is confirmed', async () => {
    await insertRow("insert into a values (1, 'Ada');");
    const back = { folder: folder.path, steps: 4 };
    await expect(rollback(database.url, back)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(/the values of a\.name.*rows of a/s),
    });
    expect(await names()).toHaveLength(4);
    const asked: string[] = [];
    await rollback(database.url, {
      ...back,
      confirmLoss: (losses) => {
        asked.push(...losses.map(({ what }) => what));
        return true;
      },
    });
    expect(asked).toEqual(['the values of a.name', 'rows of a']);
    expect(await names()).toEqual([]);
  });

  test('an empty column is no loss', async () => {
    await insertRow('insert into a (id) values (1);');
    await rollback(database.url, { folder: folder.path, to: '0000_a' });
    expect(await names()).toEqual(['0000_a']);
  });

  test('the command asks for a flag where nobody can answer', async () => {
    await insertRow("insert into a values (1, 'Ada');");
    const args = ['rollback', '--steps', '4', '--folder', folder.path];
    const refused = await run(args, { DATABASE_URL: database.url });
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('--allow-data-loss')]);
    const done = await run([...args, '--allow-data-loss'], { DATABASE_URL: database.url });
    expect([done.code, done.out]).toEqual([0, '4 migrations taken back\n']);
  });

  test.each([
    [
      'without a down file',
      { sql: 'select 1;' },
      /0003_last has no down migration: write .*0003_last\.down\.sql/,
    ],
    [
      'declared irreversible',
      { sql: '-- migrator: irreversible: the old prices are gone\nselect 1;' },
      /no down migration: the old prices are gone/,
    ],
  ])('of a migration %s is refused before anything ran', async (_, last, message) => {
    await folder.write([...FILES, { name: '0003_last', ...last }]);
    await migrate(database.url, { folder: folder.path });
    await expect(rollback(database.url, { folder: folder.path, steps: 2 })).rejects.toMatchObject({
      code: 'irreversible',
      exitCode: 2,
      message: expect.stringMatching(message),
    });
    expect(await names()).toHaveLength(4);
  });

  test('a down that fails changes nothing and says where', async () => {
    await folder.write([
      ...FILES,
      {
        name: '0003_b',
        sql: 'create table b (id integer);',
        down: 'drop table b;\ndrop table nowhere;',
      },
    ]);
    await migrate(database.url, { folder: folder.path });
    await expect(rollback(database.url, { folder: folder.path })).rejects.toMatchObject({
      statement: { line: 2, sqlstate: '42P01' },
      message: expect.stringContaining('0003_b.down.sql:2'),
    });
    expect(await names()).toHaveLength(4);
  });
});
