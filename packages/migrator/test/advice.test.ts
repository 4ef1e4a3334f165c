import { capabilities } from '@reference/local-postgres';
import { Client } from 'pg';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { baseline, type MigrateOptions, migrate, StatementError } from '../src/index.ts';
import { ADVICE } from '../src/run/explain.ts';
import { useEmptyDatabase } from './fresh-database.ts';
import { type File, MigrationsFolder } from './migrations-folder.ts';

// Servers and processes take seconds to start on a busy machine.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const ROLE = 'advice_app';

interface Case {
  /** A migration that is applied. */
  readonly before?: string;
  /** Done by hand. */
  readonly byHand?: string;
  readonly fails: string;
  /** A word of the advice that leads to what follows. */
  readonly says: RegExp;
  /** The remedy that the advice names: another text, several files, or an act on the database. */
  readonly instead?: string | readonly string[];
  readonly done?: string | 'baseline';
}

const TEXTS = "create table t (a text, b integer); insert into t values ('x', 1), ('x', 1);";
const CASES: Readonly<Record<string, Case>> = {
  '42P07': {
    byHand: 'create table t (a integer)',
    fails: 'create table t (a integer);',
    says: /db:baseline/,
    done: 'baseline',
  },
  '42710': {
    byHand: "create type m as enum ('a')",
    fails: "create type m as enum ('a');",
    says: /db:baseline/,
    done: 'baseline',
  },
  '42701': {
    before: 'create table t (a integer);',
    byHand: 'alter table t add b integer',
    fails: 'alter table t add b integer;',
    says: /db:baseline/,
    done: 'baseline',
  },
  '42723': {
    byHand: "create function f() returns integer language sql as 'select 1'",
    fails: "create function f() returns integer language sql as 'select 1';",
    says: /db:baseline/,
    done: 'baseline',
  },
  '42P06': {
    byHand: 'create schema s',
    fails: 'create schema s;',
    says: /create schema if not exists/,
    instead: 'create schema if not exists s;',
  },
  '42P01': {
    fails: 'alter table t add b integer;',
    says: /earlier migration missing/,
    instead: 'create table t (a integer); alter table t add b integer;',
  },
  '42703': {
    before: 'create table t (a integer);',
    fails: 'create index on t (b);',
    says: /earlier migration should add it/,
    instead: 'alter table t add b integer; create index on t (b);',
  },
  '42704': {
    fails: 'create table t (a citext);',
    says: /an extension/,
    instead: 'create extension if not exists citext; create table t (a citext);',
  },
  '42883': {
    fails: 'create table t (a text default gen_salt_of_none());',
    says: /extension missing/,
    instead:
      "create function gen_salt_of_none() returns text language sql as 'select null::text'; create table t (a text default gen_salt_of_none());",
  },
  '0A000': {
    before: 'create table t (a integer, b integer) partition by range (a);',
    fails: 'create unique index on t (b);',
    says: /does not support/,
    instead: 'create unique index on t (a, b);',
  },
  '58P01': {
    fails: "create function f() returns integer language c as 'not_installed_here', 'f';",
    says: /not installed on the server/,
    instead: "create function f() returns integer language sql as 'select 1';",
  },
  '23502': {
    before: TEXTS,
    fails: 'alter table t add c integer not null;',
    says: /nullable, fill it, then set NOT NULL/,
    instead: [
      'alter table t add c integer;',
      'update t set c = 0 where c is null;',
      'alter table t alter c set not null;',
    ],
  },
  '23503': {
    before: `${TEXTS} create table u (id integer primary key);`,
    fails: 'alter table t add foreign key (b) references u (id);',
    says: /NOT VALID and validate it later/,
    instead: [
      'alter table t add constraint t_u foreign key (b) references u (id) not valid;',
      'insert into u select distinct b from t; alter table t validate constraint t_u;',
    ],
  },
  '23505': {
    before: TEXTS,
    fails: 'create unique index on t (a);',
    says: /merge them first/,
    instead:
      'delete from t where ctid not in (select min(ctid) from t group by a); create unique index on t (a);',
  },
  '23514': {
    before: TEXTS,
    fails: 'alter table t add check (b > 1);',
    says: /correct them first/,
    instead: 'update t set b = 2 where b <= 1; alter table t add check (b > 1);',
  },
  '55P04': {
    before: "create type m as enum ('a'); create table t (m m);",
    fails: "alter type m add value 'b'; insert into t values ('b');",
    says: /next migration file/,
    instead: ["alter type m add value 'b';", "insert into t values ('b');"],
  },
  '25001': {
    before: TEXTS,
    fails: 'vacuum t;',
    says: /no-transaction/,
    instead: '-- migrator: no-transaction\nvacuum t;',
  },
  '42501': {
    before: `do $$ begin create role ${ROLE} nologin; exception when duplicate_object then null; end $$; ${TEXTS}`,
    fails: `set local role ${ROLE}; create index on t (a); reset role;`,
    says: /owns the tables/,
    done: `alter table t owner to ${ROLE}; grant create on schema public to ${ROLE}`,
  },
  '2BP01': {
    before: `${TEXTS} create view v as select a from t;`,
    fails: 'alter table t drop a;',
    says: /drop or change those first/,
    instead: 'drop view v; alter table t drop a; create view v as select b from t;',
  },
  '22P02': {
    before: TEXTS,
    fails: 'alter table t alter a type integer using a::integer;',
    says: /Correct the rows first/,
    instead: "update t set a = '1'; alter table t alter a type integer using a::integer;",
  },
  '42804': {
    before: 'create table t (a text);',
    fails: 'alter table t alter a type integer;',
    says: /USING column::type/,
    instead: 'alter table t alter a type integer using a::integer;',
  },
  '42601': {
    fails: 'create tabel t (a integer);',
    says: /syntax error/,
    instead: 'create table t (a integer);',
  },
  '42P16': {
    before: `${TEXTS} create view v as select a, b from t;`,
    fails: 'create or replace view v as select a from t;',
    says: /drop the view and create it/,
    instead: 'drop view v; create view v as select a from t;',
  },
  '428C9': {
    before: 'create table t (a integer, b integer generated always as (a + 1) stored);',
    fails: 'insert into t (a, b) values (1, 2);',
    says: /leave it out/,
    instead: 'insert into t (a) values (1);',
  },
  '42P17': {
    before: `${TEXTS} create function f(text) returns text language plpgsql as 'begin return $1; end';`,
    fails: 'create index on t (f(a));',
    says: /IMMUTABLE/,
    instead: 'alter function f(text) immutable; create index on t (f(a));',
  },
  '22004': {
    before: TEXTS,
    fails: 'do $$ declare s text; begin execute s; end $$;',
    says: /null where none is allowed/,
    instead: "do $$ declare s text := 'select 1'; begin execute s; end $$;",
  },
  '42846': {
    before: TEXTS,
    fails: 'alter table t alter b type date using b::date;',
    says: /USING with an expression/,
    instead: "alter table t alter b type date using date '2026-01-01' + b;",
  },
  '55006': {
    before:
      'create table u (id integer primary key); create table t (u integer references u deferrable initially deferred);',
    fails: 'insert into u values (1); insert into t values (1); alter table t add b integer;',
    says: /two files/,
    instead: [
      'insert into u values (1); insert into t values (1);',
      'alter table t add b integer;',
    ],
  },
  '42611': {
    before: 'create table t (a integer);',
    fails: 'create table u (a integer generated always as (1) stored) inherits (t);',
    says: /does not fit its table/,
    instead: 'create table u (a integer) inherits (t);',
  },
  '22001': {
    before: "create table t (a varchar(9)); insert into t values ('123456');",
    fails: 'alter table t alter a type varchar(3);',
    says: /shorten them first/,
    instead: 'update t set a = left(a, 3); alter table t alter a type varchar(3);',
  },
  '22003': {
    before: 'create table t (a bigint); insert into t values (5000000000);',
    fails: 'alter table t alter a type integer;',
    says: /outside the new type/,
    instead: 'update t set a = 5; alter table t alter a type integer;',
  },
  // No test fills a disk.
  '2D000': {
    before: TEXTS,
    fails: 'do $$ begin update t set b = 2; commit; end $$;',
    says: /no-transaction/,
    instead: '-- migrator: no-transaction\ndo $$ begin update t set b = 2; commit; end $$;',
  },
  '53100': {
    fails: "do $$ begin raise exception 'no space' using errcode = '53100'; end $$;",
    says: /disk/,
    instead: 'select 1;',
  },
};

describe.skipIf(!capabilities.concurrency)('the advice of an error, followed', () => {
  const database = useEmptyDatabase();
  let folder: MigrationsFolder;
  let client: Client;
  beforeEach(async () => {
    folder = await MigrationsFolder.create();
    client = new Client({ connectionString: database.url });
    await client.connect();
  });
  afterEach(async () => {
    await folder.remove();
    await client.end();
  });
  afterAll(async () => {
    const admin = new Client({ connectionString: database.url });
    await admin.connect();
    await admin.query(
      `do $$ begin if exists (select from pg_roles where rolname = '${ROLE}') then drop owned by ${ROLE} cascade; drop role ${ROLE}; end if; end $$`,
    );
    await admin.end();
  });

  const failing = async (options: Partial<MigrateOptions> = {}): Promise<StatementError> => {
    const error: unknown = await migrate(database.url, {
      folder: folder.path,
      lockRetries: 0,
      ...options,
    }).catch((caught: unknown) => caught);
    if (!(error instanceof StatementError)) throw error;
    return error;
  };
  const files = (texts: readonly string[]): File[] =>
    texts.map((sql, index) => ({ name: `000${index + 1}_now`, sql }));

  test.each(Object.entries(CASES))('%s', async (sqlstate, found) => {
    const start: File[] =
      found.before === undefined ? [] : [{ name: '0000_before', sql: found.before }];
    await folder.write(start);
    await migrate(database.url, { folder: folder.path });
    if (found.byHand !== undefined) await client.query(found.byHand);
    await folder.write([...start, ...files([found.fails])]);
    const error = await failing();
    expect(error.statement).toMatchObject({ sqlstate, number: expect.any(Number) });
    expect(error.message).toMatch(found.says);

    const instead = found.instead ?? found.fails;
    const texts = typeof instead === 'string' ? [instead] : instead;
    await folder.write([...start, ...files(texts)]);
    if (found.done === 'baseline') {
      expect(await baseline(database.url, { folder: folder.path })).toEqual(['0001_now']);
      expect((await migrate(database.url, { folder: folder.path })).applied).toEqual([]);
      return;
    }
    if (found.done !== undefined) await client.query(found.done);
    const { applied } = await migrate(database.url, { folder: folder.path });
    expect(applied).toHaveLength(texts.length);
  });

  test('55P03: the holder ends, and it runs', async () => {
    await client.query('create table t (a integer)');
    await client.query('begin; lock table t in access share mode');
    await folder.write(files(['alter table t add b integer;']));
    const error = await failing({ lockTimeoutMs: 200 });
    expect(error.statement.sqlstate).toBe('55P03');
    expect(error.message).toMatch(/End or wait for that session and run again/);
    await client.query('commit');
    expect((await migrate(database.url, { folder: folder.path })).applied).toHaveLength(1);
  });

  test('40P01: run again', async () => {
    await client.query('create table a (n integer); create table b (n integer)');
    // Only the migration looks for a deadlock, and the last lock that closes the circle is its own.
    await client.query("begin; set local deadlock_timeout = '1h'; lock table b");
    await folder.write(
      files([
        `set local deadlock_timeout = '10ms'; lock table a;
        do $$ begin
          while exists (select from pg_locks where relation = 'b'::regclass and granted)
            and not exists (select from pg_locks where relation = 'a'::regclass and not granted)
          loop perform pg_sleep(0.01); end loop;
        end $$;
        alter table b add m integer;`,
      ]),
    );
    const failed = failing();
    await vi.waitUntil(
      async () =>
        (
          await client.query(
            "select from pg_locks where relation = 'a'::regclass and mode = 'AccessExclusiveLock' and granted",
          )
        ).rowCount === 1,
      { timeout: 60_000 },
    );
    await client.query('lock table a; commit');
    const error = await failed;
    expect(error.statement.sqlstate).toBe('40P01');
    expect(error.message).toMatch(/Deadlock with another session\. Nothing was changed; run again/);
    expect((await migrate(database.url, { folder: folder.path })).applied).toHaveLength(1);
  });

  test('57014: --statement-timeout raised', async () => {
    await folder.write(files(['select pg_sleep(1);']));
    const error = await failing({ statementTimeoutMs: 100 });
    expect(error.statement.sqlstate).toBe('57014');
    expect(error.message).toMatch(/raise --statement-timeout/);
    expect((await migrate(database.url, { folder: folder.path })).applied).toHaveLength(1);
  });

  test('42710 of a role: created only where it is absent', async () => {
    const role = 'advice_whole_server';
    await client.query(`drop role if exists ${role}; create role ${role}`);
    try {
      await folder.write(files([`create role ${role};`]));
      const error = await failing();
      expect(error.statement.sqlstate).toBe('42710');
      expect(error.message).toMatch(/Roles belong to the whole server/);
      expect(error.message).not.toMatch(/db:baseline/);
      await folder.write(
        files([
          `do $$ begin if not exists (select from pg_roles where rolname = '${role}') then create role ${role}; end if; end $$;`,
        ]),
      );
      expect((await migrate(database.url, { folder: folder.path })).applied).toHaveLength(1);
    } finally {
      await client.query(`drop role if exists ${role}`);
    }
  });

  test('every SQLSTATE with an advice is tried here', () => {
    expect(Object.keys(ADVICE).sort()).toEqual(
      [...Object.keys(CASES), '55P03', '40P01', '57014'].sort(),
    );
  });
});
