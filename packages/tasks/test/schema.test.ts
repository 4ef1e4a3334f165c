import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { capabilities } from '@reference/local-postgres';
import {
  describeCatalog,
  dumpCatalog,
  migrate,
  readConfig,
  rollback,
  scratchOnServer,
  verify,
} from '@reference/migrator';
import { is } from 'drizzle-orm';
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import type { z } from 'zod';
import { entities } from '../scripts/entities.ts';
import * as tasksPackage from '../src/index.ts';
import { migrationsFolder } from '../src/migrations.ts';
import * as schema from '../src/schema/index.ts';
import { addVictim } from './victim.ts';
import { addUser, openWorkbench, type Workbench } from './workbench.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench();
});
afterAll(() => bench.close());

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const nameOf = (column: object) => ('name' in column ? String(column.name) : '');
const tables = Object.entries(schema).flatMap(([name, value]) =>
  is(value, PgTable) ? [{ name, config: getTableConfig(value) }] : [],
);

describe('the migrations', () => {
  it('make what schema.sql shows', async () => {
    const committed = await readFile(file('../schema.sql'), 'utf8');
    expect(dumpCatalog(await describeCatalog(bench.url))).toBe(committed);
  });

  it('leave nothing in the down migration, also of a database with rows, and make the same again', async () => {
    const own = await openWorkbench();
    await addVictim(own.db);
    const before = await describeCatalog(own.url);
    await own.sql.end();
    const folder = migrationsFolder;
    await expect(rollback(own.url, { folder, steps: 100 })).rejects.toThrow(/users/);
    await rollback(own.url, { folder, steps: 100, confirmLoss: () => true });
    const empty = await describeCatalog(own.url);
    expect(empty.filter(({ kind }) => kind === 'table')).toEqual([]);
    expect(JSON.stringify(empty)).not.toContain('task');
    await migrate(own.url, { folder });
    expect(await describeCatalog(own.url)).toEqual(before);
    await own.close();
  });

  it.skipIf(!capabilities.concurrency)(
    'agree with the schema and its snapshot, up, down and up again',
    async () => {
      const { problems, reversed } = await verify({
        folder: migrationsFolder,
        scratch: scratchOnServer(bench.url),
        config: await readConfig(file('../drizzle.config.ts')),
        dump: file('../schema.sql'),
      });
      expect(problems).toEqual([]);
      expect(reversed).toBeGreaterThan(0);
    },
    120_000,
  );
});

it('ENTITIES.md shows the schema as it is (pnpm docs:diagram)', async () => {
  expect(await readFile(file('../ENTITIES.md'), 'utf8')).toBe(entities());
});

describe('the README', () => {
  it('names every query', async () => {
    const readme = await readFile(file('../README.md'), 'utf8');
    const queries = Object.entries(tasksPackage)
      .filter(
        ([, value]) => typeof value === 'function' && value.constructor.name === 'AsyncFunction',
      )
      .map(([name]) => name);
    expect(queries.length).toBeGreaterThan(40);
    for (const name of queries) expect(readme).toContain(`\`${name}\``);
  });
});

describe.each(tables)('$name', ({ name, config }) => {
  const columns = config.columns.map((column) => column.name);
  const leading = [
    ...config.indexes.map(({ config: index }) => index.columns.map(nameOf)),
    ...config.uniqueConstraints.map((unique) => unique.columns.map(nameOf)),
    ...config.primaryKeys.map((key) => key.columns.map(nameOf)),
  ];

  it('has timestamps with milliseconds, kept by the database and the application', () => {
    for (const column of ['created_at', 'updated_at']) expect(columns).toContain(column);
    for (const column of config.columns) {
      if (column.getSQLType().startsWith('timestamp')) {
        expect(column.getSQLType()).toBe('timestamp (3) with time zone');
      }
    }
    const updatedAt = config.columns.find((column) => column.name === 'updated_at');
    expect(updatedAt?.onUpdateFn?.()).toBeInstanceOf(Date);
  });

  it('belongs to a user, as what it points to does', () => {
    if (name === 'users') return;
    const owner = config.columns.find((column) => column.name === 'user_id');
    expect(owner?.notNull).toBe(true);
    const targets = config.foreignKeys.map((key) => {
      const { columns: own, foreignTable } = key.reference();
      return { own: own.map(nameOf), table: getTableConfig(foreignTable).name, key };
    });
    expect(
      targets.filter(({ table, own }) => table === 'users' && own.join() === 'user_id'),
    ).toHaveLength(1);
    for (const { own, key } of targets) {
      expect(own, key.getName()).toContain('user_id');
      expect(key.onDelete).toBe('cascade');
    }
  });

  it('has an index that leads with each foreign key', () => {
    for (const key of config.foreignKeys) {
      const own = key.reference().columns.map(nameOf);
      expect(key.getName()).toMatch(/_fkey$/);
      const served = leading.some((index) =>
        own.every((column) => index.slice(0, own.length).includes(column)),
      );
      expect(served, `${key.getName()} has no index`).toBe(true);
    }
  });

  it('exports its Zod schemas and relations', () => {
    const single = singularOf(name);
    for (const verb of ['insert', 'select', 'update']) {
      expect(schema).toHaveProperty(`${verb}${single}Schema`);
    }
    expect(schema).toHaveProperty(`${name}Relations`);
  });
});

function singularOf(name: string): string {
  const single = name.replace(/([a-z])s$/, '$1');
  return `${single.charAt(0).toUpperCase()}${single.slice(1)}`;
}

it('insert schemas ask for what an insert asks for, and no more', () => {
  expectTypeOf<schema.NewUser>().toExtend<z.input<typeof schema.insertUserSchema>>();
  expectTypeOf<schema.NewAccount>().toExtend<z.input<typeof schema.insertAccountSchema>>();
  expectTypeOf<schema.NewTask>().toExtend<z.input<typeof schema.insertTaskSchema>>();
  expectTypeOf<schema.NewTaskMessage>().toExtend<z.input<typeof schema.insertTaskMessageSchema>>();
  expectTypeOf<schema.NewTaskLog>().toExtend<z.input<typeof schema.insertTaskLogSchema>>();
  expectTypeOf<schema.NewTag>().toExtend<z.input<typeof schema.insertTagSchema>>();
  expectTypeOf<schema.NewTaskTag>().toExtend<z.input<typeof schema.insertTaskTagSchema>>();
  expectTypeOf<schema.NewKey>().toExtend<z.input<typeof schema.insertKeySchema>>();
  expectTypeOf<schema.NewConnector>().toExtend<z.input<typeof schema.insertConnectorSchema>>();
  expectTypeOf<schema.NewSetting>().toExtend<z.input<typeof schema.insertSettingSchema>>();
  expectTypeOf<schema.NewDailyUsage>().toExtend<z.input<typeof schema.insertDailyUsageSchema>>();
});

describe('Zod schemas', () => {
  it('leave keys, owners and timestamps out of updates', () => {
    for (const [name, value] of Object.entries(schema)) {
      if (!/^update.*Schema$/.test(name) || typeof value !== 'object' || !('shape' in value))
        continue;
      for (const column of ['id', 'userId', 'createdAt', 'updatedAt']) {
        expect(value.shape, name).not.toHaveProperty(column);
      }
    }
  });

  it('take sealed values only, and read back what is stored', async () => {
    const key = { userId: 'u', provider: 'openai', value: 'sk-plain', valueHint: '…' } as const;
    expect(schema.insertKeySchema.safeParse(key).success).toBe(false);
    const userId = await addUser(bench.db);
    const [user] = await bench.db.query.users.findMany({ where: (t, { eq }) => eq(t.id, userId) });
    expect(schema.selectUserSchema.parse(user)).toEqual(user);
  });

  it.each([
    [{ progress: -1 }, false],
    [{ progress: 100 }, true],
    [{ maxDuration: 301 }, false],
    [{ repoUrl: 'not a url' }, false],
    [{ selectedAgent: 'clippy' }, false],
    [{ title: null }, true],
    [{ unknown: 1 }, false],
  ])('insertTaskSchema takes %j: %s', (fields, fine) => {
    const parsed = schema.insertTaskSchema.safeParse({ userId: 'u', prompt: 'a', ...fields });
    expect(parsed.success).toBe(fine);
  });
});
