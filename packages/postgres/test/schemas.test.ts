import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { describeCatalog, dumpCatalog, rollback } from '@reference/migrator';
import { getTableColumns, getTableName, is, sql } from 'drizzle-orm';
import { getTableConfig, type PgColumn, PgTable } from 'drizzle-orm/pg-core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { entityColumns } from '../src/queries/entity/entity-columns.ts';
import { rowChecker } from '../src/queries/entity/row-checker.ts';
import * as schema from '../src/schemas/index.ts';
import { openDatabase, type TestDatabase } from './database.ts';

const tables = Object.values(schema).filter((value) => is(value, PgTable));

describe.each(tables.map((table) => ({ name: getTableName(table), table })))(
  '$name',
  ({ table }) => {
    const { columns, primaryKeys, foreignKeys, indexes, uniqueConstraints } = getTableConfig(table);
    const named = (name: string) => columns.find((column) => column.name === name);

    test('has a key, our own times and explicit names', () => {
      expect(primaryKeys.length + columns.filter(({ primary }) => primary).length).toBe(1);
      for (const name of ['created_at', 'updated_at']) {
        expect(named(name)).toMatchObject({ notNull: true, hasDefault: true });
        expect(named(name)?.getSQLType()).toBe('timestamp (3) with time zone');
      }
      for (const { name } of columns) expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
      for (const index of indexes) expect(index.config.name).toMatch(/_idx$/);
      for (const key of foreignKeys) {
        expect(key.getName()).toMatch(/_fkey$/);
        expect(key.onDelete).toBe('cascade');
      }
    });

    test('has an index that leads with each foreign key', () => {
      const leading = [
        ...indexes.map(({ config }) => config.columns.map((column) => Reflect.get(column, 'name'))),
        ...uniqueConstraints.map((unique) => unique.columns.map((column) => column.name)),
        ...primaryKeys.map((key) => key.columns.map((column) => column.name)),
      ];
      for (const key of foreignKeys) {
        const [column] = key.reference().columns;
        expect(leading.some(([first]) => first === column?.name)).toBe(true);
      }
    });

    test('has Zod schemas for insert, select and update', () => {
      const name = Object.entries(schema).find(([, value]) => value === table)?.[0] ?? '';
      const stems = [name, name.replace(/ies$/, 'y'), name.replace(/s$/, '')];
      for (const kind of ['Insert', 'Select', 'Update']) {
        expect(stems.some((stem) => `${stem}${kind}Schema` in schema)).toBe(true);
      }
    });
  },
);

describe('vendor rows', () => {
  const vendorTables: PgTable[] = tables.filter(
    (table) =>
      'connectorConfigId' in table &&
      !['oauth_tokens', 'connector_sync_states'].includes(getTableName(table)),
  );

  test.each(vendorTables.map((table) => ({ name: getTableName(table), table })))(
    '$name: the vendor’s id per connection is the key',
    ({ table }) => {
      const [key] = getTableConfig(table).primaryKeys;
      const [connection, id] = key?.columns ?? [];
      expect(connection?.name).toBe('connector_config_id');
      expect(['id', 'sha']).toContain(id?.name);
      const type = getTableConfig(table)
        .columns.find(({ name }) => name === id?.name)
        ?.getSQLType();
      expect(type).toMatch(/^varchar\((255|64)\)$/);
    },
  );

  test('every reference inside a connection is indexed', () => {
    // Not youtube_subscriptions.channel_id: that is the account's own channel, and no row.
    const references =
      /^(repository|slack_messages.channel|team|parent|calendar|recurring_event|thread|album|track|conversation|in_reply_to_tweet)_id$/;
    for (const table of vendorTables) {
      const { columns, indexes, name } = getTableConfig(table);
      for (const column of columns.filter(
        (candidate) =>
          references.test(candidate.name) || references.test(`${name}.${candidate.name}`),
      )) {
        const indexed = indexes.some(({ config }) => {
          const [first, second] = config.columns.map((part) => Reflect.get(part, 'name'));
          return first === 'connector_config_id' && second === column.name;
        });
        expect(indexed, `${name}.${column.name}`).toBe(true);
      }
    }
  });
});

describe('the check of the hot path and the Zod schema agree', () => {
  const entity = entityColumns(schema.githubPullRequests, { key: 'id' });
  const columns: Record<string, PgColumn> = getTableColumns(schema.githubPullRequests);
  const zod: z.ZodType = schema.githubPullRequestInsertSchema;
  const good = {
    id: '1',
    number: 1,
    title: 't',
    state: 'open',
    url: 'u',
    headRef: 'h',
    headSha: 'a',
    baseRef: 'b',
    baseSha: 'b',
    repositoryId: 'r',
    repositoryName: 'n',
    repositoryFullName: 'o/n',
    prCreatedAt: new Date(0),
    prUpdatedAt: new Date(0),
  };
  const anything = fc.oneof(
    fc.constantFrom<unknown>(
      null,
      undefined,
      '',
      true,
      0,
      -1,
      1.5,
      2 ** 31,
      -(2 ** 31),
      2 ** 31 - 1,
    ),
    fc.constantFrom<unknown>(
      new Date(0),
      new Date(Number.NaN),
      Number.NaN,
      Infinity,
      [],
      {},
      ['a'],
      [1],
    ),
    fc.integer({ min: 0, max: 2100 }).map((length) => 'x'.repeat(length)),
  );
  const fields = Object.keys(columns).filter(
    (field) => !['connectorConfigId', 'createdAt', 'updatedAt'].includes(field),
  );

  test('on any value in any column', () => {
    const check = rowChecker(entity);
    fc.assert(
      fc.property(fc.constantFrom(...fields), anything, (field, value) => {
        const row = { ...good, [field]: value };
        const accepts = () => {
          try {
            check(row, 0);
            return true;
          } catch {
            return false;
          }
        };
        const expected = zod.safeParse({ connectorConfigId: 'c', ...row }).success;
        // JSON columns take any JSON; PostgreSQL's integer goes one lower than ±2147483647.
        if (columns[field]?.columnType === 'PgJsonb' || value === -(2 ** 31)) return;
        expect(accepts(), `${field} = ${String(value)}`).toBe(expected);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('migrations', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openDatabase();
  });
  afterAll(() => database.close());

  test('make what schema.sql shows', async () => {
    const committed = await readFile(new URL('../schema.sql', import.meta.url), 'utf8');
    expect(dumpCatalog(await describeCatalog(database.url))).toBe(committed);
  });

  test('each has a down migration, and all of them together leave nothing', async () => {
    const folder = new URL('../src/migrations/', import.meta.url);
    const downs = readdirSync(folder).filter((file) => file.endsWith('.down.sql'));
    const ups = readdirSync(folder).filter((file) => /^\d+_.*(?<!\.down)\.sql$/.test(file));
    expect(downs).toHaveLength(ups.length);
    const { reverted } = await rollback(database.url, {
      folder,
      steps: ups.length,
      confirmLoss: () => true,
    });
    expect(reverted).toHaveLength(ups.length);
    const left = await database.db.execute(sql`
      select relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'public'
      union all
      select typname from pg_type t join pg_namespace n on n.oid = t.typnamespace
      where n.nspname = 'public' and typtype = 'e'`);
    expect([...left]).toEqual([]);
  });
});
