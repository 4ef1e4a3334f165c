import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { capabilities } from '@reference/local-postgres';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { generate, migrate, rollback, scratchOnServer, verify } from '../src/index.ts';
import { run } from './command.ts';
import { useEmptyDatabase } from './fresh-database.ts';

const schema = (columns: string, more = ''): string => `
import { index, integer, pgEnum, pgTable, text } from 'drizzle-orm/pg-core';
export const mood = pgEnum('mood', ['sad', 'happy']);
export const users = pgTable('users', { id: integer('id').primaryKey(), ${columns} });
${more}`;

// drizzle-kit takes seconds to load on a busy machine.
describe.skipIf(!capabilities.concurrency)('generate', { timeout: 60_000 }, () => {
  const database = useEmptyDatabase();
  let project: string;
  let schemaFile: string;
  let version = 0;

  beforeEach(async () => {
    // Inside the package, so that the schema finds drizzle-orm.
    const root = fileURLToPath(new URL('../node_modules/.generate-test/', import.meta.url));
    await mkdir(root, { recursive: true });
    project = await mkdtemp(root);
  });
  afterEach(() => rm(project, { recursive: true, force: true }));

  const writeSchema = async (text: string) => {
    // A new name each time, because modules are loaded once.
    version += 1;
    schemaFile = join(project, `schema-${version}.ts`);
    await writeFile(schemaFile, text);
  };
  const folder = () => join(project, 'drizzle');
  const make = (name: string, options: Partial<Parameters<typeof generate>[0]> = {}) =>
    generate({
      folder: folder(),
      name,
      config: { schema: [schemaFile] },
      scratch: scratchOnServer(database.url),
      ...options,
    });
  const read = (file: string) => readFile(join(folder(), file), 'utf8');

  test('writes the SQL, the snapshot, the journal and a proved down migration; verify agrees with all of it', async () => {
    await writeSchema(schema("name: text('name')"));
    expect(await make('users')).toMatchObject({ name: '0000_users', findings: [] });
    expect(await make('again')).toBeUndefined();
    await writeSchema(
      schema(
        "name: text('name').notNull(), age: integer('age'), mood: mood('mood')",
        "export const logs = pgTable('logs', { id: integer('id').primaryKey(), userId: integer('user_id').references(() => users.id) }, (t) => [index('logs_user').on(t.userId)]);",
      ),
    );
    const made = await make('logs_and_age');
    expect(made?.withoutDown).toBeUndefined();
    expect(made?.findings.map(({ rule }) => rule)).toContain('set-not-null');
    expect(await read('0001_logs_and_age.down.sql')).toContain('DROP TABLE "logs"');
    await migrate(database.url, { folder: folder() });
    expect((await rollback(database.url, { folder: folder(), steps: 2 })).reverted).toHaveLength(2);
    const config = { schema: [schemaFile] };
    const { problems } = await verify({
      folder: folder(),
      scratch: scratchOnServer(database.url),
      config,
    });
    expect(problems).toEqual([]);
  });

  test('a possible rename is an error that names the flags; each answer gives its SQL, both ways', async () => {
    await writeSchema(schema("name: text('name')"));
    await make('users');
    await writeSchema(schema("fullName: text('full_name')"));
    await expect(make('rename')).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('--rename table.old=new'),
    });
    await expect(access(join(folder(), '0001_rename.sql'))).rejects.toThrow();
    const renamed = await make('rename', {
      renames: [{ table: 'users', column: 'name', to: 'full_name' }],
    });
    expect(renamed?.withoutDown).toBeUndefined();
    expect((await read('0001_rename.sql')).trim()).toBe(
      'ALTER TABLE "users" RENAME COLUMN "name" TO "full_name";',
    );
    expect((await read('0001_rename.down.sql')).trim()).toBe(
      'ALTER TABLE "users" RENAME COLUMN "full_name" TO "name";',
    );
    await writeSchema(schema("nick: text('nick')"));
    await make('nick', { noRenames: true });
    const sql = await read('0002_nick.sql');
    expect(sql).toContain('DROP COLUMN "full_name"');
    expect(sql).toContain('ADD COLUMN "nick"');
    expect(await read('0002_nick.down.sql')).toContain('ADD COLUMN "full_name"');
  });

  test('a renamed table goes both ways', async () => {
    await writeSchema(schema("name: text('name')"));
    await make('users');
    await writeSchema(schema("name: text('name')").replace("pgTable('users'", "pgTable('people'"));
    const made = await make('people', { renames: [{ table: 'users', to: 'people' }] });
    expect(await read('0001_people.sql')).toContain('RENAME TO "people"');
    expect(made?.withoutDown).toBeUndefined();
  });

  test('a renamed value of an enum is asked about; the answer keeps the rows, both ways', async () => {
    const enums = (values: string) => `
import { integer, pgEnum, pgTable } from 'drizzle-orm/pg-core';
export const st = pgEnum('st', [${values}]);
export const u = pgTable('u', { id: integer().primaryKey(), s: st().default(${values.split(',')[0]}).notNull() });`;
    await writeSchema(enums("'PENDING', 'ACTIVE'"));
    await make('u');
    await migrate(database.url, { folder: folder() });
    const client = new Client({ connectionString: database.url });
    await client.connect();
    await client.query("insert into u values (1, 'PENDING'), (2, 'ACTIVE')");
    await writeSchema(enums("'IN_REVIEW', 'ACTIVE'"));
    await expect(make('review')).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('--rename st.PENDING=IN_REVIEW'),
    });
    const dropped = await make('dropped', { noRenames: true });
    expect(dropped?.rowsProblem).toContain('invalid input value for enum');
    for (const file of ['0001_dropped.sql', '0001_dropped.down.sql', 'meta/0001_snapshot.json'])
      await rm(join(folder(), file), { force: true });
    const journal = JSON.parse(await read('meta/_journal.json'));
    await writeFile(
      join(folder(), 'meta', '_journal.json'),
      JSON.stringify({ ...journal, entries: journal.entries.slice(0, 1) }),
    );
    const made = await make('review', {
      renames: [{ table: 'st', column: 'PENDING', to: 'IN_REVIEW' }],
    });
    expect(made).not.toHaveProperty('rowsProblem');
    expect(made).not.toHaveProperty('withoutDown');
    await migrate(database.url, { folder: folder() });
    await client.query('insert into u (id) values (3)');
    const rows = async () =>
      (await client.query('select s from u order by id')).rows.map(({ s }) => s);
    expect(await rows()).toEqual(['IN_REVIEW', 'ACTIVE', 'IN_REVIEW']);
    await rollback(database.url, { folder: folder() });
    expect(await rows()).toEqual(['PENDING', 'ACTIVE', 'PENDING']);
    await client.end();
  });

  test('a type is changed under a view, and back', async () => {
    const viewed = (type: string) => `
import { integer, pgTable, pgView, text } from 'drizzle-orm/pg-core';
export const u = pgTable('u', { id: integer().primaryKey(), n: ${type}() });
export const v = pgView('v').as((q) => q.select({ n: u.n }).from(u));
export const w = pgView('w').as((q) => q.select({ n: v.n }).from(v));`;
    await writeSchema(viewed('integer'));
    await make('u');
    await writeSchema(viewed('text'));
    const made = await make('text');
    expect(made).not.toHaveProperty('withoutDown');
    expect(made).not.toHaveProperty('rowsProblem');
    expect(await read('0001_text.sql')).toMatch(
      /DROP VIEW public\.w;[\s\S]*DROP VIEW public\.v;[\s\S]*SET DATA TYPE text[\s\S]*CREATE VIEW public\.v[\s\S]*CREATE VIEW public\.w/,
    );
    await migrate(database.url, { folder: folder() });
    expect((await rollback(database.url, { folder: folder() })).reverted).toHaveLength(1);
  });

  test('a new table that an old one points at goes back: the constraint before the table', async () => {
    await writeSchema(schema("team: integer('team')"));
    await make('users');
    await writeSchema(
      schema(
        "team: integer('team').references(() => teams.id)",
        "export const teams = pgTable('teams', { id: integer('id').primaryKey() });",
      ),
    );
    const made = await make('teams');
    expect(made).not.toHaveProperty('withoutDown');
    expect(await read('0001_teams.down.sql')).toMatch(/DROP CONSTRAINT[\s\S]*DROP TABLE "teams"/);
  });

  test('a migration that fails on rows is said to, and its down migration is kept', async () => {
    await writeSchema(schema("name: text('name')"));
    await make('users');
    await writeSchema(schema("name: text('name').notNull()"));
    const made = await make('required');
    expect(made?.rowsProblem).toContain('contains null values');
    expect(made).not.toHaveProperty('withoutDown');
  });

  test('what no snapshot knows comes back by the difference of the catalogs', async () => {
    await writeSchema(schema("name: text('name')"));
    await make('users');
    await mkdir(folder(), { recursive: true });
    // Written by hand, so no snapshot knows of it, and a down that drops the column would drop it too.
    await make('check', { custom: true });
    await writeFile(
      join(folder(), '0001_check.sql'),
      'alter table users add constraint named check (length(name) > 0);',
    );
    await writeSchema(schema(''));
    const made = await make('no_name');
    expect(made).not.toHaveProperty('withoutDown');
    expect(await readFile(join(folder(), '0002_no_name.down.sql'), 'utf8')).toContain(
      'ADD CONSTRAINT named CHECK',
    );
  });

  test('a down migration that fails on rows is not kept', async () => {
    await writeSchema(schema("name: text('name').notNull()"));
    await make('users');
    await writeSchema(schema(''));
    const made = await make('no_name');
    expect(made?.withoutDown).toMatch(/fails where there are rows: .*null values/);
    await expect(access(join(folder(), '0001_no_name.down.sql'))).rejects.toThrow();
  });

  test('drift between schema, snapshot and migrations is found by verify', async () => {
    await writeSchema(schema("name: text('name')"));
    await make('users');
    const check = async () =>
      (
        await verify({
          folder: folder(),
          scratch: scratchOnServer(database.url),
          config: { schema: [schemaFile] },
        })
      ).problems.map(({ message }) => message);
    await writeSchema(schema("name: text('name'), age: integer('age')"));
    expect((await check()).join()).toContain('has changes that no migration has');
    await writeSchema(schema("name: text('name')"));
    await writeFile(
      join(folder(), '0000_users.sql'),
      "CREATE TYPE mood AS ENUM ('sad', 'happy'); CREATE TABLE users (id integer PRIMARY KEY, name varchar(20));",
    );
    await writeFile(join(folder(), '0000_users.down.sql'), 'DROP TABLE users; DROP TYPE mood;');
    expect((await check()).join()).toMatch(/different: column public\.users\.name/);
  });

  test('the command does all of it with a drizzle.config.ts', async () => {
    await writeSchema(schema("name: text('name')"));
    await writeFile(
      join(project, 'drizzle.config.ts'),
      `export default { dialect: 'postgresql', schema: './${basename(schemaFile)}', out: './drizzle' };`,
    );
    const env = { DATABASE_URL: database.url };
    const made = await run(['generate', '--name', 'users'], env, project);
    expect([made.code, made.err]).toEqual([0, '']);
    expect(made.out).toMatch(/0000_users\.sql[\s\S]*0000_users\.down\.sql, proved/);
    const verified = await run(['verify', '--config', 'drizzle.config.ts'], env, project);
    expect([verified.code, verified.err]).toEqual([0, '']);
    expect(verified.out).toContain('1 migration;');
  }, 60_000);
});
