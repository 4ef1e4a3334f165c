import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { capabilities } from '@reference/local-postgres';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { describeCatalog, dumpCatalog, migrate, scratchOnServer, verify } from '../src/index.ts';
import { useEmptyDatabase } from './fresh-database.ts';
import { type File, MigrationsFolder } from './migrations-folder.ts';

// Servers and processes take seconds to start on a busy machine.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const GOOD: File[] = [
  {
    name: '0000_a',
    sql: 'create table a (id integer primary key, name text);',
    down: 'drop table a;',
  },
  { name: '0001_index', sql: 'create index a_name on a (name);', down: 'drop index a_name;' },
];

describe.skipIf(!capabilities.concurrency)('verify', () => {
  const database = useEmptyDatabase();
  const folders: MigrationsFolder[] = [];
  afterEach(async () => {
    for (const folder of folders.splice(0)) await folder.remove();
  });
  const problemsOf = async (files: readonly File[], options: { dump?: string } = {}) => {
    const folder = await MigrationsFolder.create(files);
    folders.push(folder);
    const { problems } = await verify({
      folder: folder.path,
      scratch: scratchOnServer(database.url),
      ...options,
    });
    return problems.map(({ where, message }) => `${where.replace(folder.path, '')} ${message}`);
  };

  test('a folder whose every step is reversible has no problems', async () => {
    expect(await problemsOf(GOOD)).toEqual([]);
  });

  test('an irreversible one in the middle is tested around', async () => {
    const [first, index] = GOOD;
    if (!first || !index) throw new Error('two files');
    const files = [
      first,
      {
        name: '0001_split',
        sql: '-- migrator: irreversible: names are joined\nalter table a add column b text;',
      },
      { ...index, name: '0002_index' },
    ];
    expect(await problemsOf(files)).toEqual([]);
  });

  test.each([
    [
      'a down that forgets something',
      [
        GOOD[0],
        {
          name: '0001_two',
          sql: 'alter table a add column x int; alter table a add column y int;',
          down: 'alter table a drop column x;',
        },
      ],
      /0001_two\.down\.sql does not restore the schema:\s+not in the migrations: column public\.a\.y/,
    ],
    [
      'a down that fails',
      [{ name: '0000_a', sql: 'create table a (id int);', down: 'drop table b;' }],
      /0000_a\.down\.sql.*42P01/s,
    ],
    [
      'no down and no reason',
      [{ name: '0000_a', sql: 'create table a (id int);' }],
      /0000_a has no down migration/,
    ],
    [
      'an up that fails',
      [{ name: '0000_a', sql: 'create table a (id nonsense);', down: 'select 1;' }],
      /42704/,
    ],
    [
      'a number used twice',
      [GOOD[0], { name: '0000_b', sql: 'create table b (id int);', down: 'drop table b;' }],
      /0000_b has the number of 0000_a.*db:rebase/,
    ],
  ] as [string, File[], RegExp][])('finds %s', async (_, files, message) => {
    const problems = await problemsOf(files);
    expect(problems.join('\n')).toMatch(message);
  });

  test('the committed dump must be what the migrations make', async () => {
    const folder = await MigrationsFolder.create(GOOD);
    folders.push(folder);
    await migrate(database.url, { folder: folder.path });
    const dump = join(folder.path, 'schema.sql');
    await writeFile(dump, dumpCatalog(await describeCatalog(database.url)));
    const options = { folder: folder.path, scratch: scratchOnServer(database.url), dump };
    expect((await verify(options)).problems).toEqual([]);
    await folder.write([
      ...GOOD,
      { name: '0002_b', sql: 'create table b (id integer);', down: 'drop table b;' },
    ]);
    await writeFile(dump, dumpCatalog(await describeCatalog(database.url)));
    const { problems } = await verify(options);
    expect(problems).toMatchObject([
      {
        where: expect.stringContaining('schema.sql:'),
        message: expect.stringContaining('migrator dump'),
      },
    ]);
  });
});
