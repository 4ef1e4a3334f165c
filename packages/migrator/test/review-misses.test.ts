import { describe, expect, test } from 'vitest';
import { review } from '../src/index.ts';

const HISTORY = [
  {
    name: '0000.sql',
    sql: `create type st as enum ('a', 'b');
      create table t (id integer primary key, s st, name text);
      create index t_name on t (name);
      create domain percent as integer check (value between 0 and 100);
      create domain plain as integer;
      create table parts (id integer, at integer) partition by range (at);
      create table parts_rest partition of parts default;
      create table whole (id integer) partition by range (id);
      create view people as select id, name from t;
      create view all_of_t as select * from t;
      create table child (id integer, t_id integer, o_id integer,
        constraint child_t foreign key (t_id) references t (id) on delete cascade,
        constraint child_o foreign key (o_id) references t (id));`,
  },
];

const rulesOf = async (sql: string): Promise<string[]> =>
  (await review(sql, { history: HISTORY, squawk: false })).map(({ rule }) => rule);

test.each([
  [
    'a type renamed away, made anew, and a column moved to it',
    "alter type st rename to st_old; create type st as enum ('a', 'c'); alter table t alter column s type st using s::text::st;",
    'change-column-type',
  ],
  [
    'a new column of an old table that changes its type',
    'alter table t add column n integer; alter table t alter column n type text;',
    'change-column-type',
  ],
  [
    'a required column whose default goes in the same file',
    'alter table t add column n integer not null default 1; alter table t alter column n drop default;',
    'drop-default',
  ],
  [
    'a check written with a new column',
    'alter table t add column n integer check (n > 0);',
    'add-constraint-validated',
  ],
  [
    'a trigger on a table in use',
    'create trigger x before update on t for each row execute function f();',
    'create-trigger',
  ],
  ['a collation', 'alter table t alter column name type text collate "C";', 'change-collation'],
  ['a column of a constrained domain', 'alter table t add column p percent;', 'add-column-rewrite'],
  [
    'a partition made where there is a default one',
    'create table parts_1 (id integer, at integer); alter table parts attach partition parts_1 for values from (1) to (2);',
    'scan-default-partition',
  ],
  [
    'a partition made of a table in use',
    'create table whole_1 partition of whole for values from (1) to (2);',
    'create-partition',
  ],
  [
    'a view made again with fewer columns',
    'drop view people; create view people as select id from t;',
    'view-loses-column',
  ],
  [
    'a view of all columns made again with few',
    'drop view all_of_t; create view all_of_t (id, s) as select id, s from t;',
    'view-loses-column',
  ],
  ['a COMMIT', 'select 1; commit; select 2;', 'refused-by-runner'],
  ['a BEGIN in the middle', 'select 1; begin; select 2;', 'refused-by-runner'],
  ['a comment without end', 'select 1; /* x', 'refused-by-runner'],
  [
    'an acknowledgement without a reason',
    '-- migrator: allow drop-table:\nselect 1;',
    'refused-by-runner',
  ],
])('%s is seen', async (_, sql, rule) => {
  expect(await rulesOf(sql)).toContain(rule);
});

test.each([
  ['an index that an earlier file made', 'create index if not exists t_name on t (name);'],
  [
    'a rename of a new column',
    'alter table t add column n integer; alter table t rename column n to m;',
  ],
  ['a column of a domain without a rule', 'alter table t add column p plain;'],
  [
    'a partition attached where there is no default one',
    'create table whole_1 (id integer); alter table whole attach partition whole_1 for values from (1) to (2);',
  ],
  [
    'a view made again with the same columns and one more',
    'drop view people; create view people as select name, id, s from t;',
  ],
  [
    'a nullable column whose default goes in the same file',
    'alter table t add column n integer default 1; alter table t alter column n drop default;',
  ],
])('%s is no finding', async (_, sql) => {
  expect(await rulesOf(sql)).toEqual([]);
});

test('a dropped foreign key is as grave as what it does', async () => {
  const found = await review(
    'alter table child drop constraint child_t; alter table child drop constraint child_o;',
    { history: HISTORY, squawk: false },
  );
  expect(
    found.map(({ rule, level, breaksPreviousRelease }) => [rule, level, breaksPreviousRelease]),
  ).toEqual([
    ['drop-constraint', 'danger', true],
    ['drop-constraint', 'caution', false],
  ]);
});

describe('names as the file makes them', () => {
  test.each([
    [
      'a table that hides another of the same name',
      'create schema fresh; set search_path = fresh; create table t (id integer); set search_path = public; drop table t;',
      'drop-table',
    ],
    [
      'a path set by a function',
      "create schema fresh; select set_config('search_path', 'fresh', true); create table t (id integer); reset all; alter table t drop column name;",
      'drop-column',
    ],
    [
      'a type moved to another schema and made anew',
      "alter type st set schema other; create type st as enum ('a', 'c'); alter table t alter column s type st using s::text::st;",
      'change-column-type',
    ],
    [
      'a renamed domain',
      'alter domain percent rename to share; alter table t add column p share;',
      'add-column-rewrite',
    ],
    [
      'a moved domain',
      'alter domain percent set schema other; alter table t add column p other.percent;',
      'add-column-rewrite',
    ],
    [
      'a domain over a constrained one',
      'create domain half as percent; alter table t add column p half;',
      'add-column-rewrite',
    ],
    [
      'an index dropped and made again',
      'drop index t_name; create index if not exists t_name on t (name);',
      'create-index-blocking',
    ],
    [
      'an index of the same name in another schema',
      'create index if not exists t_name on other.t (name);',
      'create-index-blocking',
    ],
    [
      'a view whose column a CASE names',
      'drop view people; create view people as select id, case when true then name end from t;',
      'view-loses-column',
    ],
    [
      'a view of one side of a join',
      'drop view people; create view people as select c.* from child c join t on t.id = c.t_id;',
      'view-loses-column',
    ],
  ])('%s', async (_, sql, rule) => {
    expect(await rulesOf(sql)).toContain(rule);
  });

  test.each([
    [
      'a table of the path, which is new',
      'create schema fresh; set search_path = fresh; create table t (id integer); create index on t (id);',
    ],
    [
      'a column that is there already',
      'alter table t add column if not exists name text not null;',
    ],
    [
      'a view whose columns casts and a join name',
      'drop view people; create view people as select t.id::text, name::varchar from t join child on true;',
    ],
    [
      'a longer length in another schema',
      'set search_path = other; create table u (v varchar(5)); alter table u alter column v type varchar(9);',
    ],
  ])('%s is no finding', async (_, sql) => {
    expect(await rulesOf(sql)).toEqual([]);
  });

  test('a table keeps its columns in another schema', async () => {
    const history = [{ name: '0000.sql', sql: 'create table t (v varchar(5));' }];
    const found = await review(
      'alter table t set schema other; alter table other.t alter column v type varchar(9);',
      { history, squawk: false },
    );
    expect(found.map(({ rule }) => rule)).toEqual(['rename-object']);
  });
});

describe('what fails or waits in the file’s transaction', () => {
  test.each([
    ['a block that commits', 'do $$ begin commit; end $$;', 'commit-in-transaction'],
    ['VACUUM FULL', 'vacuum full t;', 'concurrently-in-transaction'],
    ['REINDEX of a schema', 'reindex schema public;', 'concurrently-in-transaction'],
    ['CLUSTER of all tables', 'cluster;', 'concurrently-in-transaction'],
    [
      'a new enum value in a policy',
      "alter type st add value 'z'; create policy p on t using (s = 'z');",
      'new-enum-value-used',
    ],
    [
      'a new enum value in a view',
      "alter type st add value 'z'; create view v as select * from t where s = 'z';",
      'new-enum-value-used',
    ],
    [
      'no lock_timeout',
      'set lock_timeout = 0; alter table t add column n integer;',
      'lock-timeout-off',
    ],
    ['lock_timeout taken back', 'reset lock_timeout;', 'lock-timeout-off'],
    [
      'lock_timeout set by a function',
      "select set_config('lock_timeout', '0', true);",
      'lock-timeout-off',
    ],
    ['an hour of waiting', "set local lock_timeout = '1h';", 'lock-timeout-off'],
    ['a trigger for replicas only', 'alter table t enable replica trigger x;', 'disable-trigger'],
    [
      'a function that takes its owner’s rights later',
      'alter function f() security definer;',
      'security-definer-search-path',
    ],
  ])('%s is seen', async (_, sql, rule) => {
    expect(await rulesOf(sql)).toContain(rule);
  });

  test.each([
    [
      'a temporary table of a block',
      'do $$ begin create temp table x (a integer) on commit drop; end $$;',
    ],
    ['a short lock_timeout', "set local lock_timeout = '2s';"],
    [
      'a function with its own search_path',
      "alter function f() security definer set search_path = '';",
    ],
  ])('%s is no finding', async (_, sql) => {
    expect(await rulesOf(sql)).toEqual([]);
  });

  test('the lock of a whole-table command names each table', async () => {
    const found = await review('-- migrator: no-transaction\nvacuum (full, analyze) t, child;', {
      squawk: false,
    });
    expect(found.map(({ lock }) => lock?.on)).toEqual(['t and child']);
  });

  test('a file of another runner bounds its lock waits itself', async () => {
    const options = { history: HISTORY, squawk: false, runner: 'plain' } as const;
    const sql = 'alter table t alter column name set not null;';
    const rules = async (text: string) => (await review(text, options)).map(({ rule }) => rule);
    expect(await rules(sql)).toEqual(['set-not-null', 'missing-lock-timeout']);
    expect(await rules(`set lock_timeout = '3s'; ${sql}`)).toEqual(['set-not-null']);
    expect(await rules('create table fresh (id integer);')).toEqual([]);
  });
});
