import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { capabilities, createTestDatabase } from '@reference/local-postgres';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSession, type Session } from '../src/catalog/connection.ts';
import { readModel } from '../src/catalog/read-model.ts';
import { createStatement, drizzleIndex } from '../src/explain/candidates.ts';
import { conditionsOf } from '../src/explain/conditions.ts';
import { drawPlan } from '../src/explain/draw.ts';
import { explain } from '../src/explain/explain.ts';
import { withoutSchemas } from '../src/explain/names.ts';
import { canPretend } from '../src/explain/prove.ts';
import { asText, migrationFor } from '../src/explain/report.ts';
import { readStatements } from '../src/explain/statements-file.ts';
import { loadSchema } from '../src/load/schema.ts';

let url = '';
let session: Session;
let close: () => Promise<void>;

const execute = async (sql: string): Promise<void> => {
  const client = new pg.Client(url);
  await client.connect();
  await client.query(sql).finally(() => client.end());
};

beforeAll(async () => {
  const database = await createTestDatabase();
  url = database.url;
  close = () => database.close();
  await execute(`
    create table drives (id text primary key, name text);
    create table pages (id text primary key, "driveId" text not null references drives, title text,
      "isTrashed" boolean not null, "updatedAt" timestamptz not null);
    insert into drives select 'd' || n, 'x' from generate_series(1, 200) n;
    insert into pages select 'p' || n, 'd' || (n % 200 + 1), 'title ' || n, n % 10 = 0, now() - n * interval '1 minute'
      from generate_series(1, 60000) n;
    analyze`);
  session = await openSession(url);
}, 120_000);
afterAll(async () => {
  await session.close();
  await close();
});

const classic = `select id, title from pages where "driveId" = 'd7' and not "isTrashed" order by "updatedAt" desc limit 50`;

describe.skipIf(!capabilities.concurrency)(
  'the classic slow query: pages of a drive, not trashed, latest first',
  () => {
    test('its plan is drawn with what costs, and the index that serves filter and order is proved', async () => {
      const explanation = await explain(session, classic, { build: true });
      expect(explanation.tried).toBe('copy');
      expect(drawPlan(explanation.plan)).toMatch(/Seq Scan on pages.*\n.*filter/);
      const { best } = explanation;
      expect(best?.candidate.keys.map(({ column }) => column)).toEqual(['driveId', 'updatedAt']);
      expect(best?.candidate.where).toBe('not "isTrashed"');
      expect(best?.gain).toBeGreaterThan(3);
      expect(best ? migrationFor(best) : '').toMatch(
        /^-- migrator: no-transaction\ncreate index concurrently/,
      );
      const text = asText(explanation);
      expect(text).toContain('it reads the whole table');
      expect(text).toContain('index(');
    });

    test('nothing of it stays in the database', async () => {
      const before = await session.rows('select count(*)::int as n from pg_indexes');
      await explain(session, classic, { build: true });
      expect(await session.rows('select count(*)::int as n from pg_indexes')).toEqual(before);
    });

    test('with parameters it is planned for any values; a write is planned and not run', async () => {
      const general = await explain(session, classic.replace("'d7'", '$1').replace('50', '$2'), {
        build: true,
      });
      expect(general.plan.executionTime).toBeUndefined();
      expect(general.best?.candidate.keys[0]?.column).toBe('driveId');
      const write = await explain(session, `delete from pages where "driveId" = 'd7'`);
      expect(write.plan.executionTime).toBeUndefined();
      expect(await session.rows(`select count(*)::int as n from pages`)).toEqual([{ n: 60000 }]);
    });

    test('an index for the condition of a write is tried on the copy, and nothing is written', async () => {
      const { tried, plan, best } = await explain(
        session,
        `update pages set "isTrashed" = true where title = $1`,
        { build: true },
      );
      expect([tried, plan.executionTime]).toEqual(['copy', undefined]);
      expect(best?.candidate.keys.map(({ column }) => column)).toEqual(['title']);
      const trashed = 'select count(*)::int as n from pages where "isTrashed"';
      expect(await session.rows(trashed)).toEqual([{ n: 6000 }]);
    });

    test('an expression that is compared gets an index of its own', async () => {
      const { best } = await explain(
        session,
        `select p.id from pages p where (lower(p.title)) = 'title 7'`,
        { build: true },
      );
      expect(best ? migrationFor(best) : '').toContain('on pages ((lower(title)))');
      expect(best ? drizzleIndex(best.candidate) : '').toBe(
        "index('pages_lower_title_idx').on(sql`(lower(${t.title}))`)",
      );
    });

    test('an index that cannot be made is no candidate', async () => {
      const { proofs } = await explain(
        session,
        `select id from pages where date_trunc('day', "updatedAt") = now() and title = 'a'`,
        { build: true },
      );
      expect(proofs).toEqual([]);
    });

    test('where an index serves already, none is proposed', async () => {
      await execute(
        `create index pages_list_idx on pages ("driveId", "updatedAt") where not "isTrashed"; analyze pages`,
      );
      const { best, proofs } = await explain(session, classic, { build: true });
      expect(best).toBeUndefined();
      const names = proofs.map(({ candidate }) => candidate.name);
      expect(names).not.toContain('pages_driveId_updatedAt_partial_idx');
      await execute('drop index pages_list_idx');
    });
  },
);

test('each candidate is tried without being built where the server can pretend (hypopg), else on a copy, and nothing stays', async () => {
  const pretends = await canPretend(session);
  const before = await session.rows('select count(*)::int as n from pg_indexes');
  const { tried, best } = await explain(session, classic);
  expect(tried).toBe(pretends ? 'hypopg' : 'copy');
  expect(best?.candidate.keys.map(({ column }) => column)).toEqual(['driveId', 'updatedAt']);
  expect(best?.gain).toBeGreaterThan(3);
  expect(await session.rows("select extname from pg_extension where extname = 'hypopg'")).toEqual(
    [],
  );
  expect(await session.rows('select count(*)::int as n from pg_indexes')).toEqual(before);
});

describe('names', () => {
  const statement =
    'select o."order", orders."order" from app.orders, app.orders o where o."user" = 7 and app.orders."order" = 1 order by o."at" desc limit 5';

  test('a statement loses the schemas of its tables, and nothing else', async () => {
    expect(
      await withoutSchemas(
        `select 'app.orders é', "My App" . "Orders".id from "My App"."Orders" join app.orders o on true`,
      ),
    ).toBe(`select 'app.orders é', "Orders".id from "Orders" join orders o on true`);
    expect(await withoutSchemas(statement)).not.toContain('app.');
    expect(await withoutSchemas('delete from app.orders where id = 1')).toBe(
      'delete from orders where id = 1',
    );
  });

  test.skipIf(!capabilities.concurrency)(
    'of a schema outside public, of reserved words and of the project are written as they must be',
    async () => {
      await execute(`create schema app; create table app.orders (id int primary key, "user" int, "at" timestamptz, "order" int);
        insert into app.orders select n, n % 5000, now() - n * interval '1 second', n from generate_series(1, 40000) n; analyze`);
      const folder = await mkdtemp(join(import.meta.dirname, 'names-'));
      const path = join(folder, 'schema.ts');
      await writeFile(
        path,
        `import { integer, pgSchema, timestamp } from 'drizzle-orm/pg-core';
export const orders = pgSchema('app').table('orders', {
  id: integer('id').primaryKey(), userId: integer('user'), placedAt: timestamp('at', { withTimezone: true }), rank: integer('order'),
});`,
      );
      const { model } = await loadSchema([path], undefined).finally(() =>
        rm(folder, { recursive: true }),
      );
      const slow = 'select id from app.orders where "user" = 7 order by "at" desc limit 5';
      const explanation = await explain(session, slow, { build: true, declared: model });
      expect(explanation.tried).toBe('copy');
      const { best } = explanation;
      expect(best ? migrationFor(best) : '').toContain('on app.orders ("user"');
      expect(asText(explanation)).toMatch(/schema\.ts:2, orders/);
      expect(asText(explanation)).toContain('.on(t.userId, t.placedAt');
      await execute('drop schema app cascade');
    },
  );
});

describe('what a statement asks', () => {
  test('of joins, subqueries, IN, ranges and mixed orders', async () => {
    const model = await readModel(session);
    const asked = await conditionsOf(
      `select p.id from pages p join drives d on d.id = p."driveId" where d.name in ('a', 'b') and p."updatedAt" > now()
       and exists (select 1 from pages q where q.title = p.title and q."isTrashed" = false) order by p."updatedAt" desc, p.id`,
      model,
    );
    const pages = asked.find(({ alias }) => alias === 'p');
    expect(pages).toMatchObject({ equal: ['driveId'], range: ['updatedAt'] });
    expect(pages?.order.map(({ column, descending }) => [column, descending])).toEqual([
      ['updatedAt', true],
      ['id', false],
    ]);
    expect(asked.find(({ alias }) => alias === 'd')?.equal).toContain('name');
    expect(asked.find(({ alias }) => alias === 'q')?.constant).toEqual([
      { column: 'isTrashed', predicate: 'not "isTrashed"' },
    ]);
    const [table] = model.tables;
    expect(
      table && createStatement({ table, name: 'Odd name', keys: [{ column: 'id', text: 'id' }] }),
    ).toContain('"Odd name"');
  });

  test('a text that is no statement is refused', async () => {
    const model = await readModel(session);
    await expect(conditionsOf('selec 1', model)).rejects.toMatchObject({ exitCode: 3 });
    await expect(conditionsOf('select 1; select 2', model)).rejects.toMatchObject({ exitCode: 3 });
  });
});

test('files of statements: JSON and CSV of pg_stat_statements, the busiest first, and SQL', () => {
  const json = readStatements(
    's.json',
    '[{"query":"select 1","total_exec_time":1},{"query":"select 2","calls":3,"total_exec_time":9}]',
  );
  expect(json.map(({ text }) => text)).toEqual(['select 2', 'select 1']);
  const csv = readStatements(
    's.csv',
    'calls,query,total_exec_time\n1,"select ""a"", 1\nfrom x",5\n2,select 2,7\n',
  );
  expect(csv).toEqual([
    { text: 'select 2', calls: 2, totalTime: 7 },
    { text: 'select "a", 1\nfrom x', calls: 1, totalTime: 5 },
  ]);
  expect(readStatements('s.sql', 'select 1;\n-- note\nselect 2;\n')).toHaveLength(2);
});
