import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { capabilities, createTestDatabase } from '@reference/local-postgres';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate as drizzleMigrate } from 'drizzle-orm/postgres-js/migrator';
import pg from 'pg';
import postgres from 'postgres';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  describeCatalog,
  migrate,
  rollback,
  scratchOnServer,
  squash,
  status,
} from '../src/index.ts';
import { loadParser } from '../src/review/statements.ts';
import { carriedStatements } from '../src/squash/carried.ts';
import { useEmptyDatabase } from './fresh-database.ts';
import { type File, MigrationsFolder } from './migrations-folder.ts';

const database = useEmptyDatabase();
let folder: MigrationsFolder;
let archive: string;
beforeEach(async () => {
  archive = await mkdtemp(join(tmpdir(), 'migrator-archive-'));
});
afterEach(async () => {
  await folder.remove();
  await rm(archive, { recursive: true, force: true });
});

const history: readonly File[] = [
  {
    name: '0000_people',
    sql: `do $$ begin if not exists (select from pg_roles where rolname = 'squash_reader') then create role squash_reader; end if; end $$;
create extension pg_trgm;
create type mood as enum ('fine');
create table people (id bigint generated always as identity primary key, name text not null, mood mood, changed_at timestamptz(3) not null default now());
insert into people (name, mood) values ('Ada', 'fine'), ('O''Hara \\ "x"', null);`,
  },
  {
    name: '0001_mood',
    sql: `alter type mood add value 'low';`,
  },
  {
    name: '0002_index',
    sql: `-- migrator: no-transaction
create index concurrently people_name on people using gin (name gin_trgm_ops);
create unique index concurrently people_id_mood on people (id) include (mood) where mood is not null;`,
  },
  {
    name: '0003_rights',
    sql: `alter table people rename column mood to feeling;
alter table people enable row level security;
alter table people force row level security;
create policy own on people using (name = current_user) with check (true);
grant select (id, name), insert on people to squash_reader with grant option;
alter default privileges in schema public grant select on tables to squash_reader;
create table events (id uuid, at date not null, person bigint references people on delete cascade, body jsonb) partition by range (at);
create table events_2026 partition of events for values from ('2026-01-01') to ('2027-01-01');
create table events_rest partition of events default;
create index on events (person);
alter table events alter column body set storage external;
insert into events values ('6f0f4be2-7a3e-4f3a-9a43-2d1c2e3f4a5b', '2026-05-05', 2, '{"a": [1, "\\u00e9"]}');
create function touch() returns trigger language plpgsql as $f$ begin new.changed_at := now(); return new; end $f$;
create trigger people_touch before update on people for each row execute function touch();
create view grumpy as select id, name from people where feeling = 'low';
comment on column people.name is 'How they''re called';`,
  },
];

const asFolder = async (files: readonly File[]) => {
  folder = await MigrationsFolder.create(files);
  return folder.path;
};
const options = (path: string) => ({
  folder: path,
  archive,
  scratch: scratchOnServer(database.url),
});
const query = async (url: string, text: string) => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
};
const rowsOf = async (url: string) => [
  await query(url, 'select * from people order by id'),
  await query(url, 'select *, tableoid::regclass::text from events'),
];
const states = async (path: string) =>
  (await status(database.url, { folder: path })).map(({ name, state }) => `${name} ${state}`);

describe.skipIf(!capabilities.concurrency)('squash', () => {
  test('a block that makes only what the catalog describes is not carried', async () => {
    await loadParser();
    const sql = "do $$ begin execute 'create table p partition of t default'; end $$;";
    folder = await MigrationsFolder.create([{ name: '0000_block', sql }]);
    expect(carriedStatements([{ sql }])).toEqual({ first: [], last: [], unread: [] });
  });

  test('makes the same schema, rights, rows and positions by one file, and has a down migration', async () => {
    const path = await asFolder(history);
    const former = await createTestDatabase();
    try {
      await migrate(former.url, { folder: path });
      const made = await squash(options(path));
      expect(made.replaced).toEqual(history.map(({ name }) => name));
      expect(made.withoutDown).toBeUndefined();
      expect(made.carried).toEqual({
        first: [expect.stringContaining('create role squash_reader')],
        last: [],
        unread: [],
      });
      expect(await readdir(path)).toEqual(['0000_squashed.down.sql', '0000_squashed.sql', 'meta']);
      expect((await readdir(archive)).sort()).toEqual(history.map(({ name }) => `${name}.sql`));

      const empty = await describeCatalog(database.url);
      await migrate(database.url, { folder: path });
      expect(await describeCatalog(database.url)).toEqual(await describeCatalog(former.url));
      const [formerRows, rows] = [await rowsOf(former.url), await rowsOf(database.url)];
      const withoutTime = (all: Record<string, unknown>[][]) =>
        all.map((some) => some.map(({ changed_at: _, ...row }) => row));
      expect(withoutTime(rows)).toEqual(withoutTime(formerRows));
      const [next] = await query(
        database.url,
        "insert into people (name) values ('Ben') returning id::int as id",
      );
      expect(next).toEqual({ id: 3 });
      await rollback(database.url, { folder: path, confirmLoss: () => true });
      expect(await describeCatalog(database.url)).toEqual(empty);
    } finally {
      await former.close();
    }
  });

  test('a database that has the former migrations records the file, and goes on', async () => {
    const path = await asFolder(history);
    await migrate(database.url, { folder: path });
    const before = await rowsOf(database.url);
    await squash({ ...options(path), name: 'init' });
    expect(await states(path)).toEqual(['0000_init squashed']);
    await expect(rollback(database.url, { folder: path })).rejects.toMatchObject({
      code: 'squashed',
      message: expect.stringContaining('Run db:migrate first'),
    });
    expect((await migrate(database.url, { folder: path, dryRun: true })).applied).toEqual([]);
    expect(await states(path)).toEqual(['0000_init squashed']);

    await addAfter(path, '0001_more', 'create table more (id int primary key);');
    const { applied } = await migrate(database.url, { folder: path });
    expect(applied.map(({ name }) => name)).toEqual(['0001_more']);
    expect(await states(path)).toEqual(['0000_init applied', '0001_more applied']);
    expect(await rowsOf(database.url)).toEqual(before);
    expect((await migrate(database.url, { folder: path })).applied).toEqual([]);
  });

  test('a database that has some of them only is left alone', async () => {
    const path = await asFolder(history.slice(0, 2));
    await migrate(database.url, { folder: path });
    await folder.write(history);
    await squash(options(path));
    await expect(migrate(database.url, { folder: path })).rejects.toMatchObject({
      code: 'squashed',
      message: expect.stringContaining('it lacks 0002_index, 0003_rights'),
    });
    expect(await states(path)).toEqual(['0000_squashed squashed']);
  });

  test('drizzle’s own runner passes over it where the former ran, and runs it elsewhere', async () => {
    const path = await asFolder(history.filter(({ name }) => name !== '0002_index'));
    const sql = postgres(database.url, { max: 1, onnotice: () => {} });
    const fresh = await createTestDatabase();
    const other = postgres(fresh.url, { max: 1, onnotice: () => {} });
    try {
      await drizzleMigrate(drizzle(sql), { migrationsFolder: path });
      const before = await rowsOf(database.url);
      await squash(options(path));
      await drizzleMigrate(drizzle(sql), { migrationsFolder: path });
      expect(await rowsOf(database.url)).toEqual(before);
      await drizzleMigrate(drizzle(other), { migrationsFolder: path });
      expect(await describeCatalog(fresh.url)).toEqual(await describeCatalog(database.url));
      await migrate(database.url, { folder: path });
      expect(await states(path)).toEqual(['0000_squashed applied']);
    } finally {
      await sql.end();
      await other.end();
      await fresh.close();
    }
  });

  test('takes a history of drizzle-kit 1.0 as well', async () => {
    folder = await MigrationsFolder.create();
    await folder.remove();
    for (const [name, text] of [
      ['20260101120000_one', 'create table one (id int primary key);'],
      ['20260201120000_two', 'alter table one add column two int;'],
    ] as const) {
      await mkdir(join(folder.path, name), { recursive: true });
      await writeFile(join(folder.path, name, 'migration.sql'), text);
      await writeFile(join(folder.path, name, 'snapshot.json'), '{"id":"x","prevIds":["y"]}');
    }
    await migrate(database.url, { folder: folder.path });
    await squash(options(folder.path));
    const [name = ''] = await readdir(folder.path);
    expect(name).toBe('20260201120000_squashed');
    expect(JSON.parse(await readFile(join(folder.path, name, 'snapshot.json'), 'utf8'))).toEqual({
      id: 'x',
      prevIds: ['00000000-0000-0000-0000-000000000000'],
    });
    await migrate(database.url, { folder: folder.path });
    expect(await states(folder.path)).toEqual([`${name} applied`]);
  });

  test('a second squash takes over a database that skipped the first', async () => {
    const tables: File[] = ['a', 'b', 'c'].map((name, index) => ({
      name: `000${index}_${name}`,
      sql: `create table ${name} (id integer primary key);`,
    }));
    const path = await asFolder(tables);
    const partial = await createTestDatabase();
    const again = await mkdtemp(join(tmpdir(), 'migrator-archive-'));
    try {
      // A migration of another branch, applied before the squash of the first two reached it.
      await migrate(database.url, { folder: path });
      await folder.write(tables.slice(0, 2));
      await migrate(partial.url, { folder: path });
      const first = await squash({ ...options(path), name: 'first' });
      const sql = await readFile(first.path, 'utf8');
      const firstName = first.path.replace(/^.*[/]|[.]sql$/g, '');
      await folder.write([{ name: firstName, sql }, ...tables.slice(2)]);
      const second = await squash({ ...options(path), archive: again, name: 'second' });
      const text = await readFile(second.path, 'utf8');
      expect(
        text
          .match(/^-- migrator: replaces .*$/gm)
          ?.map((line) => line.replace(/ [0-9a-f]{64}/, '')),
      ).toEqual([
        `-- migrator: replaces ${firstName}`,
        `-- migrator: replaces 0000_a as ${firstName}`,
        `-- migrator: replaces 0001_b as ${firstName}`,
        '-- migrator: replaces 0002_c',
      ]);
      expect((await migrate(database.url, { folder: path })).applied).toEqual([]);
      expect((await states(path)).join()).toMatch(/second applied$/);
      await expect(migrate(partial.url, { folder: path })).rejects.toThrow(/it lacks 0002_c/);
    } finally {
      await partial.close();
      await rm(again, { recursive: true, force: true });
    }
  });

  test('rows of forced tables, squashed and inserted by an owner without special rights', async () => {
    const path = await asFolder([
      {
        name: '0000_rows',
        sql: "create table plans (id integer primary key, name text); insert into plans values (1, 'free'), (2, 'paid');",
      },
      {
        name: '0001_force',
        sql: 'alter table plans enable row level security; alter table plans force row level security; create policy nobody on plans using (false);',
      },
    ]);
    const role = 'squash_owner';
    const url = new URL(database.url);
    [url.username, url.password] = [role, role];
    await query(database.url, `create role ${role} login createdb password '${role}'`);
    try {
      const { path: file } = await squash({ ...options(path), scratch: scratchOnServer(url.href) });
      expect(await readFile(file, 'utf8')).toContain("'free'");
      await query(database.url, `alter schema public owner to ${role}`);
      await query(database.url, `grant create on database "${url.pathname.slice(1)}" to ${role}`);
      await migrate(url.href, { folder: path });
      expect(await query(database.url, 'select name from plans order by id')).toEqual([
        { name: 'free' },
        { name: 'paid' },
      ]);
      expect(await query(url.href, 'select name from plans')).toEqual([]);
    } finally {
      await query(database.url, `drop owned by ${role} cascade; drop role ${role}`);
    }
  });

  test('takes over what no comparison sees, and has no down migration if that would stay', async () => {
    const path = await asFolder([
      { name: '0000_a', sql: 'create table a (id int primary key);' },
      { name: '0001_b', sql: 'create publication everything for table a;' },
      {
        name: '0002_c',
        sql: `create text search configuration own (copy = simple);
do $$ begin alter function pg_catalog.ts_match_vq(tsvector, tsquery) leakproof; end $$;
alter table a alter column id set statistics 500;
revoke usage on schema public from public;
alter default privileges revoke execute on functions from public;
comment on schema public is 'Ours';
create function f() returns int language sql as 'select 1';
alter function f() immutable;
do $$ begin execute 'comment on table a is ' || quote_literal(chr(65)); end $$;`,
      },
    ]);
    const made = await squash(options(path));
    expect(made.carried.last).toEqual([
      'create publication everything for table a',
      'create text search configuration own (copy = simple)',
      expect.stringContaining('leakproof'),
      'alter table a alter column id set statistics 500',
      'revoke usage on schema public from public',
      'alter default privileges revoke execute on functions from public',
      "comment on schema public is 'Ours'",
    ]);
    expect(made.carried.unread).toEqual([expect.stringContaining('chr(65)')]);
    expect(made.withoutDown).toMatch(/already exists/);
    expect(await readFile(made.path, 'utf8')).toMatch(/^-- migrator: irreversible: /);
    const fresh = await createTestDatabase();
    try {
      await migrate(fresh.url, { folder: path });
      expect(await query(fresh.url, 'select pubname from pg_publication')).toHaveLength(1);
      const [marked] = await query(
        fresh.url,
        "select proleakproof as leakproof from pg_proc where proname = 'ts_match_vq'",
      );
      expect(marked).toEqual({ leakproof: true });
    } finally {
      await fresh.close();
    }
  });

  test('its down migration drops what calls, types, checks and counts by one another', async () => {
    const path = await asFolder([
      {
        name: '0000_functions',
        sql: `create schema app;
create extension citext;
create function a_field(value text) returns text language sql immutable return coalesce(value, '-');
create function b_hash(value text) returns text language sql immutable return md5(a_field(value));
create domain hashed as text check (value = b_hash(value));
create sequence app.numbers;
create domain numbered as bigint default nextval('app.numbers');
create function app.of_domain(value hashed) returns hashed language sql return value;
create function app.loose(value citext) returns citext language sql return value;
create procedure app.call_it() language plpgsql as 'begin perform public.a_field(null); end';
create table a_parents (id int);
create unique index a_parents_id on a_parents (id);`,
      },
      {
        name: '0001_tables',
        sql: `create table notes (id int primary key, body text default a_field('x'), hash text generated always as (b_hash('y')) stored, one hashed, two numbered);
create index notes_body on notes (b_hash(body));
create function title(note notes) returns text language sql immutable return note.body;
create index notes_title on notes (title(notes));
alter table notes add foreign key (id) references a_parents (id);
create view titles as select title(notes) as title from notes;
create materialized view counts as select id from notes;
create unique index counts_id on counts (id);
create function of_view(one titles) returns text language sql return one.title;
create function mark() returns trigger language plpgsql as 'begin return new; end';
create trigger mark before insert on notes for each row when (a_field(new.body) <> '') execute function mark();
alter table notes enable row level security;
create policy own on notes using (b_hash(body) <> '');`,
      },
    ]);
    const empty = await describeCatalog(database.url);
    const made = await squash(options(path));
    expect(made.withoutDown).toBeUndefined();
    await migrate(database.url, { folder: path });
    await rollback(database.url, { folder: path, confirmLoss: () => true });
    expect(await describeCatalog(database.url)).toEqual(empty);
  });

  test('writes nothing when one file would leave a right that the history took away', async () => {
    const path = await asFolder([
      { name: '0000_a', sql: 'create table a (id int primary key);' },
      { name: '0001_b', sql: 'revoke delete on a from current_user;' },
    ]);
    await expect(squash(options(path))).rejects.toMatchObject({
      code: 'different',
      message: expect.stringContaining('public.a'),
    });
  });

  test('writes nothing when one file would make other rows', async () => {
    const path = await asFolder([
      {
        name: '0000_rows',
        sql: "create table notes (id int primary key, text text); insert into notes values (1, 'plain');",
      },
      {
        name: '0001_trigger',
        sql: `create function mark() returns trigger language plpgsql as $f$ begin new.text := new.text || '!'; return new; end $f$;
create trigger notes_mark before insert on notes for each row execute function mark();`,
      },
    ]);
    await expect(squash(options(path))).rejects.toMatchObject({
      code: 'different',
      message: expect.stringContaining('perhaps because a trigger changes them'),
    });
    expect(await readdir(path)).toContain('0001_trigger.sql');
    expect(await readdir(archive)).toEqual([]);
  });

  test('refuses data that is no seed, and rows in a circle', async () => {
    const path = await asFolder([
      { name: '0000_a', sql: 'create table a (id int primary key, b int);' },
      { name: '0001_data', sql: 'insert into a (id) select generate_series(1, 10001);' },
    ]);
    await expect(squash(options(path))).rejects.toThrow(/more than 10000 rows in public.a/);
    await folder.write([
      { name: '0000_a', sql: 'create table a (id int primary key, b int);' },
      {
        name: '0001_b',
        sql: `create table b (id int primary key, a int references a); insert into a values (1, 1); insert into b values (1, 1);
alter table a add foreign key (b) references b;`,
      },
    ]);
    await expect(squash(options(path))).rejects.toThrow(/form a cycle \(public.a, public.b\)/);
  });

  test('deletes former files only where version control holds them', async () => {
    const path = await asFolder(history.slice(0, 2));
    const inGit = { folder: path, scratch: scratchOnServer(database.url) };
    await expect(squash(inGit)).rejects.toThrow(/--archive/);
    const git = (...args: string[]) => execFileSync('git', args, { cwd: path });
    git('init', '-q');
    await expect(squash(inGit)).rejects.toThrow(/not committed/);
    git('add', '.');
    git('-c', 'user.name=x', '-c', 'user.email=x@example.com', 'commit', '-qm', 'history');
    await squash(inGit);
    expect((await readdir(path)).filter((name) => name.endsWith('.sql'))).toEqual([
      '0000_squashed.down.sql',
      '0000_squashed.sql',
    ]);
  });
});

/** Writes one more migration behind what the journal holds. */
async function addAfter(path: string, name: string, text: string) {
  const file = join(path, 'meta/_journal.json');
  const journal = JSON.parse(await readFile(file, 'utf8'));
  const { when } = journal.entries.at(-1);
  journal.entries.push({ ...journal.entries[0], idx: 1, tag: name, when: when + 1 });
  await writeFile(file, JSON.stringify(journal));
  await writeFile(join(path, `${name}.sql`), text);
}
