// Each kind of change that SQL can make to a database, tried by hand, and the line of drift that names it. `#` is a
// name of the entry's own, so that all of them can be made in one database.
export const ROLE = 'drift_every_app';
export const OTHER = 'drift_every_other';

export interface Kind {
  readonly what: string;
  /** In the migration. */
  readonly before: string;
  readonly change: string;
  readonly level: 'safety' | 'behaviour' | 'performance' | 'cosmetic';
  /** Kind and name, as drift prints them. */
  readonly says: string;
  /** Run after every other change, because it stops them. */
  readonly last: boolean;
}

const TABLE = 'create table # (id integer, note text);';
const PARTED = 'create table # (id integer, note text) partition by range (id);';
const FUNCTION = "create function #() returns integer language sql as 'select 1';";
const RETURNS_TRIGGER =
  'create function #_run() returns trigger language plpgsql as $$ begin return new; end $$;';
const TRIGGER = `${TABLE} ${RETURNS_TRIGGER} create trigger #_fire before insert on # for each row execute function #_run();`;
const POLICY = `${TABLE} alter table # enable row level security; create policy #_own on # for select to ${ROLE} using (id = 1);`;
const VIEW = `${TABLE} create view #_seen as select id, note from #;`;
const MATVIEW = `${TABLE} create materialized view #_kept as select id, note from #;`;
const INDEX = `${TABLE} create index #_by on # (id);`;
const SEQUENCE = 'create sequence #;';
const SERVER =
  'create foreign data wrapper #_wrapper; create server # foreign data wrapper #_wrapper;';
const FOREIGN = `${SERVER} create foreign table #_far (id integer, note text) server #;`;
const ENUM = "create type # as enum ('a', 'b');";
const DOMAIN = 'create domain # as integer;';
const COMPOSITE = 'create type # as (a integer, b text);';
const RANGE = 'create type # as range (subtype = integer);';
const PROCEDURE = "create procedure #() language sql as 'select 1';";
const onDatabase = (sql: string) =>
  `do $$ begin execute format($f$${sql}$f$, current_database()); end $$`;

type Entry = readonly [what: string, before: string, change: string, says: string, last?: 'last'];

const safety: Entry[] = [
  [
    'a view’s CHECK OPTION',
    VIEW,
    'create or replace view #_seen as select id, note from # with check option',
    'view public.#_seen',
  ],
  [
    'row security switched on',
    TABLE,
    'alter table # enable row level security',
    'row security public.#',
  ],
  [
    'row security switched off',
    POLICY,
    'alter table # disable row level security',
    'row security public.#',
  ],
  [
    'FORCE lost',
    `${TABLE} alter table # enable row level security, force row level security;`,
    'alter table # no force row level security',
    'row security public.#',
  ],
  [
    'a policy added',
    `${TABLE} alter table # enable row level security;`,
    'create policy #_new on # using (true)',
    'policy public.#.#_new',
  ],
  ['a policy dropped', POLICY, 'drop policy #_own on #', 'policy public.#.#_own'],
  ['a policy’s USING', POLICY, 'alter policy #_own on # using (true)', 'policy public.#.#_own'],
  [
    'a policy’s WITH CHECK',
    `${TABLE} create policy #_own on # for insert with check (id = 1);`,
    'alter policy #_own on # with check (true)',
    'policy public.#.#_own',
  ],
  ['a policy’s roles', POLICY, 'alter policy #_own on # to public', 'policy public.#.#_own'],
  [
    'a policy’s command',
    POLICY,
    'drop policy #_own on #; create policy #_own on # to drift_every_app using (id = 1)',
    'policy public.#.#_own',
  ],
  [
    'a policy made restrictive',
    POLICY,
    'drop policy #_own on #; create policy #_own on # as restrictive for select to drift_every_app using (id = 1)',
    'policy public.#.#_own',
  ],
  [
    'a right on a table granted',
    TABLE,
    `grant select on # to ${ROLE}`,
    `grant TABLE public.# TO ${ROLE}`,
  ],
  [
    'a right on a table revoked',
    `${TABLE} grant select, insert on # to ${ROLE};`,
    `revoke insert on # from ${ROLE}`,
    `grant TABLE public.# TO ${ROLE}`,
  ],
  [
    'a grant option',
    `${TABLE} grant select on # to ${ROLE};`,
    `grant select on # to ${ROLE} with grant option`,
    `grant TABLE public.# TO ${ROLE}`,
  ],
  [
    'a right on a column granted',
    TABLE,
    `grant update (note) on # to ${ROLE}`,
    `grant TABLE public.# COLUMN note TO ${ROLE}`,
  ],
  [
    'a right on a view',
    VIEW,
    `grant select on #_seen to ${ROLE}`,
    `grant TABLE public.#_seen TO ${ROLE}`,
  ],
  [
    'a right on a sequence',
    SEQUENCE,
    `grant usage on sequence # to ${ROLE}`,
    `grant SEQUENCE public.# TO ${ROLE}`,
  ],
  [
    'a right on a function',
    FUNCTION,
    `grant execute on function #() to ${ROLE}`,
    `grant FUNCTION public.#() TO ${ROLE}`,
  ],
  [
    'EXECUTE taken from PUBLIC',
    FUNCTION,
    'revoke execute on function #() from public',
    'revoked from public FUNCTION public.#()',
  ],
  ['a right on a type', ENUM, `grant usage on type # to ${ROLE}`, `grant TYPE public.# TO ${ROLE}`],
  [
    'USAGE of a type taken from PUBLIC',
    DOMAIN,
    'revoke usage on type # from public',
    'public rights TYPE public.#',
  ],
  [
    'a right on a schema',
    'create schema #;',
    `grant usage on schema # to ${ROLE}`,
    `grant SCHEMA # TO ${ROLE}`,
  ],
  [
    'a right on a schema for PUBLIC',
    'create schema #;',
    'grant create on schema # to public',
    'public rights SCHEMA #',
  ],
  [
    'a right on a language',
    'select 1;',
    `grant usage on language sql to ${ROLE}`,
    `object rights LANGUAGE sql TO ${ROLE}`,
  ],
  [
    'a right on a foreign server',
    SERVER,
    `grant usage on foreign server # to ${ROLE}`,
    `object rights SERVER # TO ${ROLE}`,
  ],
  [
    'a right on a foreign data wrapper',
    SERVER,
    `grant usage on foreign data wrapper #_wrapper to ${ROLE}`,
    `object rights FOREIGN DATA WRAPPER #_wrapper TO ${ROLE}`,
  ],
  [
    'a right on a setting',
    'select 1;',
    `grant set on parameter log_min_messages to ${ROLE}`,
    `role power ${ROLE} SET log_min_messages`,
  ],
  [
    'a right taken from the owner',
    TABLE,
    'revoke delete on # from current_user',
    'owner rights public.#',
  ],
  [
    'default privileges in a schema',
    'create schema #;',
    `alter default privileges in schema # grant select on tables to ${ROLE}`,
    `default grant IN SCHEMA # TABLES TO ${ROLE}`,
  ],
  [
    'default privileges of another role',
    'create schema #;',
    `alter default privileges for role ${OTHER} in schema # grant usage on sequences to ${ROLE}`,
    `default grant IN SCHEMA # SEQUENCES TO ${ROLE}`,
  ],
  [
    'default privileges taken away',
    'select 1;',
    'alter default privileges revoke execute on functions from public',
    'default rights FUNCTIONS of (the migrating role)',
    'last',
  ],
  [
    'a right on the database',
    'select 1;',
    onDatabase(`grant create on database %I to ${ROLE}`),
    `database rights ${ROLE}`,
  ],
  [
    'a right on the database taken from PUBLIC',
    'select 1;',
    onDatabase('revoke temporary on database %I from public'),
    'database rights PUBLIC',
  ],
  ['owner of a table', TABLE, `alter table # owner to ${OTHER}`, 'owner public.#'],
  ['owner of a partitioned table', PARTED, `alter table # owner to ${OTHER}`, 'owner public.#'],
  [
    'owner of a partition',
    `${PARTED} create table #_1 partition of # for values from (0) to (9);`,
    `alter table #_1 owner to ${OTHER}`,
    'owner public.#_1',
  ],
  ['owner of a view', VIEW, `alter view #_seen owner to ${OTHER}`, 'owner public.#_seen'],
  [
    'owner of a materialized view',
    MATVIEW,
    `alter materialized view #_kept owner to ${OTHER}`,
    'owner public.#_kept',
  ],
  [
    'owner of a foreign table',
    FOREIGN,
    `alter foreign table #_far owner to ${OTHER}`,
    'owner public.#_far',
  ],
  ['owner of a sequence', SEQUENCE, `alter sequence # owner to ${OTHER}`, 'owner public.#'],
  ['owner of a function', FUNCTION, `alter function #() owner to ${OTHER}`, 'owner public.#()'],
  ['owner of a procedure', PROCEDURE, `alter procedure #() owner to ${OTHER}`, 'owner public.#()'],
  [
    'owner of an aggregate',
    'create aggregate #(integer) (sfunc = int4pl, stype = integer);',
    `alter aggregate #(integer) owner to ${OTHER}`,
    'owner public.#(integer)',
  ],
  ['owner of a type', ENUM, `alter type # owner to ${OTHER}`, 'owner public.#'],
  ['owner of a composite type', COMPOSITE, `alter type # owner to ${OTHER}`, 'owner public.#'],
  ['owner of a schema', 'create schema #;', `alter schema # owner to ${OTHER}`, 'owner #'],
  ['owner of a foreign server', SERVER, `alter server # owner to ${OTHER}`, 'owner SERVER #'],
  [
    'owner of a collation',
    "create collation # (provider = icu, locale = 'de');",
    `alter collation # owner to ${OTHER}`,
    'owner COLLATION public.#',
  ],
  [
    'owner of an operator',
    'create operator <%> (function = int4pl, leftarg = integer, rightarg = integer);',
    `alter operator <%> (integer, integer) owner to ${OTHER}`,
    'owner OPERATOR public.<%>(integer, integer)',
  ],
  [
    'owner of a statistics object',
    `${TABLE} create statistics #_stat on id, note from #;`,
    `alter statistics #_stat owner to ${OTHER}`,
    'owner STATISTICS public.#_stat',
  ],
  [
    'owner of a text search configuration',
    'create text search configuration # (copy = simple);',
    `alter text search configuration # owner to ${OTHER}`,
    'owner TEXT SEARCH CONFIGURATION public.#',
  ],
  [
    'owner of a publication',
    `${TABLE} create publication # for table #;`,
    `alter publication # owner to ${OTHER}`,
    'owner #',
  ],
  [
    'owner of the database',
    'select 1;',
    onDatabase(`alter database %I owner to ${OTHER}`),
    'owner DATABASE',
    'last',
  ],
  [
    'a foreign key’s triggers disabled',
    `${TABLE} create table #_p (id integer primary key); alter table # add constraint #_fk foreign key (id) references #_p;`,
    'alter table # disable trigger all',
    'constraint state public.#.#_fk',
  ],
  ['a trigger dropped', TRIGGER, 'drop trigger #_fire on #', 'trigger public.#.#_fire'],
  [
    'a trigger disabled',
    TRIGGER,
    'alter table # disable trigger #_fire',
    'trigger public.#.#_fire',
  ],
  [
    'a trigger on a replica only',
    TRIGGER,
    'alter table # enable replica trigger #_fire',
    'trigger public.#.#_fire',
  ],
  [
    'a trigger always',
    TRIGGER,
    'alter table # enable always trigger #_fire',
    'trigger public.#.#_fire',
  ],
  [
    'a rule disabled',
    `${TABLE} create rule #_r as on delete to # do instead nothing;`,
    'alter table # disable rule #_r',
    'rule state public.#.#_r',
  ],
  [
    'an event trigger added',
    'create function #() returns event_trigger language plpgsql as $$ begin end $$;',
    "create event trigger # on ddl_command_end when tag in ('CREATE CAST') execute function #()",
    'event trigger #',
  ],
  [
    'an event trigger disabled',
    "create function #() returns event_trigger language plpgsql as $$ begin end $$; create event trigger # on ddl_command_end when tag in ('CREATE CAST') execute function #();",
    'alter event trigger # disable',
    'event trigger state #',
  ],
  [
    'an event trigger’s tags',
    "create function #() returns event_trigger language plpgsql as $$ begin end $$; create event trigger # on ddl_command_end when tag in ('CREATE CAST') execute function #();",
    "drop event trigger #; create event trigger # on ddl_command_end when tag in ('DROP CAST') execute function #()",
    'event trigger state #',
  ],
  [
    'SECURITY DEFINER',
    FUNCTION,
    'alter function #() security definer',
    'function rights public.#()',
  ],
  ['LEAKPROOF', FUNCTION, 'alter function #() leakproof', 'function rights public.#()'],
  [
    'security_barrier of a view',
    VIEW,
    'alter view #_seen set (security_barrier = true)',
    'view public.#_seen',
  ],
  [
    'security_invoker of a view',
    VIEW,
    'alter view #_seen set (security_invoker = true)',
    'view public.#_seen',
  ],
  ['a publication added', TABLE, 'create publication # for table #', 'publication #'],
  [
    'a table of a publication',
    `${TABLE} create table #_b (id integer); create publication # for table #;`,
    'alter publication # add table #_b',
    'publication #',
  ],
  [
    'a publication’s operations',
    `${TABLE} create publication # for table #;`,
    "alter publication # set (publish = 'insert')",
    'publication #',
  ],
  [
    'a publication’s row filter',
    `${TABLE} create publication # for table #;`,
    'alter publication # set table # where (id > 1)',
    'publication #',
  ],
  [
    'a publication’s columns',
    `${TABLE} create publication # for table #;`,
    'alter publication # set table # (id)',
    'publication #',
  ],
  [
    'a schema in a publication',
    'create schema #; create publication # ;',
    'alter publication # add tables in schema #',
    'publication #',
  ],
  [
    'a subscription',
    'select 1;',
    "create subscription #_in connection 'host=nowhere' publication p with (connect = false, slot_name = none)",
    'subscription #_in',
  ],
  [
    'a user mapping',
    SERVER,
    `create user mapping for ${ROLE} server #`,
    `user mapping ${ROLE} ON #`,
  ],
  [
    'a foreign server’s options',
    SERVER,
    "alter server # options (add host 'elsewhere')",
    'foreign server #',
  ],
  [
    'a security label',
    TABLE,
    "insert into pg_seclabel (objoid, classoid, objsubid, provider, label) values ('#'::regclass, 'pg_class'::regclass, 0, 'none', 'secret')",
    'security label TABLE public.#',
  ],
  [
    'a setting of the database',
    'select 1;',
    onDatabase('alter database %I set work_mem = 4096'),
    'setting work_mem of the database',
  ],
  [
    'a setting of a role',
    'select 1;',
    `alter role ${ROLE} set row_security = off`,
    `setting row_security of ${ROLE}`,
  ],
  [
    'a setting of a role in the database',
    'select 1;',
    onDatabase(`alter role ${ROLE} in database %I set work_mem = 4097`),
    `setting work_mem of ${ROLE}`,
  ],
  [
    'membership of a role',
    'select 1;',
    `grant ${OTHER} to ${ROLE}`,
    `role membership ${ROLE} in ${OTHER}`,
  ],
  ['BYPASSRLS', 'select 1;', `alter role ${ROLE} bypassrls`, `role power ${ROLE} BYPASSRLS`],
  ['CREATEROLE', 'select 1;', `alter role ${ROLE} createrole`, `role power ${ROLE} CREATEROLE`],
  ['CREATEDB', 'select 1;', `alter role ${ROLE} createdb`, `role power ${ROLE} CREATEDB`],
  ['REPLICATION', 'select 1;', `alter role ${ROLE} replication`, `role power ${ROLE} REPLICATION`],
  ['LOGIN', 'select 1;', `alter role ${ROLE} login`, `role power ${ROLE} LOGIN`],
];

const behaviour: Entry[] = [
  ['a schema added', 'select 1;', 'create schema #', 'schema #'],
  ['a schema dropped', 'create schema #;', 'drop schema #', 'schema #'],
  ['a table added', 'select 1;', 'create table # (id integer)', 'table public.#'],
  ['a table dropped', TABLE, 'drop table #', 'table public.#'],
  ['a table renamed', TABLE, 'alter table # rename to #_now', 'table public.#_now'],
  [
    'a table in another schema',
    `create schema #; ${TABLE}`,
    'alter table public.# set schema #',
    'table #.#',
  ],
  ['an unlogged table', TABLE, 'alter table # set unlogged', 'table public.#'],
  ['replica identity', TABLE, 'alter table # replica identity full', 'table public.#'],
  [
    'replica identity by an index',
    `create table # (id integer not null); create unique index #_by on # (id);`,
    'alter table # replica identity using index #_by',
    'index public.#_by',
  ],
  [
    'inheritance',
    `${TABLE} create table #_child (id integer, note text);`,
    'alter table #_child inherit #',
    'table public.#_child',
  ],
  [
    'inheritance ended',
    `${TABLE} create table #_child () inherits (#);`,
    'alter table #_child no inherit #',
    'table public.#_child',
  ],
  [
    'a typed table',
    `${COMPOSITE} create table #_of (a integer, b text);`,
    'alter table #_of of #',
    'table state public.#_of',
  ],
  [
    'a partition attached',
    `${PARTED} create table #_1 (id integer, note text);`,
    'alter table # attach partition #_1 for values from (0) to (9)',
    'table public.#_1',
  ],
  [
    'a partition detached',
    `${PARTED} create table #_1 partition of # for values from (0) to (9);`,
    'alter table # detach partition #_1',
    'table public.#_1',
  ],
  [
    'a partition’s bounds',
    `${PARTED} create table #_1 partition of # for values from (0) to (9);`,
    'alter table # detach partition #_1; alter table # attach partition #_1 for values from (0) to (99)',
    'table public.#_1',
  ],
  ['a column added', TABLE, 'alter table # add column extra text', 'column public.#.extra'],
  ['a column dropped', TABLE, 'alter table # drop column note', 'column public.#.note'],
  ['a column renamed', TABLE, 'alter table # rename note to remark', 'column public.#.remark'],
  ['a column’s type', TABLE, 'alter table # alter id type bigint', 'column public.#.id'],
  [
    'a column’s length',
    'create table # (note varchar(9));',
    'alter table # alter note type varchar(8)',
    'column public.#.note',
  ],
  [
    'a column’s collation',
    TABLE,
    'alter table # alter note type text collate "C"',
    'column public.#.note',
  ],
  ['a default added', TABLE, "alter table # alter note set default 'x'", 'column public.#.note'],
  [
    'a default dropped',
    'create table # (id integer default 1);',
    'alter table # alter id drop default',
    'column public.#.id',
  ],
  ['NOT NULL added', TABLE, 'alter table # alter id set not null', 'column public.#.id'],
  [
    'NOT NULL dropped',
    'create table # (id integer not null);',
    'alter table # alter id drop not null',
    'column public.#.id',
  ],
  [
    'an expression dropped',
    'create table # (id integer, twice integer generated always as (id * 2) stored);',
    'alter table # alter twice drop expression',
    'column public.#.twice',
  ],
  [
    'an identity added',
    'create table # (id integer not null);',
    'alter table # alter id add generated always as identity',
    'column public.#.id',
  ],
  [
    'an identity’s mode',
    'create table # (id integer generated always as identity);',
    'alter table # alter id set generated by default',
    'column public.#.id',
  ],
  [
    'an identity’s increment',
    'create table # (id integer generated always as identity);',
    'alter table # alter id set increment by 5',
    'identity public.#.id',
  ],
  [
    'an identity dropped',
    'create table # (id integer generated always as identity);',
    'alter table # alter id drop identity',
    'column public.#.id',
  ],
  [
    'a check added',
    TABLE,
    'alter table # add constraint #_c check (id > 0)',
    'constraint public.#.#_c',
  ],
  [
    'a check not validated',
    `${TABLE} alter table # add constraint #_c check (id > 0);`,
    'alter table # drop constraint #_c, add constraint #_c check (id > 0) not valid',
    'constraint public.#.#_c',
  ],
  [
    'a check that is not inherited',
    `${TABLE} alter table # add constraint #_c check (id > 0);`,
    'alter table # drop constraint #_c, add constraint #_c check (id > 0) no inherit',
    'constraint public.#.#_c',
  ],
  [
    'a primary key dropped',
    'create table # (id integer constraint #_k primary key);',
    'alter table # drop constraint #_k',
    'constraint public.#.#_k',
  ],
  [
    'a unique rule added',
    TABLE,
    'alter table # add constraint #_u unique (id)',
    'constraint public.#.#_u',
  ],
  [
    'NULLS NOT DISTINCT',
    `${TABLE} alter table # add constraint #_u unique (id);`,
    'alter table # drop constraint #_u, add constraint #_u unique nulls not distinct (id)',
    'constraint public.#.#_u',
  ],
  [
    'an exclusion',
    'create table # (span int4range);',
    'alter table # add constraint #_x exclude using gist (span with &&)',
    'constraint public.#.#_x',
  ],
  [
    'a foreign key dropped',
    'create table # (id integer primary key, up integer constraint #_f references # (id));',
    'alter table # drop constraint #_f',
    'constraint public.#.#_f',
  ],
  [
    'ON DELETE of a foreign key',
    'create table # (id integer primary key, up integer constraint #_f references # (id));',
    'alter table # drop constraint #_f, add constraint #_f foreign key (up) references # on delete cascade',
    'constraint public.#.#_f',
  ],
  [
    'a deferrable foreign key',
    'create table # (id integer primary key, up integer constraint #_f references # (id));',
    'alter table # alter constraint #_f deferrable initially deferred',
    'constraint public.#.#_f',
  ],
  [
    'a constraint renamed',
    `${TABLE} alter table # add constraint #_c check (id > 0);`,
    'alter table # rename constraint #_c to #_d',
    'constraint public.#.#_d',
  ],
  ['a unique index added', TABLE, 'create unique index #_by on # (id)', 'index public.#_by'],
  [
    'a unique index dropped',
    `${TABLE} create unique index #_by on # (id);`,
    'drop index #_by',
    'index public.#_by',
  ],
  ['a view added', TABLE, 'create view #_seen as select 1 as one', 'view public.#_seen'],
  ['a view dropped', VIEW, 'drop view #_seen', 'view public.#_seen'],
  [
    'a view’s query',
    VIEW,
    'create or replace view #_seen as select id, note from # where id > 1',
    'view public.#_seen',
  ],
  [
    'a default of a view’s column',
    VIEW,
    'alter view #_seen alter id set default 3',
    'view state public.#_seen.id',
  ],
  [
    'a view’s column renamed',
    VIEW,
    'alter view #_seen rename note to remark',
    'view public.#_seen',
  ],
  [
    'a materialized view added',
    TABLE,
    'create materialized view #_kept as select id from #',
    'materialized view public.#_kept',
  ],
  [
    'a materialized view’s query',
    MATVIEW,
    'drop materialized view #_kept; create materialized view #_kept as select id from #',
    'materialized view public.#_kept',
  ],
  [
    'a materialized view without rows',
    MATVIEW,
    'refresh materialized view #_kept with no data',
    'view state public.#_kept',
  ],
  ['a function added', 'select 1;', FUNCTION, 'function public.#()'],
  ['a function dropped', FUNCTION, 'drop function #()', 'function public.#()'],
  [
    'a function’s body',
    FUNCTION,
    "create or replace function #() returns integer language sql as 'select 2'",
    'function public.#()',
  ],
  ['a function’s volatility', FUNCTION, 'alter function #() immutable', 'function public.#()'],
  ['STRICT', FUNCTION, 'alter function #() strict', 'function public.#()'],
  ['PARALLEL SAFE', FUNCTION, 'alter function #() parallel safe', 'function public.#()'],
  ['a function’s cost', FUNCTION, 'alter function #() cost 7', 'function public.#()'],
  [
    'a setting of a function',
    FUNCTION,
    'alter function #() set search_path = public',
    'function public.#()',
  ],
  [
    'a default of an argument',
    "create function #(a integer) returns integer language sql as 'select 1';",
    "create or replace function #(a integer default 1) returns integer language sql as 'select 1'",
    'function public.#(a integer)',
  ],
  [
    'a procedure’s body',
    PROCEDURE,
    "create or replace procedure #() language sql as 'select 2'",
    'procedure public.#()',
  ],
  [
    'an aggregate',
    'create aggregate #(integer) (sfunc = int4pl, stype = integer);',
    "drop aggregate #(integer); create aggregate #(integer) (sfunc = int4pl, stype = integer, initcond = '7')",
    'aggregate state public.#(integer)',
  ],
  [
    'an aggregate’s moving state',
    'create aggregate #(integer) (sfunc = int4pl, stype = integer);',
    'drop aggregate #(integer); create aggregate #(integer) (sfunc = int4pl, stype = integer, msfunc = int4pl, minvfunc = int4mi, mstype = integer)',
    'aggregate state public.#(integer)',
  ],
  [
    'a trigger added',
    `${TABLE} ${RETURNS_TRIGGER}`,
    'create trigger #_fire before insert on # for each row execute function #_run()',
    'trigger public.#.#_fire',
  ],
  [
    'a trigger’s events',
    TRIGGER,
    'create or replace trigger #_fire before insert or update on # for each row execute function #_run()',
    'trigger public.#.#_fire',
  ],
  [
    'a rule added',
    TABLE,
    'create rule #_r as on delete to # do instead nothing',
    'rule public.#.#_r',
  ],
  ['a sequence added', 'select 1;', SEQUENCE, 'sequence public.#'],
  ['a sequence’s increment', SEQUENCE, 'alter sequence # increment by 7', 'sequence public.#'],
  ['a sequence’s type', SEQUENCE, 'alter sequence # as integer', 'sequence public.#'],
  ['a sequence that cycles', SEQUENCE, 'alter sequence # cycle', 'sequence public.#'],
  [
    'a sequence’s column',
    `${SEQUENCE} create table #_t (id integer);`,
    'alter sequence # owned by #_t.id',
    'sequence public.#',
  ],
  ['an unlogged sequence', SEQUENCE, 'alter sequence # set unlogged', 'sequence state public.#'],
  [
    'the position of a sequence',
    'create table # (id serial primary key);',
    'insert into # (id) values (100)',
    'sequence position public.#_id_seq',
  ],
  ['an enum added', 'select 1;', ENUM, 'enum public.#'],
  ['a label added', ENUM, "alter type # add value 'c' before 'b'", 'enum public.#'],
  ['a label renamed', ENUM, "alter type # rename value 'a' to 'z'", 'enum public.#'],
  [
    'a domain’s check',
    DOMAIN,
    'alter domain # add constraint #_c check (value > 0)',
    'domain public.#',
  ],
  ['a domain’s NOT NULL', DOMAIN, 'alter domain # set not null', 'domain public.#'],
  ['a domain’s default', DOMAIN, 'alter domain # set default 1', 'domain public.#'],
  [
    'a domain’s check not validated',
    'create domain # as integer constraint #_c check (value > 0);',
    'alter domain # drop constraint #_c; alter domain # add constraint #_c check (value > 0) not valid',
    'domain public.#',
  ],
  [
    'a domain’s collation',
    'create domain # as text;',
    'drop domain #; create domain # as text collate "C"',
    'domain public.#',
  ],
  [
    'a composite type’s attribute',
    COMPOSITE,
    'alter type # add attribute c integer',
    'type public.#',
  ],
  [
    'a composite attribute’s collation',
    COMPOSITE,
    'alter type # alter attribute b type text collate "C"',
    'type public.#',
  ],
  ['a range type added', 'select 1;', RANGE, 'range type public.#'],
  [
    'a range type’s subtype',
    RANGE,
    'drop type #; create type # as range (subtype = bigint)',
    'range type public.#',
  ],
  ['a base type', 'select 1;', 'create type #', 'base type public.#'],
  ['an extension added', 'select 1;', 'create extension tablefunc', 'extension tablefunc'],
  [
    'an extension’s version',
    'create extension citext;',
    "update pg_extension set extversion = '0.9' where extname = 'citext'",
    'extension state citext',
  ],
  [
    'an extension’s schema',
    'create extension fuzzystrmatch; create schema #;',
    'alter extension fuzzystrmatch set schema #',
    'extension state fuzzystrmatch',
  ],
  [
    'an extension’s members',
    `create extension pg_trgm; ${FUNCTION}`,
    'alter extension pg_trgm add function #()',
    'function public.#()',
  ],
  [
    'a collation added',
    'select 1;',
    "create collation # (provider = icu, locale = 'en-u-kn-true')",
    'collation public.#',
  ],
  [
    'an operator added',
    'select 1;',
    'create operator <+> (function = int4pl, leftarg = integer, rightarg = integer)',
    'operator public.<+>(integer, integer)',
  ],
  [
    'an operator’s estimate',
    'create operator <*> (function = int4lt, leftarg = integer, rightarg = integer);',
    'alter operator <*> (integer, integer) set (restrict = scalarltsel)',
    'operator public.<*>(integer, integer)',
  ],
  [
    'an operator class',
    'select 1;',
    'create operator class # for type integer using hash as operator 1 =(integer, integer), function 1 hashint4(integer)',
    'operator class public.# using hash',
  ],
  [
    'an operator family',
    'select 1;',
    'create operator family # using btree',
    'operator family public.# using btree',
  ],
  [
    'a member of an operator family',
    'create operator family # using btree;',
    'alter operator family # using btree add operator 1 < (integer, integer)',
    'operator family public.# using btree',
  ],
  [
    'a cast added',
    ENUM,
    "create function #_n(#) returns integer language sql as 'select 1'; create cast (# as integer) with function #_n(#)",
    'cast public.# AS integer',
  ],
  [
    'a cast’s context',
    `${ENUM} create function #_n(#) returns integer language sql as 'select 1'; create cast (# as integer) with function #_n(#);`,
    'drop cast (# as integer); create cast (# as integer) with function #_n(#) as implicit',
    'cast public.# AS integer',
  ],
  [
    'a conversion',
    'select 1;',
    "create conversion # for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8",
    'conversion public.#',
  ],
  [
    'a transform',
    `create type # as (a integer);`,
    'create transform for # language plpgsql (from sql with function dsimple_init(internal))',
    'transform public.# FOR plpgsql',
  ],
  ['a language', 'select 1;', 'create language # handler plpgsql_call_handler', 'language #'],
  [
    'an access method',
    'select 1;',
    'create access method # type index handler hashhandler',
    'access method #',
  ],
  [
    'a text search configuration’s mapping',
    'create text search configuration # (copy = simple);',
    'alter text search configuration # drop mapping for word',
    'text search CONFIGURATION public.#',
  ],
  [
    'a text search configuration’s parser',
    'create text search configuration # (parser = default);',
    'drop text search configuration #',
    'text search CONFIGURATION public.#',
  ],
  [
    'a text search dictionary',
    'create text search dictionary # (template = simple);',
    "alter text search dictionary # (stopwords = 'english')",
    'text search DICTIONARY public.#',
  ],
  [
    'a text search template',
    'select 1;',
    'create text search template # (lexize = dsimple_lexize)',
    'text search TEMPLATE public.#',
  ],
  [
    'a text search parser',
    'select 1;',
    'create text search parser # (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype)',
    'text search PARSER public.#',
  ],
  [
    'a foreign data wrapper',
    'select 1;',
    'create foreign data wrapper #',
    'foreign data wrapper #',
  ],
  [
    'a foreign data wrapper’s options',
    'create foreign data wrapper #;',
    "alter foreign data wrapper # options (add debug 'true')",
    'foreign data wrapper #',
  ],
  [
    'a foreign table added',
    SERVER,
    'create foreign table #_far (id integer) server #',
    'table public.#_far',
  ],
  [
    'a foreign table’s options',
    FOREIGN,
    "alter foreign table #_far options (add table_name 'other')",
    'foreign options public.#_far',
  ],
  [
    'a foreign column’s options',
    FOREIGN,
    "alter foreign table #_far alter id options (add column_name 'other')",
    'foreign options public.#_far.id',
  ],
];

const performance: Entry[] = [
  ['an index added', TABLE, 'create index #_by on # (id)', 'index public.#_by'],
  ['an index dropped', INDEX, 'drop index #_by', 'index public.#_by'],
  [
    'an index’s columns',
    INDEX,
    'drop index #_by; create index #_by on # (id, note)',
    'index public.#_by',
  ],
  [
    'an index’s INCLUDE',
    INDEX,
    'drop index #_by; create index #_by on # (id) include (note)',
    'index public.#_by',
  ],
  [
    'an index’s predicate',
    INDEX,
    'drop index #_by; create index #_by on # (id) where id > 0',
    'index public.#_by',
  ],
  ['an index’s options', INDEX, 'alter index #_by set (fillfactor = 50)', 'index public.#_by'],
  ['an index renamed', INDEX, 'alter index #_by rename to #_renamed', 'index public.#_renamed'],
  [
    'an index’s statistics target',
    `${TABLE} create index #_by on # ((id + 1));`,
    'alter index #_by alter column 1 set statistics 500',
    'column setting public.#_by.expr',
  ],
  ['a table’s storage parameters', TABLE, 'alter table # set (fillfactor = 50)', 'table public.#'],
  [
    'autovacuum of a table',
    TABLE,
    'alter table # set (autovacuum_enabled = off)',
    'table public.#',
  ],
  [
    'options of TOAST',
    TABLE,
    'alter table # set (toast.autovacuum_enabled = off)',
    'table setting public.#',
  ],
  ['a clustered index', INDEX, 'alter table # cluster on #_by', 'table setting public.#'],
  [
    'a column’s storage',
    TABLE,
    'alter table # alter note set storage external',
    'column public.#.note',
  ],
  [
    'a column’s compression',
    TABLE,
    'alter table # alter note set compression pglz',
    'column setting public.#.note',
  ],
  [
    'a column’s statistics target',
    TABLE,
    'alter table # alter note set statistics 500',
    'column setting public.#.note',
  ],
  [
    'n_distinct',
    TABLE,
    'alter table # alter note set (n_distinct = 7)',
    'column setting public.#.note',
  ],
  [
    'n_distinct_inherited',
    TABLE,
    'alter table # alter note set (n_distinct_inherited = 7)',
    'column setting public.#.note',
  ],
  [
    'a statistics object added',
    TABLE,
    'create statistics #_stat on id, note from #',
    'statistics public.#_stat',
  ],
  [
    'a statistics object’s target',
    `${TABLE} create statistics #_stat on id, note from #;`,
    'alter statistics #_stat set statistics 500',
    'statistics setting public.#_stat',
  ],
  [
    'a materialized view’s options',
    MATVIEW,
    'alter materialized view #_kept set (fillfactor = 50)',
    'materialized view public.#_kept',
  ],
  [
    'a clustered materialized view',
    `${MATVIEW} create index #_by on #_kept (id);`,
    'alter materialized view #_kept cluster on #_by',
    'table setting public.#_kept',
  ],
];

const comment = (object: string, before: string, on: string, says: string): Entry => [
  `a comment on ${object}`,
  before,
  `comment on ${on} is 'changed'`,
  `comment ${says}`,
];

const cosmetic: Entry[] = [
  [
    'the order of columns',
    TABLE,
    'alter table # drop column id; alter table # add column id integer',
    'column order public.#',
  ],
  comment('a table', TABLE, 'table #', 'TABLE public.#'),
  comment('a column', TABLE, 'column #.note', 'TABLE COLUMN public.#.note'),
  comment('an index', INDEX, 'index #_by', 'INDEX public.#_by'),
  comment(
    'a constraint',
    'create table # (id integer constraint #_c check (id > 0));',
    'constraint #_c on #',
    'TABLE CONSTRAINT #_c on public.#',
  ),
  comment('a view', VIEW, 'view #_seen', 'VIEW public.#_seen'),
  comment(
    'a materialized view',
    MATVIEW,
    'materialized view #_kept',
    'MATERIALIZED VIEW public.#_kept',
  ),
  comment('a sequence', SEQUENCE, 'sequence #', 'SEQUENCE public.#'),
  comment('a function', FUNCTION, 'function #()', 'FUNCTION public.#()'),
  comment('a type', ENUM, 'type #', 'TYPE public.#'),
  comment(
    'a domain’s constraint',
    'create domain # as integer constraint #_c check (value > 0);',
    'constraint #_c on domain #',
    'DOMAIN CONSTRAINT #_c on public.#',
  ),
  comment('a trigger', TRIGGER, 'trigger #_fire on #', 'TRIGGER #_fire on public.#'),
  comment('a policy', POLICY, 'policy #_own on #', 'POLICY #_own on public.#'),
  comment(
    'a rule',
    `${TABLE} create rule #_r as on delete to # do instead nothing;`,
    'rule #_r on #',
    'RULE #_r on public.#',
  ),
  comment('a schema', 'create schema #;', 'schema #', 'SCHEMA #'),
  comment(
    'an extension',
    'create extension if not exists citext;',
    'extension citext',
    'EXTENSION citext',
  ),
  comment(
    'an event trigger',
    "create function #() returns event_trigger language plpgsql as $$ begin end $$; create event trigger # on ddl_command_end when tag in ('CREATE CAST') execute function #();",
    'event trigger #',
    'EVENT TRIGGER #',
  ),
  comment(
    'a publication',
    `${TABLE} create publication # for table #;`,
    'publication #',
    'PUBLICATION #',
  ),
  comment(
    'a statistics object',
    `${TABLE} create statistics #_stat on id, note from #;`,
    'statistics #_stat',
    'STATISTICS OBJECT public.#_stat',
  ),
  comment(
    'a collation',
    "create collation # (provider = icu, locale = 'de');",
    'collation #',
    'COLLATION public.#',
  ),
  comment(
    'an operator',
    'create operator <&&> (function = int4pl, leftarg = integer, rightarg = integer);',
    'operator <&&> (integer, integer)',
    'OPERATOR public.<&&>(integer,integer)',
  ),
  comment(
    'a cast',
    `${ENUM} create function #_n(#) returns integer language sql as 'select 1'; create cast (# as integer) with function #_n(#);`,
    'cast (# as integer)',
    'CAST (public.# AS integer)',
  ),
  comment('a foreign server', SERVER, 'server #', 'SERVER #'),
  comment(
    'a text search configuration',
    'create text search configuration # (copy = simple);',
    'text search configuration #',
    'TEXT SEARCH CONFIGURATION public.#',
  ),
  [
    'a comment on the database',
    'select 1;',
    onDatabase("comment on database %I is 'mine'"),
    'comment DATABASE',
  ],
];

const of = (level: Kind['level'], entries: readonly Entry[]): Kind[] =>
  entries.map(([what, before, change, says, last]) => ({
    what,
    before,
    change,
    says,
    level,
    last: last !== undefined,
  }));

/** All of them, each under names of its own. */
export const KINDS: readonly Kind[] = [
  ...of('safety', safety),
  ...of('behaviour', behaviour),
  ...of('performance', performance),
  ...of('cosmetic', cosmetic),
].map((kind, index) => {
  const own = (text: string) => text.replaceAll('#', `k${index}`);
  return { ...kind, before: own(kind.before), change: own(kind.change), says: own(kind.says) };
});
