import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { capabilities } from '@reference/local-postgres';
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
describe.skipIf(!capabilities.databases)('generate', { timeout: 60_000 }, () => {
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

  test('writes the SQL, the snapshot, the journal and a proved way back; verify agrees with all of it', async () => {
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

  test('a way back that is not one is not kept', async () => {
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
    expect(made?.withoutDown).toMatch(
      /does not restore the schema:\s+missing: constraint public\.users\.named/,
    );
    await expect(access(join(folder(), '0002_no_name.down.sql'))).rejects.toThrow();
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
