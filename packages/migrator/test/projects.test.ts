import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { capabilities, createTestDatabase, type TestDatabase } from '@reference/local-postgres';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate as drizzleMigrate } from 'drizzle-orm/postgres-js/migrator';
import { Client } from 'pg';
import postgres from 'postgres';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { run } from './command.ts';
import { useEmptyDatabase } from './fresh-database.ts';

// Each process takes seconds to start on a busy machine.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

const writeProject = async (
  directory: string,
  config: string,
  files: readonly { name: string; sql: string; down?: string }[],
  out = 'migrations',
) => {
  await mkdir(join(directory, out, 'meta'), { recursive: true });
  await writeFile(join(directory, 'drizzle.config.ts'), config);
  for (const { name, sql, down } of files) {
    await writeFile(join(directory, out, `${name}.sql`), sql);
    if (down !== undefined) await writeFile(join(directory, out, `${name}.down.sql`), down);
  }
  const entries = files.map(({ name }, idx) => ({
    idx,
    version: '7',
    when: 1e12 + idx,
    tag: name,
  }));
  await writeFile(
    join(directory, out, 'meta', '_journal.json'),
    JSON.stringify({ version: '7', dialect: 'postgresql', entries }),
  );
};

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'migrator-projects-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe.skipIf(!capabilities.concurrency)('a project’s own configuration', () => {
  const database = useEmptyDatabase();
  const CREDITS = [
    {
      name: '0000_credits',
      sql: 'create table credits (n integer); insert into credits values (100);',
    },
  ];

  test.each([
    ['another table and schema', { table: 'my_history', schema: 'public' }],
    ['another table, in drizzle’s schema', { table: 'app_migrations' }],
    ['a schema and a table that want quotes', { table: 'My "History"', schema: 'Book keeping' }],
  ])('%s: drizzle’s rows are found, every command agrees, nothing runs twice', async (_, names) => {
    const config = `export default { dialect: 'postgresql', out: './migrations', schema: [],
      migrations: ${JSON.stringify(names)}, dbCredentials: { url: process.env.SOME_URL ?? '' } };`;
    await writeProject(root, config, CREDITS);
    const sql = postgres(database.url, { max: 1, onnotice: () => {} });
    await drizzleMigrate(drizzle(sql), {
      migrationsFolder: join(root, 'migrations'),
      migrationsTable: names.table,
      ...('schema' in names ? { migrationsSchema: names.schema } : {}),
    });
    const env = { SOME_URL: database.url };
    expect(await run(['migrate'], env, root)).toMatchObject({ code: 0, out: 'nothing to do\n' });
    expect((await sql`select sum(n)::int as sum from credits`)[0]?.sum).toBe(100);
    expect(await run(['status'], env, root)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/0000_credits.*applied/),
    });
    // The bookkeeping is nobody's drift, wherever it is kept.
    expect(await run(['drift'], env, root)).toMatchObject({ code: 0 });
    expect(await run(['repair'], env, root)).toMatchObject({ code: 0, out: 'nothing to repair\n' });
    await writeProject(root, config, [
      ...CREDITS,
      { name: '0001_more', sql: 'create table more (id integer);', down: 'drop table more;' },
    ]);
    expect(await run(['migrate'], env, root)).toMatchObject({
      code: 0,
      out: '1 migration applied\n',
    });
    expect(await run(['rollback'], env, root)).toMatchObject({ code: 0 });
    await sql.end();
  });

  test('a database made by hand is adopted under the configured names', async () => {
    const config = `export default { dialect: 'postgresql', out: './migrations', schema: [],
      migrations: { table: 'history', schema: 'public' } };`;
    await writeProject(root, config, CREDITS);
    const client = new Client({ connectionString: database.url });
    await client.connect();
    await client.query('create table credits (n integer)');
    const env = { DATABASE_URL: database.url };
    const failed = await run(['migrate'], env, root);
    expect([failed.code, failed.err]).toEqual([1, expect.stringContaining('db:baseline')]);
    const drifted = await run(['drift'], env, root);
    expect(drifted.out).toMatch(
      /already there: table public\.credits, as the pending 0000_credits/,
    );
    expect(drifted.out).toContain('db:baseline');
    // The row that the migration inserts is missing: that is said, not recorded.
    const refused = await run(['baseline'], env, root);
    expect([refused.code, refused.err]).toEqual([
      2,
      expect.stringMatching(/credits: 1 of 1 row.*--accept-missing-rows/s),
    ]);
    await client.query('insert into credits values (100)');
    expect(await run(['baseline'], env, root)).toMatchObject({ code: 0 });
    expect(await run(['migrate'], env, root)).toMatchObject({ code: 0, out: 'nothing to do\n' });
    await client.end();
  });

  test('two configurations of one directory keep two histories apart', async () => {
    await writeProject(
      root,
      `export default { out: './a', schema: [], migrations: { table: 'a' } };`,
      [{ name: '0000_one', sql: 'create table one (id integer);' }],
      'a',
    );
    await writeProject(
      root,
      `export default { out: './a', schema: [], migrations: { table: 'a' } };`,
      [],
      'b',
    );
    await writeProject(
      root,
      `export default { out: './a', schema: [], migrations: { table: 'a' } };`,
      [{ name: '0000_one', sql: 'create table two (id integer);' }],
      'b',
    );
    await writeFile(
      join(root, 'other.config.ts'),
      `export default { out: './b', schema: [], migrations: { table: 'b' } };`,
    );
    const env = { DATABASE_URL: database.url };
    const other = ['--config', 'other.config.ts'];
    expect(await run(['migrate'], env, root)).toMatchObject({ out: '1 migration applied\n' });
    expect(await run(['migrate', ...other], env, root)).toMatchObject({
      out: '1 migration applied\n',
    });
    expect(await run(['migrate'], env, root)).toMatchObject({ out: 'nothing to do\n' });
    expect(await run(['migrate', ...other], env, root)).toMatchObject({ out: 'nothing to do\n' });
  });

  test('two databases that are named differently are refused', async () => {
    await writeProject(
      root,
      `export default { out: './migrations', schema: [], dbCredentials: { url: 'postgres://a@127.0.0.1:1/other' } };`,
      CREDITS,
    );
    const { code, err } = await run(['migrate'], { DATABASE_URL: database.url }, root);
    expect([code, err]).toEqual([3, expect.stringContaining('name two databases')]);
  });
});

describe.skipIf(!capabilities.concurrency)('several projects', () => {
  const databases: TestDatabase[] = [];
  const names = ['one', 'two', 'three'];
  let env: Record<string, string>;
  beforeEach(async () => {
    env = {};
    for (const name of names) {
      const database = await createTestDatabase();
      databases.push(database);
      env[`${name.toUpperCase()}_URL`] = database.url;
      const directory = join(root, name);
      await writeProject(
        directory,
        `export default { out: './migrations', schema: [], dbCredentials: { url: process.env.${name.toUpperCase()}_URL ?? '' } };`,
        [
          {
            name: '0000_a',
            sql: `create table ${name} (id integer);`,
            down: `drop table ${name};`,
          },
          { name: '0001_b', sql: 'select 1;', ...(name === 'three' ? {} : { down: 'select 1;' }) },
        ],
      );
    }
  });
  afterEach(async () => {
    for (const database of databases.splice(0)) await database.close();
  });

  test('are all looked at before the first is changed', async () => {
    const at = ['--project', names.join(',')];
    const states = async () =>
      (await run(['status', ...at], env, root)).out.match(/pending/g)?.length;
    await writeFile(join(root, 'three', 'migrations', '0001_b.sql'), 'select 1; /* never closed');
    const refused = await run(['migrate', ...at], env, root);
    expect([refused.code, refused.err]).toEqual([
      2,
      expect.stringMatching(/three: .*0001_b\.sql:1: the comment.*Nothing was changed in any/s),
    ]);
    expect(await states()).toBe(6);
    await writeFile(join(root, 'three', 'migrations', '0001_b.sql'), 'select 1;');
    expect(await run(['migrate', ...at], env, root)).toMatchObject({ code: 0 });
    // The third has no down migration, so none of the first two is taken.
    const back = await run(['rollback', ...at], env, root);
    expect([back.code, back.err]).toEqual([
      2,
      expect.stringContaining('three: 0001_b has no down migration'),
    ]);
    expect(await states()).toBeUndefined();
    const asked = await run(['generate', '--name', 'x', ...at], env, root);
    expect([asked.code, asked.err]).toEqual([3, expect.stringContaining('--project one')]);
  });
});

const packages = fileURLToPath(new URL('../../', import.meta.url));
const schemas = ['db', 'postgres', 'tasks', 'tenancy'];

// A copy of this package may lie beside none of them, or some.
describe.skipIf(!schemas.every((name) => existsSync(join(packages, name))))(
  'the four schema packages',
  () => {
    test('have one command line: the same words for the same scripts', async () => {
      const scripts = await Promise.all(
        schemas.map(async (name) => {
          const manifest: { scripts: Record<string, string> } = JSON.parse(
            await readFile(join(packages, name, 'package.json'), 'utf8'),
          );
          return Object.entries(manifest.scripts).filter(([, text]) =>
            text.startsWith('migrator '),
          );
        }),
      );
      const [first] = scripts;
      expect(first?.length).toBeGreaterThan(10);
      for (const own of scripts)
        expect(
          own.filter(([script]) => script.startsWith('db:') && script !== 'db:fix-collation'),
        ).toEqual(first?.filter(([script]) => script !== 'db:fix-collation'));
    });

    test.each(['db', 'postgres'])(
      '%s: --help runs nothing, an unknown flag is exit 3',
      async (name) => {
        const cwd = join(packages, name);
        const help = await run(['migrate', '--help'], {}, cwd);
        expect([help.code, help.out]).toEqual([0, expect.stringContaining('--allow-out-of-order')]);
        const unknown = await run(['migrate', '--wat'], {}, cwd);
        expect([unknown.code, unknown.err]).toEqual([3, expect.stringContaining('--wat')]);
      },
    );

    test('push is not done, and says what to run', async () => {
      const { code, err } = await run(['push'], {}, join(packages, 'db'));
      expect([code, err]).toEqual([2, expect.stringContaining('db:generate')]);
    });
  },
);
