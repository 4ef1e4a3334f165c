import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { capabilities } from '@reference/local-postgres';
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
