import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { capabilities, createTestDatabase, type Migrate, type TestDatabase } from '../src/index.ts';

let folder: string;
let builds = 0;
const migrate: Migrate = async (url) => {
  builds += 1;
  const sql = postgres(url, { max: 1 });
  await sql`create table notes (id int primary key)`;
  await sql`insert into notes values (1)`;
  await sql.end();
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'migrations-'));
  await writeFile(join(folder, '0000_notes.sql'), '-- made by the test');
});
afterAll(() => rm(folder, { recursive: true }));

async function withSql<T>(
  database: TestDatabase,
  body: (sql: postgres.Sql) => Promise<T>,
): Promise<T> {
  const sql = postgres(database.url, { max: database.maxConnections });
  try {
    return await body(sql);
  } finally {
    await sql.end();
  }
}

const count = (database: TestDatabase) =>
  withSql(database, async (sql) => (await sql`select 1 from notes`).length);

test('tests run in the folder of their package', () => {
  expect(process.cwd()).toMatch(/local-postgres$/);
});

describe('createTestDatabase', () => {
  test('copies one migrated template, and copies share nothing', async () => {
    const [one, two] = await Promise.all([
      createTestDatabase({ migrations: folder, migrate }),
      createTestDatabase({ migrations: folder, migrate }),
    ]);
    expect(builds).toBe(1);
    await withSql(one, (sql) => sql`insert into notes values (2)`);
    expect(await count(one)).toBe(2);
    expect(await count(two)).toBe(1);
    await Promise.all([one.close(), two.close()]);
    expect(await withSql(one, (sql) => sql`select 1`).catch(() => 'gone')).toBe('gone');
  });

  test.skipIf(!capabilities.concurrency)(
    'drops a database that someone is still connected to',
    async () => {
      const database = await createTestDatabase();
      const sql = postgres(database.url, { max: 1 });
      await sql`select 1`;
      await database.close();
      await expect(sql`select 1`).rejects.toThrow();
      await sql.end();
    },
  );
});
