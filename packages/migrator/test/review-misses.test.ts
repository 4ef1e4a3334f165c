import { expect, test } from 'vitest';
import { review } from '../src/index.ts';

const HISTORY = [
  {
    name: '0000.sql',
    sql: `create type st as enum ('a', 'b');
      create table t (id integer primary key, s st, name text);
      create index t_name on t (name);`,
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
  [
    'a nullable column whose default goes in the same file',
    'alter table t add column n integer default 1; alter table t alter column n drop default;',
  ],
])('%s is no finding', async (_, sql) => {
  expect(await rulesOf(sql)).toEqual([]);
});
