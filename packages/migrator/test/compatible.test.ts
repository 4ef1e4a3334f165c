import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { capabilities } from '@reference/local-postgres';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  type CompatibleOptions,
  compatible,
  MigratorError,
  plan,
  readSentStatements,
  type SentStatement,
  scratchOnServer,
} from '../src/index.ts';
import { run } from './command.ts';
import { useEmptyDatabase } from './fresh-database.ts';
import { type File, MigrationsFolder } from './migrations-folder.ts';

// Servers and processes take seconds to start on a busy machine.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const START: File = {
  name: '0000_start',
  sql: `create type mood as enum ('sad', 'happy');
    create table users (id integer primary key, name text not null default 'nobody', age integer, mood mood, code varchar(80));
    create unique index users_name on users (name);
    create table posts (id integer primary key, user_id integer, title text not null);`,
};
const step = (number: number, name: string, sql: string): File => ({
  name: `000${number}_${name}`,
  sql,
});
const sent = (...texts: string[]): SentStatement[] =>
  texts.map((text, index) => ({ text, sender: `query${index} (src/users.ts:${index + 1})` }));

const READ = 'select id, name from users where id = $1';
const INSERT = 'insert into users (id, name, age) values ($1, $2, default)';

describe.skipIf(!capabilities.concurrency)('two releases on one database', () => {
  const database = useEmptyDatabase();
  let former: MigrationsFolder;
  let next: MigrationsFolder;
  beforeEach(async () => {
    former = await MigrationsFolder.create([START]);
    next = await MigrationsFolder.create();
  });
  afterEach(async () => {
    await former.remove();
    await next.remove();
  });

  const look = async (
    files: readonly File[],
    statements: readonly SentStatement[],
    more: Partial<CompatibleOptions> = {},
  ) => {
    await next.write([START, ...files]);
    return compatible({
      folder: next.path,
      former: former.path,
      formerStatements: statements,
      scratch: scratchOnServer(database.url),
      ...more,
    });
  };
  const short = ({ problems }: Awaited<ReturnType<typeof look>>) =>
    problems.map(
      ({ release, state, sqlstate, certain, sender }) =>
        `${release} ${state} ${sqlstate}${certain ? '' : '?'} ${sender}`,
    );

  test('a renamed column breaks the reads before it', async () => {
    const result = await look(
      [step(1, 'rename', 'alter table users rename name to full_name;')],
      sent(READ, 'select count(*) from posts'),
      { nextStatements: sent('select full_name from users') },
    );
    expect(short(result)).toEqual(['former 0001_rename 42703 query0 (src/users.ts:1)']);
    expect(result.problems[0]?.message).toContain('column "name" does not exist');
    // Before it, the next release fails: there is no good moment.
    expect(result.states).toEqual([
      { name: 'before', former: 0, next: 1 },
      { name: '0001_rename', former: 1, next: 0 },
    ]);
    expect(result.better).toBeUndefined();
  });

  test('a required column breaks the inserts before it, unless a default or a trigger fills it', async () => {
    const statements = sent(
      READ,
      INSERT,
      'insert into posts values ($1, $2, $3)',
      'with made as (insert into posts (id, title) values ($1, $2) returning id) select id from made',
      'insert into posts (id, title) select id, name from users',
    );
    const add = (table: string, more = '') =>
      `alter table ${table} add column plan text; alter table ${table} alter column plan set not null; ${more}`;
    const result = await look([step(1, 'required', `${add('users')} ${add('posts')}`)], statements);
    expect(short(result)).toEqual(
      [1, 2, 3, 4].map((n) => `former 0001_required 23502 query${n} (src/users.ts:${n + 1})`),
    );
    const filled = await look(
      [
        step(
          1,
          'filled',
          `${add('users', "alter table users alter column plan set default 'free';")}
           create function fill() returns trigger language plpgsql as $$ begin new.plan := 'free'; return new; end $$;
           ${add('posts', 'create trigger fill before insert on posts for each row execute function fill();')}`,
        ),
      ],
      statements,
    );
    expect(filled.problems).toEqual([]);
  });

  test('an expand step passes; its contract step fails while the former release runs', async () => {
    const files = [
      step(1, 'expand', 'alter table users add column full_name text;'),
      step(2, 'contract', 'drop index users_name; alter table users drop column name;'),
    ];
    const nextStatements = sent('select full_name from users where id = $1');
    const all = await look(files, sent(READ, INSERT), { nextStatements });
    expect(short(all)).toEqual([
      'former 0002_contract 42703 query0 (src/users.ts:1)',
      'former 0002_contract 42703 query1 (src/users.ts:2)',
    ]);
    expect(all.better).toBe('0001_expand');
    const inSteps = await look(files, sent(READ, INSERT), { nextStatements, until: '0001_expand' });
    expect(inSteps.problems).toEqual([]);
    expect(inSteps.released).toBe('0001_expand');
    // Started before its column is there, the next release fails.
    const early = await look(
      [...files, step(3, 'more', 'create table more (id integer);')],
      sent('select 1'),
      {
        nextStatements: sent('select id from more'),
        until: '0002_contract',
      },
    );
    expect(short(early)).toEqual(['next 0002_contract 42P01 query0 (src/users.ts:1)']);
    expect(early.better).toBe('0003_more');
    await expect(look(files, sent(READ), { until: '0007_no' })).rejects.toMatchObject({
      exitCode: 3,
    });
  });

  test('the next release fails after a contract that it has not followed', async () => {
    const files = [
      step(1, 'expand', 'alter table users add column full_name text;'),
      step(2, 'contract', 'alter table users drop column age;'),
    ];
    const result = await look(files, sent('select id from posts'), {
      nextStatements: sent('select full_name from users', 'select age from users'),
    });
    expect(result.states.map(({ next: failing }) => failing)).toEqual([1, 0, 1]);
    expect(short(result)).toEqual(['next 0002_contract 42703 query1 (src/users.ts:2)']);
    expect(result.notJudged).toEqual([]);
  });

  test('what only a value decides is said to be uncertain', async () => {
    const result = await look(
      [
        step(
          1,
          'tighten',
          `alter table users add constraint grown check (age > 17);
           alter table users alter column age set not null;
           alter table users alter column code type varchar(10);
           create unique index users_code on users (code);
           alter type mood rename value 'sad' to 'blue';
           alter table posts add constraint posts_user foreign key (user_id) references users (id);
           alter table posts alter column title type jsonb using to_jsonb(title);`,
        ),
      ],
      sent(
        'update users set age = $1, code = $2, mood = $3 where id = $4',
        'delete from users where id = $1',
        'select title from posts where title = $1',
        "select id from users where mood = 'sad'",
      ),
    );
    const said = short(result);
    expect(said).toContain('former 0001_tighten 22P02 query3 (src/users.ts:4)');
    for (const state of ['23514', '23502', '22001', '23505', '22P02'])
      expect(said).toContain(`former 0001_tighten ${state}? query0 (src/users.ts:1)`);
    expect(said).toContain('former 0001_tighten 23503? query1 (src/users.ts:2)');
    expect(said).toContain('former 0001_tighten 22P02? query2 (src/users.ts:3)');
  });

  test('ON CONFLICT needs its index; LOCK, COPY and TRUNCATE need their tables and columns', async () => {
    const result = await look(
      [step(1, 'away', 'drop index users_name; alter table posts rename to articles;')],
      sent(
        "insert into users (id, name) values ($1, $2) on conflict (name) do update set name = 'x'",
        'lock table posts in share mode',
        'copy posts (id, title) from stdin',
        'truncate posts',
        'copy users (id, name) to stdout',
        'begin',
      ),
    );
    expect(short(result)).toEqual([
      'former 0001_away 42P10 query0 (src/users.ts:1)',
      'former 0001_away 42P01 query1 (src/users.ts:2)',
      'former 0001_away 42P01 query2 (src/users.ts:3)',
      'former 0001_away 42P01 query3 (src/users.ts:4)',
    ]);
  });

  test('what the own schema refuses is not judged; a parameter’s recorded type helps', async () => {
    const result = await look(
      [step(1, 'more', 'create table more (id integer);')],
      [
        { text: 'select nonsense from users' },
        { text: 'select 1; select 2' },
        { text: 'select $1 is null', types: [25] },
      ],
    );
    expect(result.notJudged.map(({ reason }) => reason.slice(0, 5))).toEqual(['42703', 'it is']);
    expect(result.judged.former).toBe(1);
    expect(result.problems).toEqual([]);
  });

  test.each([
    [
      'rename-column',
      true,
      { kind: 'rename-column', table: 'users', column: 'name', to: 'full_name' },
    ],
    ['change-type', false, { kind: 'change-type', table: 'users', column: 'age', type: 'bigint' }],
    [
      'add-required',
      true,
      { kind: 'add-required', table: 'users', column: 'plan', type: 'text', value: "'free'" },
    ],
    [
      'split-table',
      true,
      { kind: 'split-table', table: 'users', columns: ['age', 'code'], to: 'profiles' },
    ],
  ] as const)('plan %s: every step but the contract passes', async (_, breaks, change) => {
    const { files } = await plan(change, {
      folder: former.path,
      scratch: scratchOnServer(database.url),
    });
    const steps = files.map(({ name, up }, index) => step(index + 1, name, up));
    const statements = sent(
      'select id, name, age from users where id = $1',
      'insert into users (id, name, age, mood, code) values ($1, $2, $3, default, default)',
      'update users set name = $1, age = $2 where id = $3',
    );
    const before = steps.findIndex(({ name }) => name.includes('contract'));
    const until = steps[before - 1]?.name ?? '';
    const result = await look(steps, statements, { until });
    expect(result.problems.filter(({ certain }) => certain)).toEqual([]);
    const all = await look(steps, statements);
    const certain = all.problems.filter((problem) => problem.certain);
    // A change of type ends with dropping a column that neither release names.
    expect(certain.map(({ state }) => state).includes(steps.at(-1)?.name ?? '')).toBe(breaks);
  });

  test('a rewritten history is compared as a whole', async () => {
    await next.write([{ name: '0000_squashed', sql: START.sql.replace(', age integer', '') }]);
    const result = await compatible({
      folder: next.path,
      former: former.path,
      formerStatements: sent('select age from users'),
      scratch: scratchOnServer(database.url),
    });
    expect(short(result)).toEqual(['former the history of today 42703 query0 (src/users.ts:1)']);
  });
});

test('reads statements of each kind of file', () => {
  const both = ['select 1', 'select 2'];
  const read = (name: string, text: string) =>
    readSentStatements(name, text).map(({ text: one }) => one);
  expect(read('a.json', '["select 1", {"query": "select 2;"}, "select 1"]')).toEqual(both);
  expect(read('a.jsonl', '{"text":"select 1"}\n\n"select 2"\n')).toEqual(both);
  expect(read('a.sql', 'select 1;\n-- a remark\nselect 2;')).toEqual(both);
  const id = (digit: string) => `'${digit.repeat(8)}-0000-4000-8000-${digit.repeat(12)}'`;
  expect(
    read(
      'a.json',
      JSON.stringify(['1', '2'].map((digit) => `set local app.id = ${id(digit)}; select 1;`)),
    ),
  ).toEqual([`set local app.id = ${id('1')}`, 'select 1']);
  expect(() => read('a.jsonl', '"select 1"\n{')).toThrow('a.jsonl:2 is not JSON');
  expect(() => read('a.json', '{}')).toThrow(MigratorError);
});

describe.skipIf(!capabilities.concurrency)('the commands', () => {
  const database = useEmptyDatabase();
  const places: string[] = [];
  afterAll(() => Promise.all(places.map((place) => rm(place, { recursive: true }))));

  const project = async () => {
    const place = await mkdtemp(join(tmpdir(), 'migrator-compatible-'));
    places.push(place);
    const folder = await MigrationsFolder.create([START]);
    const write = async (files: readonly File[]) => {
      await folder.write(files);
      await rm(join(place, 'drizzle'), { recursive: true, force: true });
      execFileSync('cp', ['-r', folder.path, join(place, 'drizzle')]);
    };
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], {
        cwd: place,
        stdio: 'pipe',
      });
    places.push(folder.path);
    await write([START]);
    git('init', '--quiet', '--initial-branch=main');
    return { place, write, git };
  };

  test('record keeps what the project sends and not what its tests send; compatible reads it from the revision', async () => {
    const { place, write, git } = await project();
    const recorder = join(process.cwd(), 'src/compatible/recorder.ts');
    await mkdir(join(place, 'src'));
    await mkdir(join(place, 'test'));
    await writeFile(
      join(place, 'src/users.ts'),
      `import { channel } from 'node:diagnostics_channel';
       import { recordStatement } from '${recorder}';
       export function getUser() { recordStatement('${READ}'); }
       export function saveUser() {
         channel('@reference/kit:statement').publish({ text: '${INSERT}', stacks: ['', new Error().stack], types: [23, 25] });
       }`,
    );
    await writeFile(
      join(place, 'test/users.test.ts'),
      `import { getUser, saveUser } from '../src/users.ts';
       import { recordStatement } from '${recorder}';
       getUser(); getUser(); saveUser(); recordStatement('select 7');`,
    );
    const tsx = join(process.cwd(), 'node_modules/.bin/tsx');
    const recorded = await run(
      ['record', '--no-config', '--', tsx, 'test/users.test.ts'],
      {},
      place,
    );
    expect(recorded.err).toBe('');
    expect(recorded.code).toBe(0);
    const lines = (await readFile(join(place, 'statements.jsonl'), 'utf8')).trim().split('\n');
    expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
      {
        text: INSERT,
        sender: expect.stringMatching(/^saveUser \(src\/users\.ts:5\)$/),
        types: [23, 25],
      },
      { text: READ, sender: expect.stringMatching(/^getUser \(src\/users\.ts:3\)$/) },
    ]);
    // A run that fails, or sends nothing, leaves the recording as it is.
    expect((await run(['record', '--no-config', '--', 'false'], {}, place)).code).toBe(1);
    expect((await run(['record', '--no-config', '--', 'true'], {}, place)).code).toBe(1);
    git('add', '.');
    git('commit', '--quiet', '-m', 'one');

    await write([START, step(1, 'rename', 'alter table users rename name to full_name;')]);
    const args = ['compatible', '--no-config', '--against', 'main', '--url', database.url];
    const broken = await run(args, {}, place);
    expect(broken.out).toContain(`getUser (src/users.ts:3): ${READ}`);
    expect(broken.out).toContain('SQLSTATE 42703');
    expect(broken.out).toContain('There is no moment at which both releases run');
    expect(broken.code).toBe(1);

    await write([START, step(1, 'expand', 'alter table users add column full_name text;')]);
    const fine = await run(args, {}, place);
    expect(fine.out).toContain('both releases run on this database');
    expect(fine.code).toBe(0);

    await write([START, step(1, 'check', 'alter table users add check (age > 3);')]);
    const uncertain = await run(args, {}, place);
    expect(uncertain.out).toContain('may fail: public.users has users_age_check now');
    expect(uncertain.code).toBe(0);
    expect((await run([...args, '--strict'], {}, place)).code).toBe(1);
    const json = await run([...args, '--json'], {}, place);
    expect(JSON.parse(json.out)).toMatchObject({
      problems: [{ certain: false, sqlstate: '23514' }],
    });
  });

  test('without a recording: a file of statements, or a command in a checkout of the revision', async () => {
    const { place, write, git } = await project();
    git('add', '.');
    git('commit', '--quiet', '-m', 'one');
    await write([START, step(1, 'drop', 'drop table posts;')]);
    const args = ['compatible', '--no-config', '--against', 'main', '--url', database.url];
    const none = await run(args, {}, place);
    expect(none.code).toBe(3);
    expect(none.err).toContain('--statements FILE');
    await writeFile(join(place, 'sent.sql'), 'select title from posts where id = $1;');
    const file = await run([...args, '--statements', 'sent.sql'], {}, place);
    expect(file.out).toContain('relation "posts" does not exist');
    expect(file.code).toBe(1);
    const record = `echo '"select id from posts"' > statements.jsonl`;
    const checkout = await run([...args, '--record', record], {}, place);
    expect(checkout.out).toContain('select id from posts');
    expect(checkout.code).toBe(1);
    expect(git('worktree', 'list').toString().trim().split('\n')).toHaveLength(1);
    expect((await run([...args, '--record', 'exit 3'], {}, place)).err).toContain('ended with 3');
    const unknown = await run(['compatible', '--no-config', '--against', 'nothing'], {}, place);
    expect(unknown.code).toBe(3);
    expect(unknown.err).toContain('no such revision');
  });
});
