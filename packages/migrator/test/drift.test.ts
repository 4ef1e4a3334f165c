import { capabilities } from '@reference/local-postgres';
import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { baseline, drift, migrate, repair, scratchOnServer, status } from '../src/index.ts';
import { useEmptyDatabase } from './fresh-database.ts';
import { MigrationsFolder } from './migrations-folder.ts';

// Servers and processes take seconds to start on a busy machine.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const SCHEMA = `
create type mood as enum ('sad', 'happy');
create table teams (id integer primary key, name text not null default 'none');
create table people (id integer primary key, team_id integer references teams (id) on delete cascade, age integer check (age > 0), mood mood, email text);
create index people_team on people (team_id);
create unique index people_email on people (email);
create function touch() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger people_touch before update on people for each row execute function touch();
alter table people enable row level security;
alter table people force row level security;
create policy people_own on people for select using (id = 1);
create view grown as select id from people where age > 17;`;

describe.skipIf(!capabilities.concurrency)('drift and baseline', () => {
  const database = useEmptyDatabase();
  let folder: MigrationsFolder;
  let client: Client;

  beforeAll(async () => {
    folder = await MigrationsFolder.create([{ name: '0000_schema', sql: SCHEMA }]);
  });
  afterAll(() => folder.remove());
  beforeEach(async () => {
    client = new Client({ connectionString: database.url });
    await client.connect();
    return () => client.end();
  });

  // Only this process: other test files make scratch databases on the same server.
  const scratchDatabases = async (): Promise<number> => {
    const { rows } = await client.query('select 1 from pg_database where datname like $1', [
      `migrator_scratch_%_${process.pid}_%`,
    ]);
    return rows.length;
  };
  const found = async (change: string) => {
    await migrate(database.url, { folder: folder.path });
    for (const statement of change.split(';;')) await client.query(statement).catch(() => {});
    const differences = await drift(database.url, { folder: folder.path, level: 'cosmetic' });
    return differences.map(({ kind, name, change: how }) => `${how} ${kind} ${name}`);
  };

  test.each([
    ['a column', 'alter table teams add column extra text', ['extra column public.teams.extra']],
    [
      'a column’s type',
      'alter table teams alter column name type varchar(80)',
      ['different column public.teams.name'],
    ],
    [
      'a default',
      "alter table teams alter column name set default 'some'",
      ['different column public.teams.name'],
    ],
    [
      'NOT NULL',
      'alter table teams alter column name drop not null',
      ['different column public.teams.name'],
    ],
    ['a table', 'create table stray (id integer)', ['extra table public.stray']],
    [
      'a missing table',
      'drop table people cascade',
      ['missing table public.people', 'missing view public.grown'],
    ],
    [
      'a constraint',
      'alter table people drop constraint people_age_check',
      ['missing constraint public.people.people_age_check'],
    ],
    [
      'an ON DELETE',
      'alter table people drop constraint people_team_id_fkey, add constraint people_team_id_fkey foreign key (team_id) references teams (id)',
      ['different constraint public.people.people_team_id_fkey'],
    ],
    ['an index', 'drop index people_team', ['missing index public.people_team']],
    [
      'an invalid index',
      'drop index people_email;;insert into people (id, email) values (1, $$a$$), (2, $$a$$);;create unique index concurrently people_email on people (email)',
      ['different index public.people_email'],
    ],
    [
      'an enum value',
      "alter type mood add value 'calm' before 'happy'",
      ['different enum public.mood'],
    ],
    [
      'a policy',
      'alter policy people_own on people using (true)',
      ['different policy public.people.people_own'],
    ],
    [
      'a missing policy',
      'drop policy people_own on people',
      ['missing policy public.people.people_own'],
    ],
    [
      'FORCE',
      'alter table people no force row level security',
      ['different row security public.people'],
    ],
    [
      'row security',
      'alter table people disable row level security, no force row level security',
      ['missing row security public.people'],
    ],
    [
      'a trigger',
      'drop trigger people_touch on people',
      ['missing trigger public.people.people_touch'],
    ],
    [
      'a disabled trigger',
      'alter table people disable trigger people_touch',
      ['different trigger public.people.people_touch'],
    ],
    [
      'a function',
      'create or replace function touch() returns trigger language plpgsql as $$ begin return null; end $$',
      ['different function public.touch()'],
    ],
    [
      'a view',
      'create or replace view grown as select id from people where age > 20',
      ['different view public.grown'],
    ],
    ['a grant', 'grant select on teams to public', ['extra grant TABLE public.teams TO PUBLIC']],
    ['a comment', "comment on table teams is 'of people'", ['extra comment TABLE public.teams']],
  ])('finds %s', async (_, change, expected) => {
    expect(await found(change)).toEqual(expected);
    expect(await scratchDatabases()).toBe(0);
  });

  test('finds nothing where nothing differs, whatever is pending', async () => {
    expect(await found('select 1')).toEqual([]);
  });

  test('repair builds an invalid index anew when asked', async () => {
    await found(
      'drop index people_email;;insert into people (id, email) values (1, $$a$$), (2, $$a$$);;create unique index concurrently people_email on people (email)',
    );
    expect(await repair(database.url, { folder: folder.path })).toMatchObject([
      {
        kind: 'invalid index',
        what: 'public.people_email',
        resolved: false,
        option: 'rebuildIndexes',
      },
    ]);
    await client.query('delete from people where id = 2');
    expect(await repair(database.url, { folder: folder.path, rebuildIndexes: true })).toMatchObject(
      [{ resolved: true }],
    );
    expect(await drift(database.url, { folder: folder.path })).toEqual([]);
  });

  test('baseline records on equality, and only then', async () => {
    await client.query(SCHEMA);
    await client.query('alter table teams add column extra text');
    await expect(baseline(database.url, { folder: folder.path })).rejects.toMatchObject({
      code: 'different',
      exitCode: 2,
      differences: [{ change: 'extra', kind: 'column', name: 'public.teams.extra' }],
    });
    expect(await status(database.url, { folder: folder.path })).toMatchObject([
      { state: 'pending' },
    ]);
    await client.query('alter table teams drop column extra');
    expect(await baseline(database.url, { folder: folder.path })).toEqual(['0000_schema']);
    expect(await status(database.url, { folder: folder.path })).toMatchObject([
      { state: 'applied' },
    ]);
    expect((await migrate(database.url, { folder: folder.path })).applied).toEqual([]);
    expect(await scratchDatabases()).toBe(0);
  });

  test('baseline goes on where a run stopped at what was there already', async () => {
    const files = [
      { name: '0000_schema', sql: 'create schema if not exists crm;' },
      { name: '0001_people', sql: 'create table crm.people (id integer);' },
    ];
    const made = await MigrationsFolder.create(files);
    await client.query('create schema crm; create table crm.people (id integer)');
    await expect(migrate(database.url, { folder: made.path })).rejects.toMatchObject({
      message: expect.stringContaining('db:baseline'),
    });
    expect(await baseline(database.url, { folder: made.path })).toEqual(['0001_people']);
    expect((await migrate(database.url, { folder: made.path })).applied).toEqual([]);
    await expect(baseline(database.url, { folder: made.path })).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('adopted'),
    });
    await made.remove();
  });

  test('a scratch database is dropped also when what runs in it fails', async () => {
    await client.query('create schema drizzle');
    const broken = await MigrationsFolder.create([
      { name: '0000_broken', sql: 'create table a (id nonsense);' },
    ]);
    await expect(baseline(database.url, { folder: broken.path })).rejects.toMatchObject({
      statement: { sqlstate: '42704' },
    });
    expect(await scratchDatabases()).toBe(0);
    const scratch = await scratchOnServer(database.url)();
    expect(await scratchDatabases()).toBe(1);
    await scratch.close();
    expect(await scratchDatabases()).toBe(0);
    await broken.remove();
  });
});
