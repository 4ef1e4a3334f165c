/** Roles that the migration makes. */
export const ROLE = 'drift_every_app';
export const OTHER = 'drift_every_other';

/** Before, change, and what drift prints of it; `#` is a name of the entry's own. `last`: it would stop other changes. */
export type Entry = readonly [
  what: string,
  before: string,
  change: string,
  says: string,
  last?: 'last',
];

export const TABLE = 'create table # (id integer, note text);';
export const PARTED = 'create table # (id integer, note text) partition by range (id);';
export const FUNCTION = "create function #() returns integer language sql as 'select 1';";
export const RETURNS_TRIGGER =
  'create function #_run() returns trigger language plpgsql as $$ begin return new; end $$;';
export const TRIGGER = `${TABLE} ${RETURNS_TRIGGER} create trigger #_fire before insert on # for each row execute function #_run();`;
export const POLICY = `${TABLE} alter table # enable row level security; create policy #_own on # for select to ${ROLE} using (id = 1);`;
export const VIEW = `${TABLE} create view #_seen as select id, note from #;`;
export const MATVIEW = `${TABLE} create materialized view #_kept as select id, note from #;`;
export const INDEX = `${TABLE} create index #_by on # (id);`;
export const SEQUENCE = 'create sequence #;';
export const SERVER =
  'create foreign data wrapper #_wrapper; create server # foreign data wrapper #_wrapper;';
export const FOREIGN = `${SERVER} create foreign table #_far (id integer, note text) server #;`;
export const ENUM = "create type # as enum ('a', 'b');";
export const DOMAIN = 'create domain # as integer;';
export const COMPOSITE = 'create type # as (a integer, b text);';
export const RANGE = 'create type # as range (subtype = integer);';
export const PROCEDURE = "create procedure #() language sql as 'select 1';";
export const onDatabase = (sql: string) =>
  `do $$ begin execute format($f$${sql}$f$, current_database()); end $$`;
