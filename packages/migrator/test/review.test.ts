import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { type Finding, formatFindings, type ReviewOptions, review } from '../src/index.ts';

const rules = async (sql: string, options: ReviewOptions = {}): Promise<string[]> =>
  (await review(sql, { squawk: false, ...options })).map(({ rule, level }) => `${level}: ${rule}`);

describe('loses data', () => {
  test.each([
    ['drop table users', 'drop-table'],
    ['drop table if exists a, b cascade', 'drop-table'],
    ['drop schema old cascade', 'drop-schema'],
    ['alter table users drop column name', 'drop-column'],
    ['truncate sessions', 'truncate'],
    ['delete from users', 'delete-all-rows'],
    ['delete from users u using bans b where b.id = u.id', 'delete-rows'],
    [
      'with gone as (delete from a where x > 1 returning *) insert into b select * from gone',
      'delete-rows',
    ],
    ["update users set name = 'x'", 'update-overwrites'],
    ['update users set email = lower(email)', 'update-overwrites'],
    ['update users set deleted_at = null where id = 1', 'update-overwrites'],
    ['merge into a using b on a.id = b.id when matched then delete', 'update-overwrites'],
    ['alter table t alter column c type varchar(20) using left(c, 20)', 'narrow-column-type'],
    ['alter table t alter column c type date', 'narrow-column-type'],
    ['alter table t alter column c type integer using c::integer', 'narrow-column-type'],
    ['alter table t alter column c type jsonb using null', 'narrow-column-type'],
    ['drop type mood cascade', 'drop-type'],
    ['drop extension vector cascade', 'drop-extension'],
    ['alter table t set unlogged', 'rewrite-table'],
    ['do $$ begin delete from users where old; end $$', 'delete-rows'],
    ["do $$ begin execute 'truncate ' || 'users'; end $$", 'truncate'],
    [
      "do $$ declare r record; begin for r in select 1 loop execute format('drop table %I', r); end loop; end $$",
      'drop-table',
    ],
    [
      'create function clean() returns void language sql as $$ delete from logs $$; select clean()',
      'delete-all-rows',
    ],
    [
      'create procedure clean() language plpgsql as $$ begin truncate logs; end $$; call clean()',
      'truncate',
    ],
  ])('%s', async (sql, rule) => {
    expect(await rules(sql)).toContain(`data loss: ${rule}`);
  });
});

describe('is dangerous', () => {
  test.each([
    ['alter table t alter column c type varchar(20)', 'narrow-column-type'],
    ['create index i on users (name)', 'create-index-blocking'],
    ['create unique index i on users (name)', 'create-index-blocking'],
    ['drop index users_name', 'drop-index-blocking'],
    ['drop index users_email_unique', 'drop-unique'],
    ['create index concurrently i on users (name)', 'concurrently-in-transaction'],
    ['reindex table users', 'reindex-blocking'],
    ['vacuum full users', 'rewrite-table'],
    ['alter table users add column age integer not null', 'add-required-column'],
    ['alter table users add column k uuid default gen_random_uuid()', 'add-column-rewrite'],
    ['alter table users add column n bigserial', 'add-column-rewrite'],
    ['alter table users add column n bigint generated always as identity', 'add-column-rewrite'],
    [
      'alter table users add column v tsvector generated always as (to_tsvector(name)) stored',
      'add-column-rewrite',
    ],
    ['alter table users add column code text unique', 'add-unique'],
    [
      "alter table posts add column owner_id text not null default 'someone'",
      'constant-key-default',
    ],
    ['alter table users alter column name set not null', 'set-not-null'],
    ['alter table users alter column name drop default', 'drop-default'],
    ['alter table users alter column id type bigint', 'change-column-type'],
    [
      'alter table posts add constraint fk foreign key (user_id) references users (id)',
      'add-constraint-validated',
    ],
    ['alter table posts add check (length(title) > 0)', 'add-constraint-validated'],
    ['alter table posts add constraint u unique (slug)', 'add-unique'],
    ['alter table posts add primary key (id)', 'add-unique'],
    [
      'alter table posts add constraint c check (id > 0) not valid; alter table posts validate constraint c',
      'validate-in-same-transaction',
    ],
    ['alter table posts drop constraint posts_pkey', 'drop-unique'],
    ['alter table users rename column name to full_name', 'rename-column'],
    ['alter table users rename to people', 'rename-table'],
    ["alter type mood rename value 'sad' to 'down'", 'rename-enum-value'],
    ['alter type mood rename to feeling', 'rename-object'],
    ["alter type mood add value 'calm'; insert into logs values ('calm')", 'new-enum-value-used'],
    ['drop type mood', 'drop-type'],
    ['drop view active_users', 'drop-view'],
    ['drop function f()', 'drop-function'],
    ['drop trigger t on users', 'drop-trigger'],
    ['alter table users disable trigger all', 'disable-trigger'],
    ["set session_replication_role = 'replica'", 'disable-trigger'],
    ['drop policy p on users', 'drop-policy'],
    ['alter table users disable row level security', 'row-security-off'],
    ['alter table users no force row level security', 'row-security-off'],
    ['alter table users enable row level security', 'row-security-without-policy'],
    ['create policy p on users for all using (true)', 'policy-open'],
    ['create policy p on users for insert with check (true)', 'policy-open'],
    ['alter policy p on users using (true)', 'policy-open'],
    ['grant all on users to public', 'grant-to-public'],
    ['grant select on all tables in schema public to anon', 'grant-to-public'],
    ['alter default privileges in schema public grant all on tables to public', 'grant-to-public'],
    ['grant admin to app', 'powerful-role'],
    ['alter role app bypassrls', 'powerful-role'],
    ["create role app login password 'x'", 'secret-in-file'],
    ['revoke select on users from app', 'revoke'],
    ["insert into user_roles (user_id, role) values (1, 'admin')", 'grants-admin'],
    ["update users set role = 'admin' where email = 'a@b.c'", 'grants-admin'],
    ["update users set name = 'x' where name is null", 'backfill-unbatched'],
    [
      'alter table users add column n text; update users set n = name',
      'backfill-in-ddl-transaction',
    ],
    ["select setval('users_id_seq', 1)", 'reset-sequence'],
    ['alter sequence users_id_seq restart with 1', 'reset-sequence'],
    ['lock table users', 'lock-table'],
    ['refresh materialized view totals', 'refresh-blocking'],
    ['alter table m attach partition p for values in (1)', 'attach-partition'],
    ['alter table m detach partition p', 'detach-partition'],
    [
      'create function f() returns int language sql security definer as $$ select 1 $$',
      'security-definer-search-path',
    ],
    ['alter table users set logged', 'rewrite-table'],
    ["do $$ begin execute (select ddl from plan where kind = 'drop'); end $$", 'dynamic-sql'],
    ['alter domain email add check (value like $$%@%$$)', 'add-constraint-validated'],
  ])('%s', async (sql, rule) => {
    expect(await rules(sql)).toContain(`danger: ${rule}`);
  });
});

describe('is harmless', () => {
  test.each([
    'create table a (id serial primary key, b text not null unique)',
    'create table a (id int); create index i on a (id); alter table a add constraint c check (id > 0); alter table a alter column id set not null; insert into a values (1); update a set id = 2; delete from a; drop table a',
    'create table a (u int); alter table a add constraint f foreign key (u) references users (id)',
    'create temp table a as select * from users; delete from a',
    'create table a as select * from users; create index i on a (id)',
    'alter table users add column name text',
    'alter table users add column active boolean not null default true',
    'alter table users add column created_at timestamptz not null default now()',
    "alter table users add column settings jsonb default '{}'::jsonb not null",
    'alter table users add column team_id int references teams (id)',
    "alter table users add column kind mood default 'sad' not null",
    'alter table users alter column name drop not null',
    "alter table users alter column name set default 'x'",
    "alter type mood add value 'calm'",
    "alter type mood add value if not exists 'calm' before 'sad'",
    'alter table posts add constraint c check (id > 0) not valid',
    'alter table posts validate constraint c',
    'alter table posts add constraint u unique using index posts_slug',
    '-- migrator: no-transaction\ncreate index concurrently i on users (name)',
    '-- migrator: no-transaction\ndrop index concurrently i',
    'alter index a rename to b',
    'alter table users rename constraint a to b',
    'create extension if not exists vector',
    "comment on table users is 'people'",
    'create or replace view v as select id from users',
    'create or replace function f() returns int language sql as $$ select 1 $$',
    'drop function if exists f(); create function f() returns int language sql as $$ select 1 $$',
    'drop trigger if exists t on users; create trigger t before update on users for each row execute function f()',
    'drop policy p on users; create policy p on users using (id = 1)',
    'create policy p on users for select using (owner = current_user)',
    'alter table users enable row level security; create policy p on users using (owner = current_user)',
    'grant select, insert on users to app',
    'grant usage on schema public to anon',
    'insert into plans (id, name) values (1, $$free$$) on conflict do nothing',
    "select setval('users_id_seq', (select max(id) from users))",
    'alter table users set (fillfactor = 90)',
    'alter table users alter column name set statistics 500',
    'analyze users',
    "alter table t alter column s drop default; alter table t alter column s set default 'x'",
  ])('%s', async (sql) => {
    expect(await rules(sql)).toEqual([]);
  });
});

describe('knows what came before', () => {
  const history = [
    {
      name: '0000.sql',
      sql: `create table users (id int primary key, name varchar(50) not null, age int, code text, at timestamp(3));
            create unique index by_code on users (code);
            alter table users add constraint age_known check (age is not null);`,
    },
  ];
  test.each([
    ['alter table users alter column name type varchar(80)', []],
    ['alter table users alter column name type text', []],
    ['alter table users alter column name type varchar(20)', ['data loss: narrow-column-type']],
    ['alter table users alter column age type bigint', ['danger: change-column-type']],
    ['alter table users alter column age type smallint', ['data loss: narrow-column-type']],
    ['alter table users alter column at type timestamp', []],
    ['alter table users alter column at type timestamp(0)', ['data loss: narrow-column-type']],
    ['alter table users alter column name set not null', []],
    ['alter table users alter column age set not null', []],
    ['alter table users alter column code drop default', []],
    ['drop index by_code', ['danger: drop-unique']],
    ['create table if not exists users (id int); drop table users', ['data loss: drop-table']],
  ])('%s', async (sql, expected) => {
    expect(await rules(sql, { history })).toEqual(expected);
  });

  test('files of one batch share what is new; each on its own does not', async () => {
    const files = [
      { name: 'a.sql', sql: 'create table a (id int);' },
      { name: 'b.sql', sql: 'create index i on a (id);' },
    ];
    const found = (options: ReviewOptions) => review(files, { squawk: false, ...options });
    expect(await found({})).toEqual([]);
    expect(await found({ deployed: 'each' })).toMatchObject([
      { file: 'b.sql', rule: 'create-index-blocking' },
    ]);
  });
});

describe('a finding', () => {
  test('prints for a terminal, for a program and for GitHub', async () => {
    const findings = await review('alter table a\n  drop column b;', { squawk: false });
    const text = stripVTControlCharacters(formatFindings(findings, 'text'));
    expect(text).toMatch(
      /^migration\.sql:1 data loss drop-column\n[\s\S]*safer:\n[\s\S]*1 data loss; 1 to acknowledge/,
    );
    expect(JSON.parse(formatFindings(findings, 'json'))).toEqual(findings);
    expect(formatFindings(findings, 'github')).toMatch(
      /^::error file=migration\.sql,line=1,title=data loss%3A drop-column::the values of a\.b are gone[^\n]*%0A[^\n]*$/,
    );
  });

  test('says the line, the lock, whom it stops, and whether the previous release breaks', async () => {
    const [finding] = await review(
      'select 1;\n\n-- slow\nalter table users\n  alter column name set not null;',
    );
    expect(finding).toMatchObject({
      rule: 'set-not-null',
      level: 'danger',
      file: 'migration.sql',
      line: 4,
      statement: 2,
      lock: { mode: 'ACCESS EXCLUSIVE', on: 'users', held: 'while the table is scanned' },
      breaksPreviousRelease: true,
    } satisfies Partial<Finding>);
  });

  test('in a block points into the block', async () => {
    const [finding] = await review(
      'select 1;\ndo $$\nbegin\n  null;\n  drop table users;\nend $$;',
    );
    expect(finding).toMatchObject({ rule: 'drop-table', line: 5, statement: 2 });
  });

  test('is acknowledged for its statement, or for the file, with a reason', async () => {
    const sql =
      'alter table a add column x int;\n-- migrator: allow drop-column: moved to b\nalter table a drop column b;\nalter table a drop column c;';
    const [first, second] = await review(sql);
    expect([first?.acknowledged, second?.acknowledged]).toEqual(['moved to b', undefined]);
    const whole = await review(`-- migrator: allow drop-column: all moved\n${sql}`);
    expect(whole.map(({ acknowledged }) => acknowledged)).toEqual(['all moved', 'all moved']);
    // A rule without a reason is not acknowledged.
    const [bare] = await review('-- migrator: allow drop-table:\ndrop table a;');
    expect(bare?.acknowledged).toBeUndefined();
  });

  test('on SQL that does not parse is one finding, and the rest is still reviewed', async () => {
    expect(await rules('selec 1;\ndrop table users;')).toEqual([
      'danger: syntax-error',
      'data loss: drop-table',
    ]);
  });

  test('of taste comes only when asked for, from squawk', async () => {
    const sql = 'create table a (id int primary key, c char(3));';
    expect(await review(sql)).toEqual([]);
    const style = await review(sql, { style: true });
    expect(style.map(({ rule, level }) => [rule, level])).toContainEqual([
      'squawk-ban-char-field',
      'caution',
    ]);
  });
});
