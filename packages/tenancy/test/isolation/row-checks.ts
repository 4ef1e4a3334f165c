import { expect } from 'vitest';
import { outcome, type Scene, type Sql, type TenantTable } from './scene.ts';

/** A named claim about a scene; it throws when the claim does not hold. */
export interface Check {
  readonly name: string;
  run(scene: Scene): Promise<void>;
}

type TableCheck = (scene: Scene, table: TenantTable) => Promise<void>;

/** Each of these holds for every table of the catalog. */
const perTable: Record<string, TableCheck> = {
  'select finds rows of the own tenant only, and none without a tenant': async (scene, table) => {
    const seen = (tenant: string | undefined) =>
      scene.asTenant(tenant, async (sql) => {
        const rows = await sql<{ key: string }[]>`
          select distinct ${sql(table.key)}::text as key from ${sql(table.name)}`;
        return rows.map(({ key }) => key);
      });
    expect(await seen(scene.a)).toEqual([scene.a]);
    expect(await seen(scene.b)).toEqual([scene.b]);
    expect(await seen(undefined)).toEqual([]);
  },

  'insert for another tenant, or without a tenant, is refused': async (scene, table) => {
    const row = await anyRow(scene.admin, table, scene.b);
    for (const tenant of [scene.a, undefined]) {
      expect(await outcome(scene.asTenant(tenant, (sql) => insertCopy(sql, table, row)))).toBe(
        '42501',
      );
    }
  },

  'update reaches no row of another tenant, and none without a tenant': async (scene, table) => {
    const touch = (tenant: string | undefined) =>
      scene.asTenant(tenant, async (sql) => {
        const all =
          await sql`update ${sql(table.name)} set created_at = now() returning ${sql(table.key)}::text as key`;
        const named = await sql`
          update ${sql(table.name)} set created_at = now() where ${sql(table.key)} = ${scene.b} returning 1`;
        return { keys: [...new Set(all.map(({ key }) => key))], named: named.length };
      });
    expect(await touch(scene.a)).toEqual({ keys: [scene.a], named: 0 });
    expect(await touch(undefined)).toEqual({ keys: [], named: 0 });
  },

  'update moves no row to another tenant': async (scene, table) => {
    const moved = scene.asTenant(
      scene.a,
      (sql) => sql`update ${sql(table.name)} set ${sql(table.key)} = ${scene.b}`,
    );
    expect(await outcome(moved)).toBe('42501');
  },

  'delete reaches no row of another tenant, and none without a tenant': async (scene, table) => {
    const removed = (tenant: string | undefined) =>
      scene.asTenant(tenant, async (sql) => {
        const named = await sql`
          delete from ${sql(table.name)} where ${sql(table.key)} = ${scene.b} returning 1`;
        const all =
          await sql`delete from ${sql(table.name)} returning ${sql(table.key)}::text as key`;
        return { keys: [...new Set(all.map(({ key }) => key))], named: named.length };
      });
    expect(await removed(scene.a)).toEqual({ keys: [scene.a], named: 0 });
    expect(await removed(undefined)).toEqual({ keys: [], named: 0 });
  },

  'row security is enabled and forced': async (scene, table) => {
    const [row] = await scene.admin<{ forced: boolean }[]>`
      select relforcerowsecurity and relrowsecurity as forced from pg_class
      where oid = ${`public.${table.name}`}::regclass`;
    expect(row?.forced).toBe(true);
  },
};

export const rowChecks: readonly Check[] = Object.entries(perTable).map(([name, check]) => ({
  name,
  async run(scene) {
    for (const table of scene.tables) {
      await requireFixture(scene, table);
      await check(scene, table);
    }
  },
}));

async function requireFixture({ admin, a, b }: Scene, table: TenantTable): Promise<void> {
  for (const tenant of [a, b]) await anyRow(admin, table, tenant);
}

/** A stored row as JSON, without generated columns. */
export async function anyRow(
  admin: Sql,
  table: TenantTable,
  tenant: string,
): Promise<Record<string, unknown>> {
  const [found] = await admin<{ row: Record<string, unknown> }[]>`
    select to_jsonb(t) as row from ${admin(table.name)} t where ${admin(table.key)} = ${tenant} limit 1`;
  if (!found) {
    throw new Error(`Table ${table.name} has no row of tenant ${tenant}: add one to the fixture.`);
  }
  return found.row;
}

/** Inserts a row like `row`, with an id of its own where the table has one beside the tenant. */
export async function insertCopy(
  sql: Sql,
  table: TenantTable,
  row: Record<string, unknown>,
  suffix = '',
): Promise<void> {
  const columns = await sql<{ name: string }[]>`
    select attname as name from pg_attribute
    where attrelid = ${`public.${table.name}`}::regclass and attnum > 0 and not attisdropped
      and attgenerated = ''`;
  const names = sql(columns.map(({ name }) => name));
  await sql`
    insert into ${sql(table.name)} (${names})
    select ${names} from jsonb_populate_record(null::${sql(table.name)}, ${JSON.stringify(row)}::text::jsonb)
    ${sql.unsafe(suffix)}`;
}
