import { capabilities } from '@reference/local-postgres';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Difference, drift, migrate } from '../src/index.ts';
import { run } from './command.ts';
import { useEmptyDatabase } from './fresh-database.ts';
import { MigrationsFolder } from './migrations-folder.ts';

// Servers and processes take seconds to start on a busy machine.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const ROLE = 'drift_kinds_app';
const OTHER = 'drift_kinds_other';

const SCHEMA = `
do $$ begin create role ${ROLE} nologin; exception when duplicate_object then null; end $$;
create schema inner_schema;
create extension citext;
create type mood as enum ('sad', 'happy');
create table teams (id integer generated always as identity primary key, name text);
create table people (id serial primary key, team_id integer references teams (id), mood mood, note text, extra text);
grant select on people to ${ROLE};
create index people_note on people (note);
create view grown as select id, note from people;
create materialized view counted as select count(*) as n from people;
create sequence counter;
create rule people_quiet as on delete to people where old.id < 0 do also nothing;
create function touch() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger people_touch before update on people for each row execute function touch();
create function ddl_happened() returns event_trigger language plpgsql as $$ begin end $$;
create event trigger watch_ddl on ddl_command_end execute function ddl_happened();
create event trigger watch_tags on ddl_command_end when tag in ('CREATE TABLE') execute function ddl_happened();
create function secret() returns integer language sql as 'select 1';
create function add_up(integer, integer) returns integer language sql immutable as 'select $1 + $2';
create function less_of(integer, integer) returns integer language sql immutable as 'select least($1, $2)';
create aggregate total(integer) (sfunc = add_up, stype = integer, initcond = '0');
create text search configuration words (copy = simple);`;

/** A change made by hand, and the drift that must be reported. */
const CHANGES: readonly (readonly [what: string, sql: string, level: string, says: string])[] = [
  [
    'enforcement of a foreign key off',
    'alter table people disable trigger all',
    'safety',
    'extra constraint state public.people.people_team_id_fkey',
  ],
  ['a trigger disabled', '', 'safety', 'different trigger public.people.people_touch'],
  [
    'a rule disabled',
    'alter table people disable rule people_quiet',
    'safety',
    'extra rule state public.people.people_quiet',
  ],
  [
    'an event trigger disabled',
    'alter event trigger watch_ddl disable',
    'safety',
    'different event trigger state watch_ddl',
  ],
  [
    'an event trigger changed',
    "drop event trigger watch_tags; create event trigger watch_tags on ddl_command_end when tag in ('DROP TABLE') execute function ddl_happened()",
    'safety',
    'different event trigger state watch_tags',
  ],
  [
    'owner of a table',
    `alter table teams owner to ${OTHER}`,
    'safety',
    'different owner public.teams',
  ],
  [
    'owner of a view',
    `alter view grown owner to ${OTHER}`,
    'safety',
    'different owner public.grown',
  ],
  [
    'owner of a function',
    `alter function touch() owner to ${OTHER}`,
    'safety',
    'different owner public.touch()',
  ],
  [
    'owner of a schema',
    `alter schema inner_schema owner to ${OTHER}`,
    'safety',
    'different owner inner_schema',
  ],
  ['owner of a type', `alter type mood owner to ${OTHER}`, 'safety', 'different owner public.mood'],
  [
    'a right taken from the owner',
    'revoke delete on people from current_user',
    'safety',
    'extra owner rights public.people',
  ],
  [
    'usage of a schema taken from PUBLIC',
    'revoke usage on schema public from public',
    'safety',
    'missing public rights SCHEMA public',
  ],
  [
    'usage of a type taken from PUBLIC',
    'revoke usage on type mood from public',
    'safety',
    'extra public rights TYPE public.mood',
  ],
  [
    'default privileges taken away',
    'alter default privileges revoke execute on functions from public',
    'safety',
    'extra default rights FUNCTIONS of (the migrating role)',
  ],
  [
    'default privileges given',
    `alter default privileges in schema public grant select on tables to ${OTHER}`,
    'safety',
    `extra default grant IN SCHEMA public TABLES TO ${OTHER}`,
  ],
  [
    'a right on the database',
    'do $$ begin execute format($f$revoke temporary on database %I from public$f$, current_database()); end $$',
    'safety',
    'different database rights PUBLIC',
  ],
  [
    'membership of a role',
    `grant ${OTHER} to ${ROLE}`,
    'safety',
    `extra role membership ${ROLE} in ${OTHER}`,
  ],
  [
    'a power of a role',
    `alter role ${ROLE} bypassrls`,
    'safety',
    `extra role power ${ROLE} BYPASSRLS`,
  ],
  [
    'a setting of a role',
    `alter role ${ROLE} set row_security = off`,
    'safety',
    `extra setting row_security of ${ROLE}`,
  ],
  [
    'a setting of the database',
    'do $$ begin execute format($f$alter database %I set statement_timeout = 1234$f$, current_database()); end $$',
    'safety',
    'extra setting statement_timeout of the database',
  ],
  [
    'a publication',
    'create publication everything for table people',
    'safety',
    'extra publication everything',
  ],
  [
    'a function that runs as its owner',
    'alter function secret() security definer',
    'safety',
    'extra function rights public.secret()',
  ],
  [
    'version of an extension',
    "update pg_extension set extversion = '0.9' where extname = 'citext'",
    'behaviour',
    'different extension state citext',
  ],
  [
    'position of a sequence',
    'insert into people (id) values (100)',
    'behaviour',
    'different sequence position public.people_id_seq',
  ],
  [
    'increment of an identity',
    'alter table teams alter column id set increment by 5',
    'behaviour',
    'different identity public.teams.id',
  ],
  [
    'a sequence without a log',
    'alter sequence counter set unlogged',
    'behaviour',
    'extra sequence state public.counter',
  ],
  [
    'default of a view’s column',
    "alter view grown alter column note set default 'x'",
    'behaviour',
    'extra view state public.grown.note',
  ],
  [
    'a materialized view without its rows',
    'refresh materialized view counted with no data',
    'behaviour',
    'extra view state public.counted',
  ],
  [
    'a collation',
    "create collation numeric_order (provider = icu, locale = 'en-u-kn-true')",
    'behaviour',
    'extra collation public.numeric_order',
  ],
  [
    'an aggregate',
    "drop aggregate total(integer); create aggregate total(integer) (sfunc = add_up, stype = integer, initcond = '7')",
    'behaviour',
    'different aggregate state public.total(integer)',
  ],
  [
    'an operator',
    'create operator <<+>> (function = less_of, leftarg = integer, rightarg = integer)',
    'behaviour',
    'extra operator public.<<+>>(integer, integer)',
  ],
  ['a cast', 'create cast (mood as integer) without function', '', ''],
  [
    'a cast by a function',
    "create function mood_number(mood) returns integer language sql as 'select 1'; create cast (mood as integer) with function mood_number(mood)",
    'behaviour',
    'extra cast public.mood AS integer',
  ],
  [
    'a text search configuration',
    'alter text search configuration words drop mapping for word',
    'behaviour',
    'different text search CONFIGURATION public.words',
  ],
  [
    'an operator class',
    'create operator class odd_ops for type integer using hash as operator 1 =(integer, integer), function 1 hashint4(integer)',
    'behaviour',
    'extra operator class public.odd_ops using hash',
  ],
  [
    'a clustered index',
    'alter table people cluster on people_note',
    'performance',
    'extra table setting public.people',
  ],
  [
    'compression of a column',
    'alter table people alter column note set compression pglz',
    'performance',
    'extra column setting public.people.note',
  ],
  [
    'a statistics target',
    'alter table people alter column extra set statistics 500',
    'performance',
    'extra column setting public.people.extra',
  ],
  [
    'a number of distinct values',
    'alter table people alter column team_id set (n_distinct = 7)',
    'performance',
    'extra column setting public.people.team_id',
  ],
  [
    'options of TOAST',
    'alter table teams set (toast.autovacuum_enabled = off)',
    'performance',
    'extra table setting public.teams',
  ],
  [
    'a comment on a schema',
    "comment on schema inner_schema is 'changed'",
    'cosmetic',
    'extra comment SCHEMA inner_schema',
  ],
  [
    'a comment on an extension',
    "comment on extension citext is 'changed'",
    'cosmetic',
    'different comment EXTENSION citext',
  ],
  [
    'a comment on the database',
    "do $$ begin execute format($f$comment on database %I is 'mine'$f$, current_database()); end $$",
    'cosmetic',
    'extra comment DATABASE',
  ],
  [
    'the order of columns',
    'alter table people drop column mood; alter table people add column mood mood',
    'cosmetic',
    'different column order public.people',
  ],
];

describe.skipIf(!capabilities.concurrency)('kinds of drift', () => {
  const database = useEmptyDatabase();
  let folder: MigrationsFolder;
  let admin: Client;

  beforeAll(async () => {
    folder = await MigrationsFolder.create([{ name: '0000_schema', sql: SCHEMA }]);
  });
  afterAll(async () => {
    await folder.remove();
    await admin.query(`drop owned by ${ROLE}, ${OTHER} cascade; drop role ${ROLE}, ${OTHER}`);
    await admin.end();
  });

  test('none where nothing was changed; each that was, by its level', async () => {
    admin = new Client({ connectionString: database.url });
    await admin.connect();
    await admin.query(`create role ${OTHER} nologin`);
    await migrate(database.url, { folder: folder.path });
    const look = (level?: 'safety' | 'cosmetic') =>
      drift(database.url, { folder: folder.path, ...(level ? { level } : {}) });
    expect(await look('cosmetic')).toEqual([]);

    const failed: string[] = [];
    for (const [what, sql] of CHANGES)
      if (sql)
        await admin.query(sql).catch((error: Error) => failed.push(`${what}: ${error.message}`));
    // There is no way to make this one; the next one is the way.
    expect(failed.map((text) => text.split(':')[0])).toEqual(['a cast']);

    const found = await look('cosmetic');
    const line = ({ level, change, kind, name }: Difference) =>
      `${level}: ${change} ${kind} ${name}`;
    const lines = found.map(line);
    for (const [what, , level, says] of CHANGES)
      if (says) expect.soft(lines, what).toContain(`${level}: ${says}`);
    // The gravest first.
    const levels = found.map(({ level }) => level);
    const order = ['safety', 'behaviour', 'performance', 'cosmetic'];
    expect(levels).toEqual([...levels].sort((a, b) => order.indexOf(a) - order.indexOf(b)));

    expect((await look()).map(line)).toEqual(lines.filter((text) => !text.startsWith('cosmetic')));
    expect((await look('safety')).map(line)).toEqual(
      lines.filter((text) => text.startsWith('safety')),
    );
    const args = ['drift', '--no-config', '--folder', folder.path, '--url', database.url];
    const shown = await run([...args, '--level', 'safety']);
    expect(shown.code).toBe(1);
    expect(shown.out).toContain('safety different: owner public.teams');
    expect(shown.out).not.toContain('performance');
    expect((await run([...args, '--level', 'grave'])).code).toBe(3);
  });
});
