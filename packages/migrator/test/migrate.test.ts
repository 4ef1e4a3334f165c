import { mkdir, rm, writeFile } from 'node:fs/promises';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate as drizzleMigrate } from 'drizzle-orm/postgres-js/migrator';
import { drizzle as drizzleNext } from 'drizzle-orm-next/postgres-js';
import { migrate as migrateNext } from 'drizzle-orm-next/postgres-js/migrator';
import postgres from 'postgres';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { migrate, StatementError, status } from '../src/index.ts';
import { useEmptyDatabase } from './fresh-database.ts';
import { MigrationsFolder } from './migrations-folder.ts';

// Servers and processes take seconds to start on a busy machine.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const FILES = [
  {
    name: '0000_users',
    sql: "create table users (id integer primary key, name text)\n--> statement-breakpoint\ninsert into users values (1, 'Ada');",
  },
  { name: '0001_email', sql: 'alter table users add column email text;' },
];

const database = useEmptyDatabase();
let folder: MigrationsFolder;
let sql: postgres.Sql;

beforeEach(async () => {
  folder = await MigrationsFolder.create(FILES);
  sql = postgres(database.url, { max: 1, onnotice: () => {} });
});
afterEach(async () => {
  await sql.end();
  await folder.remove();
});

const rowsOf = async (query: string): Promise<unknown[]> => {
  const rows = await sql.unsafe(query);
  return rows.map((row) => ({ ...row }));
};

describe('migrate', () => {
  test('applies each file once, in order, and finds nothing to do the second time', async () => {
    const first = await migrate(database.url, { folder: folder.path });
    expect(first.applied.map(({ name }) => name)).toEqual(['0000_users', '0001_email']);
    expect((await migrate(database.url, { folder: folder.path })).applied).toEqual([]);
    expect(await rowsOf('select id, name, email from users')).toEqual([
      { id: 1, name: 'Ada', email: null },
    ]);
  });

  test('takes a postgres.js client or a Drizzle handle, and leaves them open', async () => {
    await migrate(sql, { folder: folder.path });
    expect(
      (await migrate(drizzle(sql), { folder: new URL(`file://${folder.path}`) })).applied,
    ).toEqual([]);
    expect(await rowsOf('select count(*)::int as count from users')).toEqual([{ count: 1 }]);
  });

  test('keeps the bookkeeping that drizzle’s own migrator reads and writes', async () => {
    await migrate(database.url, { folder: folder.path });
    // Leave: drizzle takes over, finds nothing to do, applies the next file itself.
    await drizzleMigrate(drizzle(sql), { migrationsFolder: folder.path });
    expect(await rowsOf('select count(*)::int as count from users')).toEqual([{ count: 1 }]);
    const third = { name: '0002_age', sql: 'alter table users add column age integer;' };
    await folder.write([...FILES, third]);
    await drizzleMigrate(drizzle(sql), { migrationsFolder: folder.path });
    // Come back: what drizzle recorded is known by its content.
    const fourth = { name: '0003_city', sql: 'alter table users add column city text;' };
    await folder.write([...FILES, third, fourth]);
    const back = await migrate(database.url, { folder: folder.path });
    expect(back.applied.map(({ name }) => name)).toEqual(['0003_city']);
    const states = await status(database.url, { folder: folder.path });
    expect(states.map(({ name, state, appliedBy }) => [name, state, appliedBy])).toEqual([
      ['0000_users', 'applied', 'postgres'],
      ['0001_email', 'applied', 'postgres'],
      ['0002_age', 'applied', 'drizzle'],
      ['0003_city', 'applied', 'postgres'],
    ]);
  });

  test('a failing file leaves nothing, and the error says where, what and what to do', async () => {
    await folder.write([
      ...FILES,
      {
        name: '0002_required',
        sql: 'create table other (id integer);\n\n-- The users need an age.\nalter table users\n  add column age integer not null;',
      },
    ]);
    const failure = await migrate(database.url, { folder: folder.path }).catch((e: unknown) => e);
    expect(failure).toBeInstanceOf(StatementError);
    if (!(failure instanceof StatementError)) return;
    expect(failure.exitCode).toBe(1);
    expect(failure.statement).toMatchObject({ line: 4, number: 2, sqlstate: '23502' });
    expect(failure.message).toContain('0002_required.sql:4');
    expect(failure.message).toContain('SQLSTATE 23502');
    expect(failure.message).toContain('Nothing of 0002_required is applied');
    expect(failure.message).toContain('add the column as nullable');
    expect(await rowsOf("select to_regclass('other') as other")).toEqual([{ other: null }]);
    const states = await status(database.url, { folder: folder.path });
    expect(states.map(({ state }) => state)).toEqual(['applied', 'applied', 'pending']);
  });

  test('points at the line inside a statement that the server points at', async () => {
    await folder.write([
      { name: '0000_a', sql: 'create table a (\n  id integer,\n  b nonsense\n);' },
    ]);
    await expect(migrate(database.url, { folder: folder.path })).rejects.toMatchObject({
      statement: { line: 3, sqlstate: '42704' },
    });
  });

  test.each([
    ['an existing table', 'create table users (id integer)', '42P07', 'db:baseline'],
    [
      'a foreign key',
      'create table o (u integer); insert into o values (9); alter table o add foreign key (u) references users(id)',
      '23503',
      'rows that are gone',
    ],
    ['an extension', 'create extension no_such_extension', '', 'extension'],
    [
      'an index built concurrently',
      'create index concurrently i on users (name)',
      '25001',
      'no-transaction',
    ],
  ])('advice on %s', async (_, text, sqlstate, advice) => {
    await folder.write([...FILES, { name: '0002_x', sql: text }]);
    const failure = await migrate(database.url, { folder: folder.path }).catch((e: unknown) => e);
    expect(failure).toBeInstanceOf(StatementError);
    if (!(failure instanceof StatementError)) return;
    if (sqlstate) expect(failure.statement.sqlstate).toBe(sqlstate);
    expect(failure.message).toContain(advice);
  });

  test('a new enum value can be used in the next file, and not in its own', async () => {
    const add = "create type state as enum ('on'); create table s (state state);";
    const more = "alter type state add value 'off';";
    const use = "insert into s values ('off');";
    await folder.write([
      { name: '0000_type', sql: add },
      { name: '0001_value', sql: more },
      { name: '0002_use', sql: use },
    ]);
    expect((await migrate(database.url, { folder: folder.path })).applied).toHaveLength(3);
    expect(await rowsOf('select state from s')).toEqual([{ state: 'off' }]);

    await folder.write([
      { name: '0000_type', sql: add },
      { name: '0001_value', sql: more },
      { name: '0002_use', sql: use },
      {
        name: '0003_both',
        sql: "alter type state add value 'idle'; insert into s values ('idle');",
      },
    ]);
    await expect(migrate(database.url, { folder: folder.path })).rejects.toMatchObject({
      statement: { sqlstate: '55P04' },
    });
  });

  test('a file’s own BEGIN and COMMIT are the transaction it runs in; any other is refused', async () => {
    await folder.write([{ name: '0000_a', sql: 'begin; create table a (id integer); commit;' }]);
    await migrate(database.url, { folder: folder.path });
    await folder.write([
      { name: '0000_a', sql: 'begin; create table a (id integer); commit;' },
      {
        name: '0001_b',
        sql: 'create table b (id integer);\ncommit;\ncreate table c (id integer);',
      },
    ]);
    await expect(migrate(database.url, { folder: folder.path })).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('0001_b.sql:2'),
    });
    expect(await rowsOf("select to_regclass('b') as b")).toEqual([{ b: null }]);
  });

  test('what a file SETs for its session does not reach the next one', async () => {
    await folder.write([
      {
        name: '0000_a',
        sql: "create schema elsewhere; select set_config('search_path', 'elsewhere', false);",
      },
      { name: '0001_b', sql: 'create table b (id integer);' },
    ]);
    await migrate(database.url, { folder: folder.path });
    expect(await rowsOf("select to_regclass('public.b')::text as b")).toEqual([{ b: 'b' }]);
  });

  test('keeps the bookkeeping of drizzle 1.0 in its layout, and lets its migrator take over', async () => {
    const modern = await MigrationsFolder.create();
    await rm(`${modern.path}/meta`, { recursive: true });
    const add = async (name: string, text: string) => {
      await mkdir(`${modern.path}/${name}`);
      await writeFile(`${modern.path}/${name}/migration.sql`, text);
      await writeFile(`${modern.path}/${name}/down.sql`, 'select 1;');
    };
    const leave = () =>
      migrateNext(drizzleNext({ client: sql }), { migrationsFolder: modern.path });
    const applied = async () =>
      (await migrate(database.url, { folder: modern.path })).applied.map(({ name }) => name);

    await add('20260102030405_first', 'create table first (id integer);');
    await leave();
    await add('20260203040506_second', 'alter table first add column name text;');
    expect(await applied()).toEqual(['20260203040506_second']);
    expect(
      await rowsOf(
        'select name, created_at::text as created_at from drizzle.__drizzle_migrations order by id',
      ),
    ).toEqual([
      { name: '20260102030405_first', created_at: String(Date.UTC(2026, 0, 2, 3, 4, 5)) },
      { name: '20260203040506_second', created_at: String(Date.UTC(2026, 1, 3, 4, 5, 6)) },
    ]);
    // Leave: nothing is run again, the next one by drizzle itself. Come back: all of it is known.
    await leave();
    await add('20260304050607_third', 'alter table first add column age integer;');
    await leave();
    expect(await applied()).toEqual([]);
    expect(
      (await status(database.url, { folder: modern.path })).map(({ state, appliedBy }) => [
        state,
        appliedBy,
      ]),
    ).toEqual([
      ['applied', 'drizzle'],
      ['applied', 'postgres'],
      ['applied', 'drizzle'],
    ]);
    await modern.remove();
  });
});
