import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { capabilities, createTestDatabase } from '@reference/local-postgres';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  type Change,
  describeCatalog,
  isBlocking,
  migrate,
  plan,
  review,
  rollback,
  scratchOnServer,
} from '../src/index.ts';
import { run } from './command.ts';
import { useEmptyDatabase } from './fresh-database.ts';
import { type File, MigrationsFolder } from './migrations-folder.ts';

// Servers and processes take seconds to start on a busy machine.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const START: File = {
  name: '0000_start',
  sql: `create table users (id integer generated always as identity primary key, name text not null default 'nobody', size integer, bio text not null, link text);
    create index users_name on users (name);`,
  down: 'drop table users;',
};

describe.skipIf(!capabilities.concurrency)('a plan', () => {
  const database = useEmptyDatabase();
  let folder: MigrationsFolder;
  let client: Client;

  beforeEach(async () => {
    folder = await MigrationsFolder.create([START]);
    await migrate(database.url, { folder: folder.path });
    client = new Client({ connectionString: database.url });
    await client.connect();
  });
  afterEach(async () => {
    await client.end();
    await folder.remove();
  });

  const rows = async (sql: string) => (await client.query(sql)).rows;
  const planned = async (change: Change) => {
    const { files, left } = await plan(change, {
      folder: folder.path,
      scratch: scratchOnServer(database.url),
    });
    const all: File[] = [
      START,
      ...files.map(({ name, up, down }, index) => ({
        name: `${String(index + 1).padStart(4, '0')}_${name}`,
        sql: up,
        down,
      })),
    ];
    /** Applies the first so many files of the plan. */
    const upTo = async (count: number) => {
      await folder.write(all.slice(0, count + 1));
      await migrate(database.url, { folder: folder.path });
    };
    const back = (steps: number) =>
      rollback(database.url, { folder: folder.path, steps, confirmLoss: () => true });
    /** Danger that the review sees in the files before the contract. */
    const dangers = async () =>
      (
        await review(
          all.slice(1).filter(({ name }) => !name.includes('contract')),
          { history: [START], squawk: false, deployed: 'each' },
        )
      ).filter(isBlocking);
    return { files, left, upTo, back, dangers };
  };
  const catalog = () => describeCatalog(database.url);

  test('rename-column: both releases write while it goes on, and it goes back', async () => {
    await client.query(
      "insert into users (name, bio) select 'user ' || g, 'b' from generate_series(1, 12000) g",
    );
    const start = await catalog();
    const { files, left, upTo, back, dangers } = await planned({
      kind: 'rename-column',
      table: 'users',
      column: 'name',
      to: 'full_name',
    });
    expect(files.map(({ name }) => name)).toEqual([
      'expand_full_name',
      'backfill_full_name',
      'require_full_name',
      'contract_name',
    ]);
    expect(left).toEqual(['index public.users_name']);
    expect(await dangers()).toEqual([]);
    await upTo(3);
    expect(await rows('select count(*)::integer as n from users where full_name = name')).toEqual([
      { n: 12_000 },
    ]);
    // The release before, then the next one, insert and update; each sees what the other wrote.
    await client.query("insert into users (name, bio) values ('old', 'b'), (default, 'b')");
    await client.query("insert into users (full_name, bio) values ('new', 'b')");
    await client.query("update users set name = 'old again' where full_name = 'user 1'");
    await client.query("update users set full_name = 'new again' where name = 'user 2'");
    expect(
      await rows('select name, full_name from users where id <= 2 or id > 12000 order by id'),
    ).toEqual(
      ['old again', 'new again', 'old', 'nobody', 'new'].map((value) => ({
        name: value,
        full_name: value,
      })),
    );
    await upTo(4);
    await client.query("insert into users (bio) values ('b')");
    expect(await rows('select full_name from users order by id desc limit 1')).toEqual([
      { full_name: 'nobody' },
    ]);
    await back(1);
    expect(await rows('select count(*)::integer as n from users where name = full_name')).toEqual([
      { n: 12_004 },
    ]);
    await client.query("insert into users (name, bio) values ('after', 'b')");
    expect(await rows('select full_name from users order by id desc limit 1')).toEqual([
      { full_name: 'after' },
    ]);
    await back(3);
    // The index went with the column, as the plan said: it stands among what a person moves.
    await client.query('create index users_name on users (name)');
    expect(await catalog()).toEqual(
      expect.arrayContaining(start.filter(({ kind }) => kind !== 'column order')),
    );
  });

  test('change-type: the name stays, the values are kept both ways', async () => {
    await client.query("insert into users (size, bio) values (1, 'a'), (null, 'b')");
    const start = await catalog();
    const { upTo, back, dangers } = await planned({
      kind: 'change-type',
      table: 'users',
      column: 'size',
      type: 'bigint',
    });
    // The switch renames columns: that is the moment which the plan names.
    expect((await dangers()).every(({ rule }) => rule === 'rename-column')).toBe(true);
    await upTo(3);
    await client.query("insert into users (size, bio) values (7, 'c')");
    expect(await rows('select size::text, size_old from users order by id')).toEqual([
      { size: '1', size_old: 1 },
      { size: null, size_old: null },
      { size: '7', size_old: 7 },
    ]);
    await upTo(4);
    expect(await rows('select pg_typeof(size)::text as type from users limit 1')).toEqual([
      { type: 'bigint' },
    ]);
    await back(4);
    expect(await rows('select size from users order by id')).toEqual([
      { size: 1 },
      { size: null },
      { size: 7 },
    ]);
    expect(await catalog()).toEqual(
      expect.arrayContaining(start.filter(({ kind }) => kind !== 'column order')),
    );
  });

  test('add-required: inserts of the release before go on', async () => {
    await client.query("insert into users (bio) values ('a')");
    const start = await catalog();
    const { upTo, back, dangers } = await planned({
      kind: 'add-required',
      table: 'users',
      column: 'plan',
      type: 'text',
      value: "'free'",
    });
    expect(await dangers()).toEqual([]);
    await upTo(3);
    await client.query("insert into users (bio) values ('b')");
    expect(await rows('select plan from users')).toEqual([{ plan: 'free' }, { plan: 'free' }]);
    await upTo(4);
    await expect(client.query("insert into users (bio) values ('c')")).rejects.toThrow(
      'null value',
    );
    await back(4);
    expect(await catalog()).toEqual(start);
  });

  const add = (type: string, value: string): Extract<Change, { kind: 'add-required' }> => ({
    kind: 'add-required',
    table: 'users',
    column: 'plan',
    type,
    value,
  });

  test.each([
    ['a subquery', 'text', "(select 'free' from users limit 1)", 'free'],
    ['another column', 'text', "coalesce(users.link, bio) || '!'", 'a!'],
    ['a text in dollar quotes', 'text', "$$it's free$$", "it's free"],
    ['a call', 'integer', "length('four') + 0 /* in all */", 4],
  ])('add-required: %s as value', async (_, type, value, result) => {
    await client.query("insert into users (bio) values ('a')");
    const start = await catalog();
    const { upTo, back, dangers } = await planned(add(type, value));
    expect(await dangers()).toEqual([]);
    await upTo(3);
    await client.query("insert into users (bio) values ('a')");
    expect(await rows('select plan from users')).toEqual([{ plan: result }, { plan: result }]);
    await upTo(4);
    await expect(client.query("insert into users (bio) values ('c')")).rejects.toThrow(
      'null value',
    );
    await back(1);
    await client.query("insert into users (bio) values ('a')");
    await back(3);
    expect(await catalog()).toEqual(start);
  });

  test.each<[string, Change, RegExp]>([
    ['two values', add('text', "'a', 'b'"), /one SQL expression/],
    ['another statement', add('text', "'a'; drop table users"), /one SQL expression/],
    ['a comment at the end', add('text', "'a' -- free"), /one SQL expression/],
    ['an alias', add('text', "'a' as plan"), /one SQL expression/],
    ['no text', add('text', ' '), /one SQL expression/],
    ['text without quotes', add('text', 'free'), /column "free" does not exist/],
    ['null', add('text', 'null'), /NOT NULL without a value/],
    ['null by a call', add('text', "nullif('a', 'a')"), /users_?.*plan_is_not_null|is violated/],
    ['a value of another type', add('integer', "'a'"), /invalid input syntax/],
    ['a set', add('integer', 'generate_series(1, 2)'), /set-returning/],
    ['a sum', add('integer', 'sum(1)'), /aggregate functions are not allowed/],
    ['a parameter', add('text', '$1'), /there is no parameter/],
    ['an unknown function', add('text', 'free()'), /does not exist/],
    ['an unknown type', add('txt', "'a'"), /type "txt" does not exist/],
    ['a type and a rule', add('text not null', "'a'"), /write the type alone/],
    ['two columns', add('text, b text', "'a'"), /write the type alone/],
    ['a serial', add('bigserial', '1'), /a sequence of its own/],
    [
      'a column that is there',
      { ...add('text', "'a'"), column: 'bio' },
      /column "bio" .* already exists/,
    ],
    [
      'a type with no way from the old one',
      { kind: 'change-type', table: 'users', column: 'size', type: 'numbers' },
      /type "numbers" does not exist/,
    ],
    [
      'a name in use',
      { kind: 'rename-column', table: 'users', column: 'name', to: 'bio' },
      /column "bio" .* already exists/,
    ],
    [
      'a name that is too long',
      { kind: 'rename-column', table: 'users', column: 'name', to: 'n'.repeat(64) },
      /1 to 63 bytes/,
    ],
    [
      'a table in use',
      { kind: 'split-table', table: 'users', columns: ['bio'], to: 'users' },
      /relation "users" already exists/,
    ],
    [
      'a column twice',
      { kind: 'split-table', table: 'users', columns: ['bio', 'bio'], to: 'profiles' },
      /specified more than once/,
    ],
  ])('refuses %s, and says why', async (_, change, message) => {
    await expect(planned(change)).rejects.toMatchObject({
      code: 'usage',
      exitCode: 3,
      message: expect.stringMatching(message),
    });
  });

  test('says when only the rows decide', async () => {
    const scratch = scratchOnServer(database.url);
    const { unproved, files } = await plan(
      { kind: 'change-type', table: 'users', column: 'bio', type: 'integer' },
      { folder: folder.path, scratch },
    );
    expect(unproved).toMatch(/backfill_bio_new.sql:.*invalid input syntax for type integer/);
    expect(files.length).toBe(5);
    const asked = await plan(add('integer', "(select size from users where name = 'Ada')"), {
      folder: folder.path,
      scratch,
    });
    expect(asked.unproved).toMatch(/plan_is_not_null.* is violated/);
  });

  test('two tables change at once, in any schema, and a collation stays', async () => {
    const start: File = {
      name: '0000_start',
      sql: `create schema other; create table other.people (name text collate "C", size integer);
        create table users (name text collate "C", size integer);`,
      down: 'drop schema other cascade; drop table users;',
    };
    await folder.write([start]);
    const of = (change: Change) =>
      plan(change, { folder: folder.path, scratch: scratchOnServer(database.url) });
    const plans = await Promise.all(
      ['users', 'other.people'].flatMap((table, index) => [
        of({ kind: 'rename-column', table, column: 'name', to: 'full name' }),
        of({ kind: 'change-type', table, column: 'size', type: index ? 'bigint' : 'numeric' }),
      ]),
    );
    const files: File[] = [0, 1, 2, 3, 4].flatMap((step) =>
      plans.flatMap(({ files: steps }, index) => {
        const { name = '', up = '', down } = steps[step] ?? {};
        if (name === '') return [];
        return [{ name: `${step + 1}00${index}_${name}`, sql: up, ...(down && { down }) }];
      }),
    );
    expect(files.map(({ name }) => name)).toContain('1000_expand_full_name');
    const fresh = await createTestDatabase();
    try {
      await migrate(fresh.url, { folder: folder.path });
      const before = await describeCatalog(fresh.url);
      await folder.write([start, ...files]);
      await migrate(fresh.url, { folder: folder.path });
      const after = await describeCatalog(fresh.url);
      const typeOf = (name: string) =>
        after.find((object) => object.kind === 'column' && object.name === name)?.definition;
      expect(typeOf('public.users."full name"')).toMatch(/COLLATE .*"C"/);
      expect(typeOf('public.users.size')).toBe('numeric');
      expect(typeOf('other.people.size')).toBe('bigint');
      await rollback(fresh.url, {
        folder: folder.path,
        steps: files.length,
        confirmLoss: () => true,
      });
      const withoutOrder = before.filter(({ kind }) => kind !== 'column order');
      expect(await describeCatalog(fresh.url)).toEqual(expect.arrayContaining(withoutOrder));
    } finally {
      await fresh.close();
    }
  });

  test('split-table: both releases write while it goes on, and it goes back', async () => {
    await client.query(
      "insert into users (bio, link) select 'bio ' || g, 'l' from generate_series(1, 6000) g",
    );
    const start = await catalog();
    const { upTo, back } = await planned({
      kind: 'split-table',
      table: 'users',
      columns: ['bio', 'link'],
      to: 'profiles',
    });
    await upTo(2);
    expect(
      await rows(
        'select count(*)::integer as n from users u join profiles p using (id) where u.bio = p.bio',
      ),
    ).toEqual([{ n: 6_000 }]);
    await client.query("insert into users (bio) values ('old')");
    await client.query("update users set bio = 'old again' where id = 1");
    await client.query(
      "with made as (insert into users (name) values ('x') returning id) insert into profiles (id, bio) select id, 'new' from made",
    );
    await client.query("update profiles set bio = 'new again' where id = 2");
    expect(
      await rows(
        'select u.bio, p.bio as there from users u join profiles p using (id) where id <= 2 or id > 6000 order by id',
      ),
    ).toEqual(
      ['old again', 'new again', 'old', 'new'].map((value) => ({ bio: value, there: value })),
    );
    await upTo(4);
    expect(await rows('select count(*)::integer as n from profiles where bio is not null')).toEqual(
      [{ n: 6_002 }],
    );
    await back(4);
    expect(await rows('select count(*)::integer as n from users where bio is not null')).toEqual([
      { n: 6_002 },
    ]);
    expect(await catalog()).toEqual(
      expect.arrayContaining(start.filter(({ kind }) => kind !== 'column order')),
    );
  });

  test('the command writes the files and says when each is due', async () => {
    const output = join(folder.path, 'planned');
    const args = [
      '--no-config',
      '--folder',
      folder.path,
      '--scratch-url',
      database.url,
      '--output',
      output,
    ];
    const { code, out, err } = await run([
      'plan',
      'rename-column',
      'users.name',
      'full_name',
      ...args,
    ]);
    expect(code, err).toBe(0);
    expect(out).toContain('when every instance runs the next release');
    expect(out).toContain('index public.users_name');
    expect((await readdir(output)).length).toBe(8);
    expect((await run(['plan', 'rename-column', 'users.nope', 'x', ...args])).code).toBe(3);
  });
});
