import { expect, test } from 'vitest';
import { review } from '../src/index.ts';

const HISTORY = [
  {
    name: '0000.sql',
    sql: `create table tenants (id integer primary key);
      create table local_things (id integer primary key);
      create table countries (id integer primary key);
      create table pages (tenant_id integer not null, id integer not null, title text, at timestamptz, primary key (tenant_id, id));
      create table notes (tenant_id integer not null, id integer not null, page_id integer, primary key (tenant_id, id));
      create table folders (tenant_id integer, at integer) partition by range (at);
      select create_reference_table('countries');
      select create_distributed_table('tenants', 'id');
      select create_distributed_table('pages', 'tenant_id');
      select create_distributed_table('public.notes', 'tenant_id', colocate_with => 'pages');
      select create_distributed_table('folders', 'tenant_id');`,
  },
];

const rulesOf = async (sql: string, target: 'citus' | 'postgres' = 'citus') =>
  (await review(sql, { history: HISTORY, squawk: false, target })).map(({ rule }) => rule);

test.each([
  [
    'two kinds in one ALTER',
    'alter table pages add column n integer, add constraint pages_n check (n > 0) not valid',
  ],
  ['a trigger', 'create trigger x before update on pages for each row execute function f()'],
  ['a unique constraint', 'alter table pages add constraint pages_title unique (title)'],
  [
    'a unique index',
    '-- migrator: no-transaction\ncreate unique index concurrently pages_title on pages (title)',
  ],
  [
    'a foreign key without the distribution column',
    'alter table notes add constraint n_p foreign key (page_id) references pages (id) not valid',
  ],
  [
    'a foreign key to a local table',
    'alter table notes add constraint n_l foreign key (page_id) references local_things (id) not valid',
  ],
  [
    'a foreign key of a reference table to a distributed one',
    'alter table countries add constraint c_t foreign key (id) references tenants (id) not valid',
  ],
  [
    'another type of the distribution column',
    'alter table pages alter column tenant_id type bigint',
  ],
  ['a dropped distribution column', 'alter table pages drop column tenant_id'],
  ['a written distribution column', 'update pages set tenant_id = 2 where id = 1'],
  [
    'an upsert with now()',
    'insert into pages values (1, 1, $$x$$, now()) on conflict (tenant_id, id) do update set title = excluded.title',
  ],
])('Citus refuses %s', async (_, sql) => {
  expect(await rulesOf(sql)).toContain('refused-by-citus');
  expect(await rulesOf(sql, 'postgres')).not.toContain('refused-by-citus');
});

test.each([
  ['a column', 'alter table pages add column n integer'],
  [
    'a unique index with the distribution column',
    '-- migrator: no-transaction\ncreate unique index concurrently pages_title on pages (tenant_id, title)',
  ],
  [
    'a foreign key with the distribution column',
    'alter table notes add constraint n_p foreign key (tenant_id, page_id) references pages (tenant_id, id) not valid',
  ],
  [
    'a foreign key to a reference table',
    'alter table notes add constraint n_c foreign key (page_id) references countries (id) not valid',
  ],
  [
    'a trigger on a local table',
    'create trigger x before update on local_things for each row execute function f()',
  ],
  [
    'a table that the file distributes',
    "create table posts (tenant_id integer); select create_distributed_table('posts', 'tenant_id')",
  ],
  [
    'a partition of a distributed table',
    'create table folders_1 partition of folders for values from (1) to (2)',
  ],
  [
    'an upsert with given values',
    'insert into pages values (1, 1, $$x$$) on conflict (tenant_id, id) do update set title = excluded.title',
  ],
])('Citus takes %s', async (_, sql) => {
  const found = await rulesOf(sql);
  expect(found).not.toContain('refused-by-citus');
  expect(found).not.toContain('local-table');
});

test('what Citus does without a word is said', async () => {
  expect(await rulesOf('create table posts (tenant_id integer)')).toEqual(['local-table']);
  expect(await rulesOf('alter function f() leakproof')).toContain('lost-by-citus');
  expect(await rulesOf('alter table pages alter column title set storage plain')).toContain(
    'lost-by-citus',
  );
  expect(await rulesOf('create table posts (tenant_id integer)', 'postgres')).toEqual([]);
});
