import { createTestDatabase } from '@reference/local-postgres';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareCatalogs, describeCatalog, migrate } from '../src/index.ts';
import { type File, MigrationsFolder } from './migrations-folder.ts';

/** A history as a project grows one: tables, columns, indexes, keys, enum values, views, backfills. */
const history = (length: number, seed: number): File[] => {
  const [choices] = fc.sample(fc.array(fc.nat(), { minLength: length, maxLength: length }), {
    numRuns: 1,
    seed,
  });
  let tables = 0;
  let values = 0;
  return (choices ?? []).map((choice, n) => {
    const pick = (limit: number) => (choice >>> 3) % Math.max(1, limit);
    const table = `t${pick(tables)}`;
    const kind =
      n === 0
        ? 'enum'
        : tables < 2 || choice % 8 === 0
          ? 'table'
          : ['column', 'index', 'concurrent', 'check', 'value', 'use', 'fill'][choice % 7];
    const name = `${String(n).padStart(4, '0')}_${kind}`;
    switch (kind) {
      case 'enum':
        return { name, sql: "create type state as enum ('v0');" };
      case 'table': {
        const own = tables;
        tables += 1;
        const parent = own > 0 ? `, parent integer references t${pick(own)} (id)` : '';
        return {
          name,
          sql: `create table t${own} (id integer primary key, s state default 'v0'${parent});\n--> statement-breakpoint\ninsert into t${own} (id) select generate_series(1, 20);`,
        };
      }
      case 'index':
        return { name, sql: `create index i${n} on ${table} (s, id);` };
      case 'concurrent':
        return {
          name,
          sql: `-- migrator: no-transaction\ncreate index concurrently i${n} on ${table} (id desc);`,
        };
      case 'check':
        return {
          name,
          sql: `alter table ${table} add constraint c${n} check (id > 0) not valid;\n--> statement-breakpoint\nalter table ${table} validate constraint c${n};`,
        };
      case 'value':
        values += 1;
        return { name, sql: `alter type state add value 'v${values}';` };
      case 'use':
        return {
          name,
          sql: `alter table ${table} alter column s set default 'v${values}';\nupdate ${table} set s = 'v${values}' where id = 1;`,
        };
      case 'fill':
        return {
          name,
          sql: `alter table ${table} add column c${n} text;\n--> statement-breakpoint\nupdate ${table} set c${n} = 'x' || id;`,
        };
      default:
        return {
          name,
          sql: `alter table ${table} add column c${n} integer default ${n} not null;`,
        };
    }
  });
};

describe('a history of 250 files', () => {
  test('from zero and replayed one deployment at a time give the same schema', async () => {
    const files = history(250, 42);
    const folder = await MigrationsFolder.create(files);
    const [fromZero, stepwise] = [await createTestDatabase(), await createTestDatabase()];
    try {
      const { applied } = await migrate(fromZero.url, { folder: folder.path });
      expect(applied).toHaveLength(250);
      for (let deployed = 0; deployed < files.length; ) {
        deployed += 1 + (deployed % 9);
        await folder.write(files.slice(0, deployed));
        await migrate(stepwise.url, { folder: folder.path });
      }
      expect(
        compareCatalogs(await describeCatalog(fromZero.url), await describeCatalog(stepwise.url), {
          columnOrder: true,
        }),
      ).toEqual([]);
    } finally {
      await Promise.all([fromZero.close(), stepwise.close()]);
      await folder.remove();
    }
  }, 600_000);
});
