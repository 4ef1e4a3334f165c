import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { capabilities } from '@reference/local-postgres';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate as drizzleMigrate } from 'drizzle-orm/postgres-js/migrator';
import { drizzle as drizzleNext } from 'drizzle-orm-next/postgres-js';
import { migrate as drizzleMigrateNext } from 'drizzle-orm-next/postgres-js/migrator';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  generate,
  migrate,
  repair,
  rollback,
  scratchOnServer,
  squash,
  status,
  verify,
} from '../src/index.ts';
import { ForeignProjects } from './foreign-project.ts';
import { useEmptyDatabase } from './fresh-database.ts';

// drizzle-kit takes seconds to load on a busy machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const NAMES = [
  '20261128181136_users',
  '20261128181140_posts',
  '20261128181145_fill',
  '20261128181209_nick',
];
const NICK = NAMES.slice(3);

describe.skipIf(!capabilities.concurrency)(
  'a database whose folder drizzle-kit up converted',
  () => {
    const database = useEmptyDatabase();
    let old: ForeignProjects;
    let modern: ForeignProjects;
    let sql: postgres.Sql;

    beforeAll(async () => {
      old = await ForeignProjects.on('0.x');
      modern = await ForeignProjects.on('1.0');
    });
    afterAll(async () => {
      await old.remove();
      await modern.remove();
    });
    beforeEach(() => {
      sql = postgres(database.url, { max: 1, onnotice: () => {} });
    });
    afterEach(() => sql.end());

    const journal = async () => join(await old.create('journal'), 'drizzle');
    const converted = async () => join(await modern.create('converted'), 'drizzle');
    const appliedBy = async (folder: string) =>
      (await migrate(database.url, { folder })).applied.map(({ name }) => name);
    const states = async (folder: string) =>
      (await status(database.url, { folder })).map(({ name, state }) => `${name} ${state}`);
    const all = NAMES.map((name) => `${name} applied`);
    const drizzleRuns = (folder: string) =>
      drizzleMigrateNext(drizzleNext({ client: sql }), { migrationsFolder: folder });

    test('by this migrator: known under the new names; only the new one runs, and all go back', async () => {
      await migrate(database.url, { folder: await journal() });
      const folder = await converted();
      expect(await states(folder)).toEqual([...all.slice(0, 3), `${NICK[0]} pending`]);
      expect(await appliedBy(folder)).toEqual(NICK);
      expect(await states(folder)).toEqual(all);
      const { reverted } = await rollback(database.url, {
        folder,
        steps: 4,
        confirmLoss: async () => true,
      });
      expect(reverted.map(({ name }) => name)).toEqual([...NAMES].reverse());
      expect(await sql`select name from drizzle.__migrator_applied`).toEqual([]);
      expect(await appliedBy(folder)).toEqual(NAMES);
    });

    test('halfway through its life: the rest runs under the new names', async () => {
      const before = await journal();
      const half = await journal();
      const path = join(half, 'meta/_journal.json');
      const whole = JSON.parse(await readFile(path, 'utf8'));
      await writeFile(path, JSON.stringify({ ...whole, entries: whole.entries.slice(0, 2) }));
      await rm(join(half, '0002_fill.sql'));
      expect(await appliedBy(half)).toEqual(['0000_users', '0001_posts']);
      const folder = await converted();
      expect(await appliedBy(folder)).toEqual(NAMES.slice(2));
      // The folder from before the conversion no longer fits what is recorded.
      await expect(migrate(database.url, { folder: before })).rejects.toMatchObject({
        exitCode: 2,
      });
    });

    test('by drizzle 0.x: known by time and content', async () => {
      await drizzleMigrate(drizzle(sql), { migrationsFolder: await journal() });
      const folder = await converted();
      const changed = join(folder, NAMES[1] ?? '', 'migration.sql');
      const text = await readFile(changed, 'utf8');
      await writeFile(changed, '-- not what was applied\n');
      await expect(migrate(database.url, { folder })).rejects.toMatchObject({ code: 'changed' });
      await writeFile(changed, text);
      expect(await appliedBy(folder)).toEqual(NICK);
      expect(await states(folder)).toEqual(all);
    });

    test('by this migrator, then by drizzle 1.0, which gives its table names of its own', async () => {
      await migrate(database.url, { folder: await journal() });
      const folder = await converted();
      await drizzleRuns(folder);
      expect(await states(folder)).toEqual(all);
      expect(await appliedBy(folder)).toEqual([]);
      expect(
        (await sql`select name from drizzle.__migrator_applied order by name`).map(
          ({ name }) => name,
        ),
      ).toEqual(NAMES);
      await rollback(database.url, { folder });
      await drizzleRuns(folder);
      expect(await states(folder)).toEqual(all);
      expect(await repair(database.url, { folder })).toEqual([]);
    });

    test('a file that changed after the conversion is said to, with the line', async () => {
      await migrate(database.url, { folder: await journal() });
      const folder = await converted();
      await writeFile(join(folder, NAMES[2] ?? '', 'migration.sql'), '--\nSELECT 1;\n');
      await expect(migrate(database.url, { folder })).rejects.toMatchObject({
        code: 'changed',
        message: expect.stringContaining(`${NAMES[2]}/migration.sql:1`),
      });
    });

    test('a merge that brings the journal back is refused, and says what to do', async () => {
      const folder = await converted();
      await cp(join(await journal(), 'meta'), join(folder, 'meta'), { recursive: true });
      await expect(migrate(database.url, { folder })).rejects.toMatchObject({
        exitCode: 2,
        message: expect.stringMatching(/brought back what it converted.*drizzle-kit up/s),
      });
    });

    test('files that belong to no migration are refused by name', async () => {
      const folder = await converted();
      await writeFile(join(folder, '0009_lost.down.sql'), 'select 1;');
      await expect(status(database.url, { folder })).rejects.toMatchObject({
        message: expect.stringContaining('0009_lost.down.sql'),
      });
      await rm(join(folder, '0009_lost.down.sql'));
      await writeFile(join(folder, '0004_late.sql'), 'select 1;');
      await expect(migrate(database.url, { folder })).rejects.toMatchObject({
        code: 'unjournaled',
        message: expect.stringContaining("0004_late.sql stands in no migration's folder"),
      });
      await rm(join(folder, '0004_late.sql'));
      await rm(join(folder, NAMES[0] ?? '', 'migration.sql'));
      await expect(migrate(database.url, { folder })).rejects.toMatchObject({
        code: 'missing',
        message: expect.stringContaining('has no migration.sql'),
      });
    });

    test('of two migrations with one name, each keeps its own down file', async () => {
      const folder = join(await modern.create('converted'), 'drizzle');
      for (const [name, table] of [
        ['20261201000000_same', 'one'],
        ['20261202000000_same', 'two'],
      ] as const) {
        await mkdir(join(folder, name));
        await writeFile(join(folder, name, 'migration.sql'), `create table ${table} (id integer);`);
      }
      await writeFile(join(folder, '0004_same.down.sql'), 'drop table one;');
      await writeFile(join(folder, '0005_same.down.sql'), 'drop table two;');
      const { problems } = await verify({ folder, scratch: scratchOnServer(database.url) });
      expect(problems).toEqual([]);
    });

    describe('where the folder is of one line and drizzle-kit of the other', () => {
      const optionsOf = (directory: string) => {
        const folder = join(directory, 'drizzle');
        const config = {
          path: join(directory, 'drizzle.config.ts'),
          schema: [join(directory, 'schema.ts')],
          out: folder,
        };
        return { folder, scratch: scratchOnServer(database.url), config };
      };

      test('1.0 verifies a journal, and generate names drizzle-kit up', async () => {
        const options = optionsOf(await modern.create('journal'));
        expect((await verify(options)).problems).toEqual([]);
        await expect(generate({ ...options, name: 'more' })).rejects.toMatchObject({
          exitCode: 2,
          message: expect.stringContaining('run "drizzle-kit up" first'),
        });
      });

      test('a configuration in JSON works with 1.0 as well, whose drizzle-kit does not load it', async () => {
        const { config, ...options } = optionsOf(await modern.create('converted'));
        const path = join(config.path, '../drizzle.config.json');
        await writeFile(path, JSON.stringify({ dialect: 'postgresql', schema: './schema.ts' }));
        const made = await generate({
          ...options,
          name: 'by_hand',
          custom: true,
          config: { ...config, path },
        });
        expect(made?.name).toMatch(/^\d{14}_by_hand$/);
        expect(await readFile(made?.path ?? '', 'utf8')).toContain('Write the SQL');
      });

      test('0.x proves the files of folders; what needs 1.0 says so', async () => {
        const options = optionsOf(await old.create('folders'));
        const message = expect.stringMatching(
          /has the layout of drizzle-kit 1\.0, and 0\.\d+\.\d+ is installed here: install drizzle-kit 1\.0/,
        );
        expect(await verify(options)).toMatchObject({
          problems: [{ where: options.folder, message }],
          reversed: 3,
        });
        await expect(generate({ ...options, name: 'more' })).rejects.toMatchObject({
          exitCode: 2,
          message,
        });
      });
    });

    test('squashed, the history is one that drizzle-kit 1.0 goes on with', async () => {
      const directory = await modern.create('converted');
      const folder = join(directory, 'drizzle');
      await migrate(database.url, { folder });
      await squash({
        folder,
        scratch: scratchOnServer(database.url),
        archive: join(directory, 'archive'),
      });
      expect(await states(folder)).toEqual(['20261128181209_squashed squashed']);
      await migrate(database.url, { folder });
      expect(await states(folder)).toEqual(['20261128181209_squashed applied']);
      const kit = join(directory, '../node_modules/drizzle-kit/bin.cjs');
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [kit, 'generate', '--output', 'json'],
        { cwd: directory },
      );
      expect(stdout).toContain('"no_changes"');
    });
  },
);
