import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { capabilities } from '@reference/local-postgres';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import {
  disagreement,
  type Finding,
  type ReviewFile,
  review,
  scratchOnServer,
  type Trace,
  type TracedStatement,
  trace,
} from '../src/index.ts';
import { run } from './command.ts';
import { useEmptyDatabase } from './fresh-database.ts';
import { MigrationsFolder } from './migrations-folder.ts';

// Servers and processes take seconds to start on a busy machine.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

/** A rule of the review that names a lock, what is there before, and a statement that it speaks of. */
interface Example {
  readonly rule: string;
  readonly before: string;
  readonly sql: string;
  /** Where the rule speaks of another statement than the first of the file. */
  readonly statement?: number;
}

const table = (name: string, more = ''): string =>
  `create table ${name} (id integer primary key, name text not null default 'x', note text, num integer${more});`;

/** `T` stands for the table that each example has for itself. */
const EXAMPLES: readonly Example[] = [
  {
    rule: 'add-column-rewrite',
    before: table('T'),
    sql: 'alter table T add column made uuid default gen_random_uuid()',
  },
  {
    rule: 'add-column-rewrite',
    before: table('T'),
    sql: 'alter table T add column made integer generated always as (id + 1) stored',
  },
  {
    rule: 'add-column-rewrite',
    before: table('T'),
    sql: 'alter table T add column made bigserial',
  },
  { rule: 'add-unique', before: table('T'), sql: 'alter table T add column made text unique' },
  {
    rule: 'add-constraint-validated',
    before: table('T'),
    sql: "alter table T add column made text default 'a' check (made <> '')",
  },
  {
    rule: 'add-constraint-validated',
    before: table('T'),
    sql: 'alter table T add constraint T_num check (num > 0)',
  },
  {
    rule: 'add-constraint-validated',
    before: `${table('T')} create table T_of (id integer primary key);`,
    sql: 'alter table T add constraint T_fk foreign key (num) references T_of (id)',
  },
  {
    rule: 'constant-key-default',
    before: table('T'),
    sql: "alter table T add column owner_id text default 'none'",
  },
  {
    rule: 'constant-key-default',
    before: table('T', ', owner_id text'),
    sql: "alter table T alter column owner_id set default 'none'",
  },
  {
    rule: 'change-collation',
    before: `${table('T')} create index T_name on T (name);`,
    sql: 'alter table T alter column name type text collate "C"',
  },
  {
    rule: 'change-column-type',
    before: table('T'),
    sql: 'alter table T alter column num type bigint',
  },
  {
    rule: 'narrow-column-type',
    before: table('T'),
    sql: 'alter table T alter column note type varchar(40)',
  },
  { rule: 'set-not-null', before: table('T'), sql: 'alter table T alter column note set not null' },
  { rule: 'drop-default', before: table('T'), sql: 'alter table T alter column name drop default' },
  { rule: 'drop-column', before: table('T'), sql: 'alter table T drop column note' },
  {
    rule: 'add-identity',
    before: table('T'),
    sql: 'alter table T alter column id add generated always as identity',
  },
  { rule: 'rename-column', before: table('T'), sql: 'alter table T rename column note to remark' },
  {
    rule: 'drop-expression',
    before: table('T', ', twice integer generated always as (id * 2) stored'),
    sql: 'alter table T alter column twice drop expression',
  },
  {
    rule: 'add-column-rewrite',
    before: `${table('T')} create domain T_percent as integer check (value between 0 and 100);`,
    sql: 'alter table T add column share T_percent',
  },
  {
    rule: 'scan-default-partition',
    before:
      'create table T (id integer, at integer) partition by range (at); create table T_rest partition of T default;',
    sql: 'create table T_1 (id integer, at integer); alter table T attach partition T_1 for values from (2000000000) to (2000000001)',
    statement: 2,
  },
  {
    rule: 'create-partition',
    before: 'create table T (id integer, at integer) partition by range (at);',
    sql: 'create table T_1 partition of T for values from (1) to (2)',
  },
  {
    rule: 'add-unique',
    before: table('T'),
    sql: 'alter table T add constraint T_uq unique (note)',
  },
  {
    rule: 'drop-unique',
    before: `${table('T')} alter table T add constraint T_uq unique (note);`,
    sql: 'alter table T drop constraint T_uq',
  },
  {
    rule: 'drop-constraint',
    before: `${table('T')} alter table T add constraint T_ck check (num > 0);`,
    sql: 'alter table T drop constraint T_ck',
  },
  {
    rule: 'validate-in-same-transaction',
    before: table('T'),
    sql: 'alter table T add constraint T_ck check (num > 0) not valid; alter table T validate constraint T_ck',
    statement: 2,
  },
  { rule: 'update-overwrites', before: table('T'), sql: "update T set name = 'y'" },
  {
    rule: 'backfill-unbatched',
    before: table('T', ', filled text'),
    sql: 'update T set filled = name where filled is null',
  },
  {
    rule: 'backfill-in-ddl-transaction',
    before: table('T'),
    sql: 'alter table T add column filled text; update T set filled = name',
    statement: 2,
  },
  { rule: 'delete-all-rows', before: table('T'), sql: 'delete from T' },
  { rule: 'delete-rows', before: table('T'), sql: 'delete from T where id > 10' },
  { rule: 'drop-table', before: table('T'), sql: 'drop table T' },
  {
    rule: 'drop-index-blocking',
    before: `${table('T')} create index T_note on T (note);`,
    sql: 'drop index T_note',
  },
  {
    rule: 'drop-unique',
    before: `${table('T')} create unique index T_unique on T (note);`,
    sql: 'drop index T_unique',
  },
  { rule: 'create-index-blocking', before: table('T'), sql: 'create index T_note on T (note)' },
  { rule: 'rewrite-table', before: table('T'), sql: 'alter table T set unlogged' },
  {
    rule: 'rewrite-table',
    before: `${table('T')} create index T_note on T (note);`,
    sql: 'cluster T using T_note',
  },
  {
    rule: 'refresh-blocking',
    before: `${table('T')} create materialized view T_view as select id from T;`,
    sql: 'refresh materialized view T_view',
  },
  { rule: 'lock-table', before: table('T'), sql: 'lock table T in access exclusive mode' },
  {
    rule: 'drop-trigger',
    before: `${table('T')} create function T_fn() returns trigger language plpgsql as 'begin return new; end'; create trigger T_tr before update on T for each row execute function T_fn();`,
    sql: 'drop trigger T_tr on T',
  },
  {
    rule: 'create-trigger',
    before: `${table('T')} create function T_fn() returns trigger language plpgsql as 'begin return new; end';`,
    sql: 'create trigger T_tr before update on T for each row execute function T_fn()',
  },
  {
    rule: 'disable-trigger',
    before: `${table('T')} create function T_fn() returns trigger language plpgsql as 'begin return new; end'; create trigger T_tr before update on T for each row execute function T_fn();`,
    sql: 'alter table T disable trigger T_tr',
  },
  {
    rule: 'row-security-off',
    before: `${table('T')} alter table T enable row level security;`,
    sql: 'alter table T disable row level security',
  },
  {
    rule: 'row-security-off',
    before: `${table('T')} alter table T enable row level security; alter table T force row level security;`,
    sql: 'alter table T no force row level security',
  },
  {
    rule: 'row-security-on',
    before: `${table('T')} create policy T_p on T using (true);`,
    sql: 'alter table T enable row level security; create policy T_q on T using (true)',
  },
  { rule: 'row-security-on', before: table('T'), sql: 'alter table T force row level security' },
  {
    rule: 'row-security-without-policy',
    before: table('T'),
    sql: 'alter table T enable row level security',
  },
  {
    rule: 'drop-policy',
    before: `${table('T')} create policy T_p on T using (true);`,
    sql: 'drop policy T_p on T',
  },
  {
    rule: 'attach-partition',
    before: `create table T (id integer, at integer) partition by range (at); create table T_1 (id integer, at integer);`,
    sql: 'alter table T attach partition T_1 for values from (0) to (2000000000)',
  },
  {
    rule: 'detach-partition',
    before: `create table T (id integer, at integer) partition by range (at); create table T_1 partition of T for values from (0) to (2000000000);`,
    sql: 'alter table T detach partition T_1',
  },
  {
    rule: 'change-inheritance',
    before: `${table('T')} create table T_child (like T);`,
    sql: 'alter table T_child inherit T',
  },
  { rule: 'truncate', before: table('T'), sql: 'truncate T' },
  { rule: 'rename-table', before: table('T'), sql: 'alter table T rename to T_renamed' },
];

const named = (sql: string, index: number): string => sql.replace(/\bT(?=_|\b)/g, `t${index}`);

const fileOf = ({ sql }: Example, index: number): ReviewFile => ({
  name: `${String(index).padStart(4, '0')}.sql`,
  sql: named(sql, index),
});

const says = (lock: Finding['lock']) => `${lock?.mode} on ${lock?.on}, ${lock?.held}`;

describe.skipIf(!capabilities.concurrency)('a trace', () => {
  const database = useEmptyDatabase();

  describe('sees what each rule of the review predicts', () => {
    let observed: Trace;
    let findings: Finding[];
    const history = EXAMPLES.map(({ before }, index) => ({
      name: `before ${index}`,
      sql: named(before, index),
    }));

    beforeAll(async () => {
      const files = EXAMPLES.map(fileOf);
      findings = await review(files, { history, squawk: false, deployed: 'each' });
      observed = await trace(files, {
        scratch: scratchOnServer(database.url),
        history,
        sizes: [200],
      });
    });

    test.each(
      EXAMPLES.map((example, index) => [example.rule, named(example.sql, index), index] as const),
    )('%s: %s', (rule, _, index) => {
      const { name } = fileOf(EXAMPLES[index] as Example, index);
      const number = EXAMPLES[index]?.statement ?? 1;
      const finding = findings.find(
        (one) => one.file === name && one.rule === rule && one.statement === number,
      );
      const statement = observed.statements.find(
        (one) => one.file === name && one.statement === number,
      );
      expect(finding?.lock, 'the review names a lock').toBeDefined();
      expect(statement?.failed).toBeUndefined();
      expect(
        disagreement(finding as Finding, statement as TracedStatement),
        `${says(finding?.lock)}; seen: ${JSON.stringify(statement)}`,
      ).toBeUndefined();
      const modes = statement?.locks.map(({ mode }) => mode) ?? [];
      // A later statement may rest on the lock of an earlier one; the first has its own, and no stronger.
      if (number === 1) expect(modes).toContain(finding?.lock?.mode);
      if (finding?.lock?.mode !== 'ACCESS EXCLUSIVE')
        expect(modes).not.toContain('ACCESS EXCLUSIVE');
    });

    test('add-required-column: its lock, on a table without rows', async () => {
      const file = { name: '1.sql', sql: 'alter table t add column made text not null' };
      const before = [{ name: 'before', sql: table('t') }];
      const [finding] = await review([file], { history: before, squawk: false });
      const traced = await trace([file], {
        scratch: scratchOnServer(database.url),
        history: before,
        sizes: [0],
      });
      expect(finding?.rule).toBe('add-required-column');
      expect(traced.statements[0]?.locks).toEqual([
        { mode: 'ACCESS EXCLUSIVE', on: 't', index: false },
      ]);
    });

    test('every rule that names a lock has an example', async () => {
      const folder = new URL('../src/review/rules/', import.meta.url);
      const rules = new Set<string>();
      for (const name of await readdir(folder)) {
        const source = await readFile(new URL(name, folder), 'utf8');
        for (const part of source.split(/\brule:/).slice(1)) {
          const names = [
            ...(part.split(',\n')[0] ?? '').matchAll(/'([a-z]+(?:-[a-z]+)+|truncate)'/g),
          ];
          const remark = part.split('breaksPreviousRelease')[0] ?? '';
          if (/\block[:,]/.test(remark)) for (const [, rule = ''] of names) rules.add(rule);
        }
      }
      const shown = new Set([...EXAMPLES.map(({ rule }) => rule), 'add-required-column']);
      expect(rules.size).toBeGreaterThan(30);
      expect([...rules].filter((rule) => !shown.has(rule))).toEqual([]);
    });
  });

  const traced = (sql: string, before: string, sizes: readonly number[] = [300]) =>
    trace([{ name: 'f.sql', sql }], {
      scratch: scratchOnServer(database.url),
      history: [{ name: 'before.sql', sql: before }],
      sizes,
    });
  const whom = (statement: TracedStatement | undefined) =>
    statement?.stopped.map(({ who, table: on }) => `${who} of ${on}`);

  test('a rewrite: its size, its growth, and everyone who waits', async () => {
    const { statements, unfilled } = await traced(
      'alter table t alter column num type bigint',
      `${table('t')} create index t_num on t (num);`,
      [500, 20_000],
    );
    const [statement] = statements;
    expect(unfilled).toEqual([]);
    expect(statement?.rewritten).toEqual(['t']);
    expect(statement?.rebuiltIndexes).toContain('t_num');
    const [small, large] = statement?.measurements ?? [];
    expect(small?.rowsRead).toBeGreaterThanOrEqual(500);
    expect(large?.rowsRead).toBeGreaterThanOrEqual(20_000);
    // The log is the whole server's, to which other tests add: so a bound below, and no ratio.
    expect(large?.walBytes).toBeGreaterThan(20_000 * 50);
    // Too quick to tell is told so; else it grows.
    if ((large?.ms ?? 0) < 50) expect(statement?.slope).toBeUndefined();
    else expect(statement?.slope).toBeGreaterThan(0);
    expect(whom(statement)).toEqual(['reader of t', 'writer of t']);
    expect(statement?.stopped[0]?.waits.map(({ rows }) => rows)).toEqual([500, 20_000]);
    expect(statement?.stopped[0]?.waits[1]?.ms).toBeGreaterThan(0);
  });

  test('an index built in a transaction stops writers only', async () => {
    const { statements } = await traced('create index t_note on t (note)', table('t'));
    expect(statements[0]?.newIndexes).toEqual(['t_note']);
    expect(statements[0]?.rewritten).toEqual([]);
    expect(whom(statements[0])).toEqual(['writer of t']);
  });

  test('an index built concurrently stops nobody', async () => {
    const { statements } = await traced(
      '-- migrator: no-transaction\ncreate index concurrently t_note on t (note)',
      table('t'),
      [5_000],
    );
    const [statement] = statements;
    expect(statement).toMatchObject({ inTransaction: false, newIndexes: ['t_note'], stopped: [] });
    expect(statement?.locks.find(({ on }) => on === 't')?.mode).toBe('SHARE UPDATE EXCLUSIVE');
    expect(statement?.measurements[0]?.rowsRead).toBeGreaterThanOrEqual(5_000);
  });

  test('the locks of a quick statement outside a transaction are seen', async () => {
    const { statements } = await traced(
      '-- migrator: no-transaction\nalter table t add column extra text;\nvacuum t;',
      table('t'),
    );
    const [added, vacuumed] = statements;
    expect(added?.locks).toMatchObject([{ mode: 'ACCESS EXCLUSIVE', on: 't' }]);
    expect(added?.sampled).toBeUndefined();
    expect(vacuumed).toMatchObject({ inTransaction: false, sampled: true });
    expect(vacuumed?.failed).toBeUndefined();
  });

  test('a backfill stops the writers of its rows until the file ends', async () => {
    const { statements } = await traced(
      "update t set note = 'y'; select pg_sleep(0.1)",
      table('t'),
    );
    expect(whom(statements[0])).toEqual(['writer of t']);
    expect(statements[0]?.stopped[0]?.waits[0]?.ms).toBeGreaterThan(80);
    expect(whom(statements[1])).toEqual([]);
  });

  test('a statement that fails on rows ends the trace of its file', async () => {
    const { statements } = await traced(
      'alter table t add column made text not null; drop table t',
      table('t'),
    );
    expect(statements).toHaveLength(1);
    expect(statements[0]?.failed).toMatch(/^23502 /);
  });

  test('rows that checks, enums, domains, foreign keys and identities let through', async () => {
    const { unfilled, statements } = await traced(
      'alter table child add constraint child_fk foreign key (parent_id) references parent (id); comment on table odd is $$never$$',
      `create type mood as enum ('sad', 'happy');
       create domain percent as integer check (value between 10 and 60);
       create table parent (id uuid primary key, slug varchar(12) unique not null, at timestamptz not null);
       create table child (id bigint generated always as identity primary key, parent_id uuid, mood mood not null, share percent not null, kind text not null check (kind in ('a', 'b')), stars integer check (stars >= 1 and stars <= 5), ends date, starts date, check (ends is null or ends > starts));
       create table odd (id integer primary key, v text check (v = md5(v)));`,
      [2_000],
    );
    expect(statements[0]?.failed).toBeUndefined();
    expect(statements[0]?.measurements[0]?.rowsRead).toBeGreaterThanOrEqual(4_000);
    // Nullable: the row without it is let through.
    expect(unfilled).toEqual([]);
  });

  test('a table that no row can be made up for is named', async () => {
    const { unfilled } = await traced(
      'alter table odd add column b text',
      'create table odd (id integer primary key, v text not null check (v = md5(v)))',
    );
    expect(unfilled).toEqual(['odd: 0 rows instead of 300']);
  });

  test('the command prints it', async () => {
    const folder = await MigrationsFolder.create([
      { name: '0000_t', sql: table('t') },
      { name: '0001_type', sql: 'alter table t alter column num type bigint' },
    ]);
    const call = (...more: string[]) =>
      run([
        'review',
        '--no-config',
        '--folder',
        folder.path,
        '--scratch-url',
        database.url,
        '--trace',
        ...more,
      ]);
    try {
      const text = await call('--trace-rows', '100,400');
      expect(text.code, text.err).toBe(1);
      expect(text.out).toContain('locks: ACCESS EXCLUSIVE on t');
      expect(text.out).toContain('rewritten: t');
      expect(text.out).not.toContain('not seen');
      const output = join(folder.path, 'trace.md');
      const json = await call(
        ...['--trace-rows', '100', '--format', 'json', '--output', `trace=${output}`],
      );
      const parsed = JSON.parse(json.out) as { findings: Finding[]; trace: Trace };
      expect(parsed.trace.statements[0]?.rewritten).toEqual(['t']);
      expect(parsed.findings[0]?.rule).toBe('change-column-type');
      expect(await readFile(output, 'utf8')).toContain(
        '| `alter table t alter column num type bigint` | ACCESS EXCLUSIVE on t | t rewritten',
      );
      expect((await call('--format', 'github')).code).toBe(3);
    } finally {
      await folder.remove();
    }
  });
});
