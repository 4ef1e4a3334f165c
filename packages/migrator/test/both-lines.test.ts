import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { capabilities } from '@reference/local-postgres';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate as drizzleMigrate } from 'drizzle-orm/postgres-js/migrator';
import { drizzle as drizzleNext } from 'drizzle-orm-next/postgres-js';
import { migrate as drizzleMigrateNext } from 'drizzle-orm-next/postgres-js/migrator';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  baseline,
  drift,
  migrate,
  readConfig,
  reverse,
  rollback,
  scratchOnServer,
  status,
  verify,
} from '../src/index.ts';
import { run } from './command.ts';
import { drizzleKit, ForeignProjects, type History, type Line } from './foreign-project.ts';
import { useEmptyDatabase } from './fresh-database.ts';

// drizzle-kit takes seconds to load on a busy machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const hosts: { line: Line; history: History; names: string[] }[] = [
  { line: '0.x', history: 'journal', names: ['0000_users', '0001_posts', '0002_fill'] },
  {
    line: '1.0',
    history: 'folders',
    names: ['20261128181151_users', '20261128181157_posts', '20261128181200_fill'],
  },
  {
    line: '1.0',
    history: 'converted',
    names: [
      '20261128181136_users',
      '20261128181140_posts',
      '20261128181145_fill',
      '20261128181209_nick',
    ],
  },
];

describe.skipIf(!capabilities.concurrency)('foreign projects on both lines of Drizzle', () => {
  const database = useEmptyDatabase();
  const projects: Partial<Record<Line, ForeignProjects>> = {};
  let sql: postgres.Sql;
  let directory: string;
  let folder: string;

  beforeAll(async () => {
    projects['0.x'] = await ForeignProjects.on('0.x');
    projects['1.0'] = await ForeignProjects.on('1.0');
  });
  afterAll(async () => {
    await projects['0.x']?.remove();
    await projects['1.0']?.remove();
  });
  beforeEach(() => {
    sql = postgres(database.url, { max: 1, onnotice: () => {} });
  });
  afterEach(() => sql.end());

  const open = async (line: Line, history: History) => {
    const created = await projects[line]?.create(history);
    if (created === undefined) throw new Error('the projects were not made');
    directory = created;
    folder = join(directory, 'drizzle');
  };
  const options = () => ({ folder, scratch: scratchOnServer(database.url) });
  /** The configuration as the command reads it; its paths count from the project. */
  const config = async () => {
    const {
      schema: _schema,
      out: _out,
      ...rest
    } = await readConfig(join(directory, 'drizzle.config.ts'));
    return { ...rest, schema: [join(directory, 'schema.ts')], out: folder };
  };
  const states = async () =>
    (await status(database.url, { folder })).map(({ name, state }) => `${name} ${state}`);
  const applied = (names: readonly string[]) => names.map((name) => `${name} applied`);
  const nameOf = async (part: string) =>
    (await readdir(folder)).find((name) => name.endsWith(part)) ?? '';

  describe.each(hosts)('$history on $line', ({ line, history, names }) => {
    test('runs from zero to the end, one step back and forth again', async () => {
      await open(line, history);
      const { applied: ran } = await migrate(database.url, { folder });
      expect(ran.map(({ name }) => name)).toEqual(names);
      const { reverted } = await rollback(database.url, { folder, confirmLoss: async () => true });
      expect(reverted.map(({ name }) => name)).toEqual(names.slice(-1));
      expect(await states()).toEqual([...applied(names.slice(0, -1)), `${names.at(-1)} pending`]);
      await migrate(database.url, { folder });
      expect(await states()).toEqual(applied(names));
      expect(await drift(database.url, options())).toEqual([]);
    });

    test('a database that was made by hand is adopted', async () => {
      await open(line, history);
      await migrate(database.url, { folder });
      await sql`drop schema drizzle cascade`;
      expect(await baseline(database.url, options())).toEqual(names);
      expect((await migrate(database.url, { folder })).applied).toEqual([]);
    });

    test('what drizzle’s own migrator applied is known, and nothing runs twice', async () => {
      await open(line, history);
      if (line === '0.x') await drizzleMigrate(drizzle(sql), { migrationsFolder: folder });
      else await drizzleMigrateNext(drizzleNext({ client: sql }), { migrationsFolder: folder });
      expect((await migrate(database.url, { folder })).applied).toEqual([]);
      expect(await states()).toEqual(applied(names));
    });

    test('verify proves the files, and compares the schema by the project’s drizzle-kit', async () => {
      await open(line, history);
      const proved = { ...options(), config: await config() };
      expect(await verify(proved)).toEqual({
        problems: [],
        reversed: names.length,
        irreversible: 0,
      });
      const text = await readFile(join(directory, 'schema.ts'), 'utf8');
      const changed = join(directory, 'changed.ts');
      await writeFile(
        changed,
        text.replace("title: text('title')", "title: text('title').unique()"),
      );
      const { problems } = await verify({
        ...proved,
        config: { ...proved.config, schema: [changed] },
      });
      expect(problems).toMatchObject([
        { where: changed, message: expect.stringMatching(/no migration has.*UNIQUE/s) },
      ]);
    });

    test('reverse writes the down migration that is missing, and review reads the whole history', async () => {
      await open(line, history);
      const down = await nameOf('posts.down.sql');
      const path = join(folder, down || join(await nameOf('_posts'), 'down.sql'));
      await rm(path);
      const looked = await reverse(options());
      expect(looked).toMatchObject([
        { name: names[1], sql: expect.stringContaining('DROP TABLE') },
      ]);
      expect(await readFile(looked[0]?.downPath ?? '', 'utf8')).toContain('DROP TABLE');
      const reviewed = await run(['review', '--all', '--no-config', '--folder', folder]);
      expect([reviewed.code, reviewed.err]).toEqual([0, '']);
    });

    test('generate writes the next migration by the project’s drizzle-kit, with a proved down', async () => {
      await open(line, history);
      const env = { DATABASE_URL: database.url };
      const make = (...args: string[]) => run(['generate', ...args], env, directory);
      const schema = join(directory, 'schema.ts');
      const text = await readFile(schema, 'utf8');
      await writeFile(schema, text.replace("title: text('title')", "title: text('headline')"));
      const asked = await make('--name', 'headline');
      expect([asked.code, asked.err]).toEqual([
        2,
        expect.stringContaining('--rename table.old=new'),
      ]);
      const answered = await make('--name', 'headline', '--rename', 'posts.title=headline');
      expect([answered.code, answered.err]).toEqual([0, '']);
      expect(answered.out).toMatch(/down\.sql, proved in a scratch database with rows/);
      const made = (await nameOf(line === '0.x' ? '_headline.sql' : '_headline')).replace(
        '.sql',
        '',
      );
      const { applied: ran } = await migrate(database.url, { folder });
      expect(ran.map(({ name }) => name)).toEqual([...names, made]);
      await rollback(database.url, { folder });
      await expect(sql`select title from posts`).resolves.toEqual([]);
    });
  });

  test('verify sees no change in a converted history that 1.0 would spell in other words', async () => {
    const schema = `import { sql } from 'drizzle-orm';
import { check, index, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
export const notes = pgTable('notes', {
  title: text('title').notNull(),
  at: timestamp('at', { precision: 3, withTimezone: true }),
}, (t) => [
  check('notes_title_check', sql\`\${t.title} <> ''\`),
  index('notes_title_idx').on(t.title).where(sql\`\${t.at} is not null\`),
]);
`;
    const before = await projects['0.x']?.createEmpty(schema);
    if (before === undefined) throw new Error('the projects were not made');
    await drizzleKit(before, 'generate', '--name', 'notes');
    directory = (await projects['1.0']?.createEmpty(schema)) ?? '';
    folder = join(directory, 'drizzle');
    await cp(join(before, 'drizzle'), folder, { recursive: true });
    await drizzleKit(directory, 'up');
    await reverse(options());
    const converted = { ...options(), config: await config() };
    expect((await verify(converted)).problems).toEqual([]);
    const changed = join(directory, 'changed.ts');
    await writeFile(changed, schema.replace("<> ''", "<> '-'"));
    const { problems } = await verify({
      ...converted,
      config: { ...converted.config, schema: [changed] },
    });
    expect(problems).toMatchObject([{ message: expect.stringMatching(/no migration has/) }]);
  });
});
