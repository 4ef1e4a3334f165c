import { expect, test } from 'vitest';
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
