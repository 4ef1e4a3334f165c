import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { migrate, repair, status } from '../src/index.ts';
import { useEmptyDatabase } from './fresh-database.ts';
import { MigrationsFolder } from './migrations-folder.ts';

// Servers and processes take seconds to start on a busy machine.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const FILES = [
  {
    name: '0000_a',
    sql: 'create table a (id integer primary key);\ncreate table b (id integer);\n',
  },
  { name: '0001_c', sql: 'create table c (id integer);\n' },
];

const database = useEmptyDatabase();
let folder: MigrationsFolder;

beforeEach(async () => {
  folder = await MigrationsFolder.create(FILES);
  await migrate(database.url, { folder: folder.path });
});
afterEach(async () => {
  await folder.remove();
});

const failure = () => migrate(database.url, { folder: folder.path });

describe('an applied file', () => {
  test('that changed stops the run, with the line', async () => {
    await folder.edit(
      '0000_a',
      'create table a (id integer primary key);\ncreate table b (id bigint);\n',
    );
    await expect(failure()).rejects.toMatchObject({
      code: 'changed',
      exitCode: 2,
      message: expect.stringMatching(
        /0000_a\.sql:2: applied as\s+create table b \(id integer\);\s+and now reads\s+create table b \(id bigint\);/,
      ),
    });
    const [first] = await status(database.url, { folder: folder.path });
    expect(first?.state).toBe('changed');
  });

  test('with other line endings is the same file', async () => {
    await folder.edit('0000_a', FILES[0]?.sql.replaceAll('\n', '\r\n') ?? '');
    expect((await failure()).applied).toEqual([]);
  });

  test('that is gone stops the run', async () => {
    await folder.write(FILES.slice(0, 1));
    await expect(failure()).rejects.toMatchObject({
      code: 'missing',
      message: expect.stringContaining('0001_c'),
    });
  });

  test('that the journal names and the disk lacks stops the run', async () => {
    const { rm } = await import('node:fs/promises');
    await rm(join(folder.path, '0001_c.sql'));
    await expect(failure()).rejects.toMatchObject({
      code: 'missing',
      message: expect.stringContaining('0001_c is in the journal but'),
    });
  });

  test('that was renamed stops the run, with both names', async () => {
    await folder.write([...FILES.slice(0, 1), { name: '0001_renamed', sql: FILES[1]?.sql ?? '' }]);
    await expect(failure()).rejects.toMatchObject({
      code: 'missing',
      message: expect.stringContaining('0001_c is now 0001_renamed'),
    });
  });
});

test('a SQL file that the journal does not name stops the run', async () => {
  await writeFile(join(folder.path, '0002_forgotten.sql'), 'select 1;');
  await expect(failure()).rejects.toMatchObject({
    code: 'unjournaled',
    exitCode: 2,
    message: expect.stringContaining('0002_forgotten.sql'),
  });
});

describe('a file merged late', () => {
  test('is applied where its order cannot matter', async () => {
    const [first, last] = FILES;
    if (!first || !last) throw new Error('two files');
    await folder.write([
      first,
      { name: '0001_late', sql: 'create table late (id integer references a (id));' },
      last,
    ]);
    expect((await failure()).applied.map(({ name }) => name)).toEqual(['0001_late']);
  });

  test('that adds another column to the same table is applied', async () => {
    const files = [...FILES, { name: '0002_x', sql: 'alter table a add column x integer;' }];
    await folder.write(files);
    await failure();
    const [first, second, third] = files;
    if (!first || !second || !third) throw new Error('three files');
    await folder.write([
      first,
      second,
      { name: '0002_late', sql: 'alter table a add column y integer;' },
      third,
    ]);
    expect((await failure()).applied).toHaveLength(1);
  });

  test.each([
    ['drops what the later file made', 'drop table if exists c;'],
    ['writes rows of the table that the later file made', 'insert into c values (1);'],
    ['renames it', 'alter table c rename to d;'],
  ])('that %s is refused with both names', async (_, sql) => {
    const [first, last] = FILES;
    if (!first || !last) throw new Error('two files');
    await folder.write([first, { name: '0001_late', sql }, last]);
    await expect(failure()).rejects.toMatchObject({
      code: 'order',
      exitCode: 2,
      message: expect.stringMatching(/0001_late .* 0001_c/),
    });
    expect(
      (await migrate(database.url, { folder: folder.path, allowOutOfOrder: true })).applied,
    ).toHaveLength(1);
  });
});

describe('repair', () => {
  test('shows and changes nothing without an option, and resolves what is asked for', async () => {
    await folder.edit('0000_a', `${FILES[0]?.sql}-- a remark\n`);
    const shown = await repair(database.url, { folder: folder.path });
    expect(shown).toMatchObject([{ kind: 'changed', resolved: false, option: 'acceptChanged' }]);
    await expect(failure()).rejects.toMatchObject({ code: 'changed' });
    const done = await repair(database.url, { folder: folder.path, acceptChanged: true });
    expect(done).toMatchObject([{ kind: 'changed', resolved: true }]);
    expect((await failure()).applied).toEqual([]);
    expect(await repair(database.url, { folder: folder.path })).toEqual([]);
  });

  test('records a new name and forgets a file that is gone', async () => {
    await folder.write([{ name: '0000_first', sql: FILES[0]?.sql ?? '' }]);
    const items = await repair(database.url, {
      folder: folder.path,
      acceptRenamed: true,
      forgetMissing: true,
    });
    expect(items.map(({ kind, resolved }) => [kind, resolved])).toEqual([
      ['renamed', true],
      ['missing', true],
    ]);
    const states = await status(database.url, { folder: folder.path });
    expect(states).toMatchObject([{ name: '0000_first', state: 'applied' }]);
  });
});
