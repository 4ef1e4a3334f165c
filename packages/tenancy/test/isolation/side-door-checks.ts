import { expect } from 'vitest';
import { anyRow, type Check, insertCopy } from './row-checks.ts';
import { outcome, type Scene, type Sql } from './scene.ts';

/** Ways around a policy that have leaked elsewhere; each closed, and shown closed. */
export const sideDoorChecks: readonly Check[] = [
  {
    name: 'a foreign key can’t refer to another tenant’s row, and does not tell whether there is one',
    async run(scene) {
      for (const { child, column, parent } of await references(scene.admin)) {
        if (!scene.tables.some(({ name }) => name === child)) continue;
        const own = await anyRow(scene.admin, { name: child, key: 'tenant_id' }, scene.a);
        const theirs = await anyRow(scene.admin, { name: parent, key: 'tenant_id' }, scene.b);
        const refer = (id: unknown) =>
          scene.asTenant(
            scene.a,
            (sql) =>
              sql`update ${sql(child)} set ${sql(column)} = ${String(id)}::uuid where id = ${String(own.id)}`,
          );
        const nowhere = '99999999-9999-4999-8999-999999999999';
        expect(await outcome(refer(theirs.id)), `${child}.${column}`).toBe('23503');
        expect(await outcome(refer(nowhere)), `${child}.${column}`).toBe('23503');
      }
    },
  },
  {
    name: 'a unique key tells nothing of another tenant’s values',
    async run(scene) {
      for (const table of scene.tables.filter(({ name }) => name !== 'tenants')) {
        const copy = await ownCopyOf(scene, table.name);
        const inserted = scene.asTenant(scene.a, (sql) => insertCopy(sql, table, copy));
        expect(await outcome(inserted), table.name).toBe('ok');
      }
    },
  },
  {
    name: 'ON CONFLICT neither meets nor changes another tenant’s row',
    async run(scene) {
      for (const table of scene.tables.filter(({ name }) => name !== 'tenants')) {
        const copy = await ownCopyOf(scene, table.name);
        const added = await scene.asTenant(scene.a, async (sql) => {
          await insertCopy(sql, table, copy, 'on conflict do nothing');
          const rows = await sql`select 1 from ${sql(table.name)} where id = ${String(copy.id)}`;
          return rows.length;
        });
        expect(added, table.name).toBe(1);
        const theirs = await anyRow(scene.admin, table, scene.b);
        const upserted = scene.asTenant(scene.a, (sql) =>
          insertCopy(
            sql,
            table,
            theirs,
            'on conflict (tenant_id, id) do update set created_at = now()',
          ),
        );
        expect(await outcome(upserted), table.name).toBe('42501');
      }
    },
  },
  {
    name: 'a tenant’s row can’t take another tenant’s slug, whether it is in use or not',
    async run(scene) {
      const [other] = await scene.admin`select slug from tenants where id = ${scene.b}`;
      const rename = (slug: string) =>
        scene.asTenant(scene.a, (sql) => sql`update tenants set slug = ${slug}`);
      expect(await outcome(rename(String(other?.slug)))).toBe('23514');
      expect(await outcome(rename('in-use-by-nobody'))).toBe('23514');
    },
  },
  {
    name: 'a statement planned for one tenant serves the next one its own rows',
    async run(scene) {
      for (const { name, key } of scene.tables) {
        const seen = await scene.asTenant(scene.a, async (sql) => {
          await sql.unsafe('set local plan_cache_mode = force_generic_plan');
          await sql.unsafe(`prepare reused as select distinct ${key}::text as key from ${name}`);
          try {
            const first = await sql.unsafe('execute reused');
            await sql.unsafe(`set local app.tenant_id = '${scene.b}'`);
            const second = await sql.unsafe('execute reused');
            await sql.unsafe("set local app.tenant_id = ''");
            const none = await sql.unsafe('execute reused');
            return [first, second, none].map((rows) => rows.map(({ key: found }) => found));
          } finally {
            await sql.unsafe('deallocate reused');
          }
        });
        expect(seen, name).toEqual([[scene.a], [scene.b], []]);
      }
    },
  },
  {
    name: 'a cheap function in WHERE is shown no other tenant’s row',
    async run(scene) {
      for (const { name, key } of scene.tables) {
        const shown = await scene.asTenant(scene.a, async (sql) => {
          await sql.unsafe(`
            create temp table shown (key uuid) on commit drop;
            create function pg_temp.peep(key uuid) returns boolean language plpgsql cost 0.0000001
              as $$ begin insert into pg_temp.shown values (key); return true; end $$`);
          await sql.unsafe(`select 1 from ${name} where pg_temp.peep(${key})`);
          const rows = await sql`select distinct key::text from pg_temp.shown`;
          return rows.map(({ key: found }) => found);
        });
        expect(shown, name).toEqual([scene.a]);
      }
    },
  },
  {
    name: 'a view of the application’s own shows no more than the tables',
    async run(scene) {
      for (const { name, key } of scene.tables) {
        const seen = await scene.asTenant(scene.a, async (sql) => {
          await sql.unsafe(`create temp view peep as select ${key}::text as key from ${name}`);
          const rows = await sql`select distinct key from pg_temp.peep`;
          return rows.map(({ key: found }) => found);
        });
        expect(seen, name).toEqual([scene.a]);
      }
    },
  },
  {
    name: 'a partition can’t be named',
    async run(scene) {
      if (!scene.tables.some(({ name }) => name === 'document_chunks')) return;
      const partitions = await scene.admin<{ name: string }[]>`
        select relname as name from pg_class where relispartition and relkind = 'r'
          and relnamespace = 'public'::regnamespace`;
      expect(partitions.length).toBeGreaterThan(0);
      for (const { name } of partitions) {
        for (const statement of [
          `select 1 from ${name}`,
          `insert into ${name} default values`,
          `update ${name} set created_at = now()`,
          `delete from ${name}`,
        ]) {
          expect(await outcome(scene.asTenant(scene.a, (sql) => sql.unsafe(statement)))).toBe(
            '42501',
          );
        }
      }
    },
  },
  {
    name: 'TRUNCATE, triggers, policies and row security itself are out of reach',
    async run(scene) {
      for (const { name } of scene.tables) {
        for (const statement of [
          `truncate ${name} cascade`,
          `create trigger peep before update on ${name} for each row execute function suppress_redundant_updates_trigger()`,
          `create policy peep on ${name} using (true)`,
          `alter table ${name} disable row level security`,
          `create temp table peep (id uuid references ${name} (id))`,
        ]) {
          const refused = await outcome(scene.asTenant(scene.a, (sql) => sql.unsafe(statement)));
          expect(['42501', '42P16', '42830'], `${statement}: ${refused}`).toContain(refused);
        }
        const unguarded = scene.asTenant(scene.a, async (sql) => {
          await sql.unsafe('set local row_security = off');
          await sql.unsafe(`select 1 from ${name}`);
        });
        expect(await outcome(unguarded)).toBe('42501');
      }
    },
  },
  {
    name: 'the planner’s statistics show no values',
    async run(scene) {
      await scene.admin.unsafe('analyze users, documents, messages');
      const shown = await scene.asTenant(
        scene.a,
        (sql) => sql`select tablename, attname from pg_stats where schemaname = 'public'`,
      );
      expect([...shown]).toEqual([]);
    },
  },
];

/** The foreign keys between tenant tables: the column beside tenant_id. */
async function references(admin: Sql) {
  return admin<{ child: string; column: string; parent: string }[]>`
    select f.conrelid::regclass::text as child, a.attname as column, f.confrelid::regclass::text as parent
    from pg_constraint f
    join pg_attribute a on a.attrelid = f.conrelid and a.attnum = any(f.conkey) and a.attname <> 'tenant_id'
    where f.contype = 'f' and f.conparentid = 0 and f.connamespace = 'public'::regnamespace`;
}

/** The other tenant's row, as this tenant would write it: same id and same values, own tenant, own parents. */
async function ownCopyOf(scene: Scene, table: string): Promise<Record<string, unknown>> {
  const theirs = await anyRow(scene.admin, { name: table, key: 'tenant_id' }, scene.b);
  const copy: Record<string, unknown> = { ...theirs, tenant_id: scene.a };
  for (const { child, column, parent } of await references(scene.admin)) {
    if (child !== table) continue;
    copy[column] = (await anyRow(scene.admin, { name: parent, key: 'tenant_id' }, scene.a)).id;
  }
  // Own parents may have a row at this place already; the place is not what the check is about.
  if ('position' in copy) copy.position = 1_000_000;
  if ('chunk_index' in copy) copy.chunk_index = 1_000_000;
  return copy;
}
