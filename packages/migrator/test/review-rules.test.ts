import { describe, expect, test } from 'vitest';
import { review } from '../src/index.ts';

const rules = async (sql: string): Promise<string[]> =>
  (await review(sql, { squawk: false })).map(({ rule, level }) => `${level}: ${rule}`);

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
    ['select lo_unlink(oid) from pg_largeobject_metadata', 'destructive-function'],
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
    ['-- migrator: no-transaction\ndrop index concurrently users_unique_email', 'drop-unique'],
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
    ['create table a (id int); create policy p on a for all using (true)', 'policy-open'],
    ['create policy p on users for select using (true)', 'policy-open'],
    ['alter view active_users set (security_invoker = false)', 'row-security-off'],
    ['alter view active_users reset (security_invoker)', 'row-security-off'],
    ['create table a (id int); grant select on a to anon', 'grant-to-public'],
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
    ['alter table users alter column id add generated always as identity', 'add-identity'],
    ['create rule r as on delete to users do instead nothing', 'instead-rule'],
    ['alter publication changes drop table users', 'drop-replication'],
    ['grant execute on all functions in schema public to anon', 'grant-to-public'],
    ['create index i on only users (name)', 'create-index-blocking'],
    ["do $$ begin execute (select ddl from plan where kind = 'drop'); end $$", 'dynamic-sql'],
    ['alter domain email add check (value like $$%@%$$)', 'add-constraint-validated'],
  ])('%s', async (sql, rule) => {
    expect(await rules(sql)).toContain(`danger: ${rule}`);
  });
});

describe('needs a second look', () => {
  test.each([
    [
      'alter table users enable row level security; create policy p on users using (owner = current_user)',
      'row-security-on',
    ],
    ['alter table users force row level security', 'row-security-on'],
    ['revoke all on users from anon', 'revoke'],
    ['revoke execute on function f(int) from public', 'revoke'],
    ['reassign owned by old_app to app', 'change-owner'],
    ['alter extension vector update', 'update-extension'],
    ['alter table posts drop constraint posts_user_fk', 'drop-constraint'],
    [
      'insert into plans (id, name) values (1, $$x$$) on conflict (id) do update set name = excluded.name',
      'upsert-overwrites',
    ],
  ])('%s', async (sql, rule) => {
    expect(await rules(sql)).toEqual([`caution: ${rule}`]);
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
    'grant select, insert on users to app',
    'grant usage on schema public to anon',
    'insert into plans (id, name) values (1, $$free$$) on conflict do nothing',
    "select setval('users_id_seq', (select max(id) from users))",
    'alter table users set (fillfactor = 90)',
    'alter table users alter column name set statistics 500',
    'analyze users',
    'create table a (id int); alter table a enable row level security; create policy p on a for select using (true); grant select on a to anon',
    'alter view active_users set (security_invoker = true)',
    'drop table if exists pg_temp.import',
    'alter publication changes add table users',
    'create function f() returns int language sql as $$ select 1 $$; revoke all on function f() from public',
    'revoke create on schema public from public',
    'alter default privileges in schema public revoke all on tables from anon',
    'create table logs (at date) partition by range (at); create table a (id int); revoke all on a from public',
    "alter table t alter column s drop default; alter table t alter column s set default 'x'",
  ])('%s', async (sql) => {
    expect(await rules(sql)).toEqual([]);
  });
});
