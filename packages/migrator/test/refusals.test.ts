import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { capabilities } from '@reference/local-postgres';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  describeCatalog,
  drift,
  dumpCatalog,
  migrate,
  repair,
  rollback,
  status,
} from '../src/index.ts';
import { useEmptyDatabase } from './fresh-database.ts';
import { type File, MigrationsFolder } from './migrations-folder.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const database = useEmptyDatabase();
let folder: MigrationsFolder;
let client: Client;
beforeEach(async () => {
  folder = await MigrationsFolder.create();
  client = new Client({ connectionString: database.url });
  await client.connect();
});
afterEach(async () => {
  await client.query('alter default privileges revoke select on tables from public');
  await client.end();
  await folder.remove();
});
const run = () => migrate(database.url, { folder: folder.path });
const exists = async (name: string): Promise<boolean> =>
  (await client.query('select to_regclass($1) is not null as found', [name])).rows[0]?.found;

describe('what cannot be run is refused before the first file runs', () => {
  test.each([
    [
      'a comment that is never closed',
      'create table b (id int);\n/* later\ncreate table c (id int);',
      /0001_bad\.sql:2: the comment/,
    ],
    ['a string that is never closed', "insert into a values ('x);", /:1: the string/],
    ['a dollar quote that is never closed', 'do $x$ begin end;', /the dollar quote/],
    ['a quoted name that is never closed', 'select 1 as "x;', /the quoted name/],
    [
      'a COMMIT in the middle',
      'create table b (id int);\ncommit;\ncreate table c (id int);',
      /:2: "commit" would end/,
    ],
    [
      'a COMMIT in a no-transaction file',
      '-- migrator: no-transaction\nselect 1;\ncommit;',
      /:3: "commit" ends no transaction/,
    ],
    ['a command of psql', '\\set x 1\nselect 1;', /:1: "\\set x 1" is a command of psql/],
    ['COPY FROM STDIN', 'copy a from stdin;', /write INSERT statements/],
    ['DISCARD ALL', '-- migrator: no-transaction\ndiscard all;', /release the lock/],
    ['unlocking everything', 'select pg_advisory_unlock_all();', /release the lock/],
    [
      'a directive that is misspelt',
      '-- migrator: no-transactions\nselect 1;',
      /:1: "-- migrator: no-transactions" is no directive/,
    ],
    [
      'a directive that stands too low',
      'select 1;\n-- migrator: no-transaction\nselect 2;',
      /:2: .*above the first statement/,
    ],
  ] as [string, string, RegExp][])('%s', async (_, sql, message) => {
    await folder.write([
      { name: '0000_a', sql: 'create table a (id int);' },
      { name: '0001_bad', sql },
    ]);
    await expect(run()).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(message),
    });
    expect(await exists('a')).toBe(false);
  });

  test('bytes that are not UTF-8, with file, line and byte', async () => {
    await folder.write([{ name: '0000_a', sql: '' }]);
    const path = join(folder.path, '0000_a.sql');
    await writeFile(
      path,
      Buffer.concat([
        Buffer.from("select 1;\nselect 'caf"),
        Buffer.from([0xe9]),
        Buffer.from("';"),
      ]),
    );
    await expect(run()).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(/0000_a\.sql:2: byte 22 of the file \(0xe9\) is not UTF-8/),
    });
    await writeFile(path, Buffer.from('\ufeffselect 1;', 'utf16le'));
    await expect(run()).rejects.toThrow(/UTF-16/);
    await writeFile(path, "select 'a\0b';");
    await expect(run()).rejects.toThrow(/0x00/);
    // A character cut in two at the end.
    await writeFile(path, Buffer.from('-- é').subarray(0, 4));
    await expect(run()).rejects.toThrow(/byte 4 of/);
  });

  test('a BOM is no part of the SQL, and its presence no change of the file', async () => {
    await folder.write([
      { name: '0000_a', sql: '\ufeff-- migrator: no-transaction\ncreate table a (id int);' },
    ]);
    expect((await run()).applied).toHaveLength(1);
    await folder.edit('0000_a', '-- migrator: no-transaction\ncreate table a (id int);');
    expect((await run()).applied).toHaveLength(0);
  });
});

test('a step that the server refuses in a transaction runs outside one, in a file that says so', async () => {
  await folder.write([
    {
      name: '0000_a',
      sql: '-- migrator: no-transaction\ncreate table a (id int) partition by list (id);\ncreate index a_id on a (id);\nvacuum (analyze) a;\nselect 1;',
    },
  ]);
  expect((await run()).applied).toHaveLength(1);
});

describe('a half-run rollback', () => {
  const FILES: File[] = [
    {
      name: '0000_a',
      sql: 'create table a (id int, x int); create index a_id on a (id); create index a_x on a (x);',
      down: '-- migrator: no-transaction\ndrop index concurrently a_id;\ndrop index concurrently a_x;\ndrop table a;',
    },
  ];
  beforeEach(async () => {
    await folder.write(FILES);
    await run();
    // The leftovers of a kill between two steps.
    await client.query('drop index a_id');
    await client.query(
      `insert into drizzle.__migrator_progress select '0000_a', 'x', 'down', 1, null`,
    );
  });

  test('stops everything but its own finishing, and every command shows it', async () => {
    await folder.write([...FILES, { name: '0001_b', sql: 'create table b (id int);' }]);
    expect(await status(database.url, { folder: folder.path })).toMatchObject([
      { name: '0000_a', state: 'half taken back', problem: expect.stringContaining('db:rollback') },
      { state: 'pending' },
    ]);
    await expect(run()).rejects.toMatchObject({
      code: 'interrupted',
      exitCode: 2,
      message: expect.stringMatching(/0000_a is half taken back \(1 step/),
    });
    expect(await exists('b')).toBe(false);
    expect(await repair(database.url, { folder: folder.path })).toMatchObject([
      { kind: 'interrupted', resolved: false },
    ]);
    const { reverted } = await rollback(database.url, {
      folder: folder.path,
      confirmLoss: () => true,
    });
    expect(reverted.map(({ name }) => name)).toEqual(['0000_a']);
    expect((await run()).applied).toHaveLength(2);
  });

  test('and a half-applied file that is gone from the folder stops a run too', async () => {
    await client.query(
      `update drizzle.__migrator_progress set name = '0009_gone', direction = 'up'`,
    );
    await expect(run()).rejects.toThrow(/0009_gone is half applied .*its file is gone/);
    await expect(rollback(database.url, { folder: folder.path })).rejects.toThrow(/0009_gone/);
  });
});

test('a file that is recorded twice is said to be so, and repaired', async () => {
  await folder.write([{ name: '0000_a', sql: 'create table a (id int);' }]);
  await run();
  await client.query(
    'insert into drizzle.__drizzle_migrations (hash, created_at) select hash, created_at from drizzle.__drizzle_migrations',
  );
  await expect(run()).rejects.toMatchObject({
    code: 'twice',
    message: expect.stringContaining('--forget-duplicates'),
  });
  await repair(database.url, { folder: folder.path, forgetDuplicates: true });
  expect((await run()).applied).toEqual([]);
  expect(await status(database.url, { folder: folder.path })).toMatchObject([{ state: 'applied' }]);
});

describe('a late file whose statement is about a set', () => {
  const T = { name: '0000_t', sql: 'create table t (a int);' };
  test.each([
    [
      'a view of *',
      'create view v as select * from t;',
      'alter table t add column b int;',
      'columns of public.t',
    ],
    [
      'a view of a whole row',
      'create view v as select t from t;',
      'alter table t add column b int;',
      'columns',
    ],
    [
      'a table made like another',
      'create table u (like t);',
      'alter table t add column b int;',
      'columns',
    ],
    [
      'an INSERT that names no columns',
      'insert into t values (1);',
      'alter table t add column b int not null;',
      'columns',
    ],
    [
      'a grant on ALL TABLES',
      'grant select on all tables in schema public to public;',
      'create table u (id int);',
      'tables of public',
    ],
    [
      'default privileges',
      'alter default privileges grant select on tables to public;',
      'create table u (id int);',
      'tables',
    ],
    [
      'a table, after a grant on ALL TABLES',
      'create table u (id int);',
      'grant select on all tables in schema public to public;',
      'tables of public',
    ],
    [
      'a grant beside a revoke',
      'grant select on t to public;',
      'revoke select on t from public;',
      'rights on tables of public.t',
    ],
    [
      'computed SQL',
      "do $$ declare r record; begin for r in select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace loop execute 'comment on table ' || r.relname || chr(32) || r.relname; end loop; end $$;",
      'create table u (id int);',
      'computed',
    ],
    [
      'a view, before a column of it changes its type',
      'create view v as select a from t;',
      'alter table t alter column a type bigint;',
      'public.t.a',
    ],
  ])(
    '%s is refused with both names, and said when it is applied all the same',
    async (_, late, later, what) => {
      await folder.write([T, { name: '0002_later', sql: later }]);
      await run();
      await folder.write([T, { name: '0001_late', sql: late }, { name: '0002_later', sql: later }]);
      await expect(run()).rejects.toMatchObject({
        code: 'order',
        message: expect.stringMatching(/0001_late stands before 0002_later/),
      });
      await expect(run()).rejects.toThrow(what);
      const notes: string[] = [];
      await migrate(database.url, {
        folder: folder.path,
        allowOutOfOrder: true,
        onEvent: (event) => event.type === 'note' && notes.push(event.message),
      }).catch(() => {});
      expect(notes.join()).toContain('a fresh database');
      expect(notes.join()).not.toContain('nothing both touch depends on the order');
    },
  );

  test.skipIf(!capabilities.concurrency)(
    'drift compares with the order of the folder',
    async () => {
      const later = { name: '0002_u', sql: 'create table u (id int);' };
      await folder.write([T, later]);
      await run();
      await folder.write([
        T,
        { name: '0001_grant', sql: 'grant select on all tables in schema public to public;' },
        later,
      ]);
      await migrate(database.url, { folder: folder.path, allowOutOfOrder: true });
      const differences = await drift(database.url, { folder: folder.path });
      expect(differences).toMatchObject([
        { kind: 'grant', change: 'extra', name: 'TABLE public.u TO PUBLIC' },
      ]);
    },
  );
});

test('default privileges of every schema are described and dumped', async () => {
  await client.query('alter default privileges grant select on tables to public');
  const catalog = await describeCatalog(database.url);
  await client.query('alter default privileges revoke select on tables from public');
  expect(dumpCatalog(catalog)).toContain(
    'ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC;',
  );
});
