import { capabilities } from '@reference/local-postgres';
import { Client } from 'pg';
import { describe, expect, test, vi } from 'vitest';
import { migrate, review } from '../src/index.ts';
import { splitStatements } from '../src/sql/split.ts';
import { useEmptyDatabase } from './fresh-database.ts';
import { MigrationsFolder } from './migrations-folder.ts';

// Servers and processes take seconds to start on a busy machine.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const SCHEMA = `
create type mood as enum ('sad', 'happy');
create table teams (id integer primary key, name text);
create table users (id integer primary key, "teamId" integer, name text not null, email text, age integer, mood mood default 'sad');
create index users_name on users (name);
create table posts (id integer not null, title text, slug text not null);
insert into teams select i, 'team ' || i from generate_series(1, 5) i;
insert into users select i, i % 5 + 1, 'user ' || i, 'u' || i, i % 90, 'sad' from generate_series(1, 12000) i;
insert into posts select i, 'post ' || i, 'slug-' || i from generate_series(1, 100) i;`;

// The review's recommendations must run verbatim on tables with rows, and cover every row.
describe.skipIf(!capabilities.concurrency)('every recommended sequence runs', () => {
  const database = useEmptyDatabase();

  test.each([
    ['drop table teams', 'select count(*)::int as n from teams_unused', 5],
    ['alter table users drop column name', 'select count(name)::int as n from users', 12000],
    [
      'alter table users rename column name to "fullName"',
      'select count(*)::int as n from users where name = "fullName"',
      12000,
    ],
    [
      'alter table teams rename to groups',
      'select count(*)::int as n from teams join groups using (id)',
      5,
    ],
    [
      'alter table users alter column age type bigint',
      'select count(*)::int as n from users where age_new = age',
      12000,
    ],
    [
      'alter table users alter column age type varchar(3) using age::varchar(3)',
      'select count(*)::int as n from users where age_new = age::text',
      12000,
    ],
    [
      'alter table users alter column email set not null',
      "select count(*)::int as n from pg_attribute where attrelid = 'users'::regclass and attname = 'email' and attnotnull",
      1,
    ],
    [
      'alter table users add column "lastName" text not null',
      'select count(*)::int as n from users where "lastName" = \'\'',
      12000,
    ],
    [
      'alter table users add column key uuid default gen_random_uuid() not null',
      'select count(distinct key)::int as n from users',
      12000,
    ],
    [
      'alter table users add column seen timestamp(3) with time zone not null',
      'select count(seen)::int as n from users',
      12000,
    ],
    [
      'alter table users add column owner_id integer default 1 not null',
      'select count(*)::int as n from users where owner_id is null',
      12000,
    ],
    [
      'alter table users add constraint fk foreign key ("teamId") references teams (id) on delete cascade',
      "select count(*)::int as n from pg_constraint where conname = 'fk' and convalidated",
      1,
    ],
    [
      'alter table users add foreign key ("teamId") references teams (id)',
      "select count(*)::int as n from pg_constraint where conname = 'users_teamId_fkey' and convalidated",
      1,
    ],
    [
      'alter table users add check (age >= 0)',
      "select count(*)::int as n from pg_constraint where conname = 'users_age_check' and convalidated",
      1,
    ],
    [
      'alter table posts add constraint posts_slug unique (slug)',
      "select count(*)::int as n from pg_constraint where conname = 'posts_slug' and contype = 'u'",
      1,
    ],
    [
      'alter table posts add primary key (id)',
      "select count(*)::int as n from pg_constraint where conrelid = 'posts'::regclass and contype = 'p'",
      1,
    ],
    [
      'alter table posts alter column id add generated always as identity',
      "select nextval(pg_get_serial_sequence('posts', 'id'))::int as n",
      101,
    ],
    [
      'create index on posts (title)',
      "select count(*)::int as n from pg_index where indrelid = 'posts'::regclass and indisvalid",
      1,
    ],
    [
      'create unique index if not exists posts_slug on posts using btree (slug)',
      "select count(*)::int as n from pg_index where indrelid = 'posts'::regclass and indisvalid",
      1,
    ],
    [
      'drop index users_name',
      "select count(*)::int as n from pg_class where relname = 'users_name'",
      0,
    ],
    [
      'reindex index users_name',
      "select count(*)::int as n from pg_class where relname = 'users_name'",
      1,
    ],
    ['truncate posts', 'select count(*)::int as n from posts_before_truncate', 100],
    ['delete from posts where id > 90', 'select count(*)::int as n from posts_before_delete', 10],
    [
      'delete from users u using teams t where t.id = u."teamId" and t.id = 1',
      'select count(*)::int as n from users_before_delete',
      12000,
    ],
    [
      "update posts set title = 'x' where id < 11",
      'select count(*)::int as n from posts_before_update',
      10,
    ],
    [
      "update users set mood = 'happy' where mood is null",
      'select count(*)::int as n from users where mood is null',
      0,
    ],
    [
      "alter type mood rename value 'sad' to 'down'",
      "select count(*)::int as n from unnest(enum_range(null::mood)) v where v::text in ('sad', 'down')",
      2,
    ],
  ])('%s', async (sql, check, expected) => {
    const client = new Client({ connectionString: database.url });
    await client.connect();
    try {
      await client.query(SCHEMA);
      const findings = (
        await review(sql, { history: [{ name: 'schema.sql', sql: SCHEMA }], squawk: false })
      ).filter(({ safer }) => safer);
      expect(findings).toHaveLength(1);
      for (const statement of splitStatements(findings[0]?.safer ?? ''))
        await client.query(statement.text);
      const { rows } = await client.query<{ n: number }>(check);
      expect(rows).toEqual([{ n: expected }]);
    } finally {
      await client.end();
    }
  });

  test('a batched fill runs through the runner, as a file of its own', async () => {
    const folder = await MigrationsFolder.create([{ name: '0000_schema', sql: SCHEMA }]);
    await migrate(database.url, { folder: folder.path });
    const [finding] = await review("update users set mood = 'happy' where mood is null", {
      squawk: false,
    });
    expect(finding?.safer).toContain('no-transaction');
    await folder.write([
      { name: '0000_schema', sql: SCHEMA },
      { name: '0001_fill', sql: `-- migrator: no-transaction\n${finding?.safer}` },
    ]);
    expect((await migrate(database.url, { folder: folder.path })).applied).toHaveLength(1);
    await folder.remove();
  });

  test('a batched fill whose condition stays true writes each row once', async () => {
    const before = `create table notes (id integer primary key, updated_at timestamptz);
      create sequence writes;
      insert into notes select g from generate_series(1, 12000) g;
      create function count_write() returns trigger language plpgsql as $$ begin perform nextval('writes'); return new; end $$;
      create trigger notes_count before update on notes for each row execute function count_write();`;
    const [finding] = await review('update notes set updated_at = now() where id > 0', {
      squawk: false,
    });
    expect(finding?.rule).toBe('backfill-unbatched');
    const fill = `-- migrator: no-transaction\n${finding?.safer}`;
    const folder = await MigrationsFolder.create([
      { name: '0000_notes', sql: before },
      { name: '0001_fill', sql: fill },
    ]);
    const client = new Client({ connectionString: database.url });
    await client.connect();
    try {
      await migrate(database.url, { folder: folder.path });
      const { rows } = await client.query('select last_value::integer as n from writes');
      expect(rows).toEqual([{ n: 12_000 }]);
    } finally {
      await client.end();
      await folder.remove();
    }
    // The review must not warn about its own advice.
    expect(await review(fill, { squawk: false })).toEqual([]);
  });
});
