import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { type Finding, formatFindings, type ReviewOptions, review } from '../src/index.ts';

const rules = async (sql: string, options: ReviewOptions = {}): Promise<string[]> =>
  (await review(sql, { squawk: false, ...options })).map(({ rule, level }) => `${level}: ${rule}`);

describe('knows what came before', () => {
  const history = [
    {
      name: '0000.sql',
      sql: `create table users (id int primary key, name varchar(50) not null, age int, code text, at timestamp(3));
            create unique index by_code on users (code);
            alter table users add constraint age_known check (age is not null);
            create unique index by_age on users (age);
            create table logs (at timestamptz not null) partition by range (at);`,
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
    ['alter table users add primary key using index by_code', ['danger: set-not-null']],
    ['alter table users add primary key using index by_age', []],
    ['create index logs_at on only logs (at)', []],
    ['create index logs_at on logs (at)', ['danger: create-index-blocking']],
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
