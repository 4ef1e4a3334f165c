import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestTenancy, type TestTenancy } from '../test-tenancy.ts';
import { catalogChecks } from './catalog-checks.ts';
import { seedTwoTenants } from './fixture.ts';
import { type Mutant, mutants } from './mutants.ts';
import { type Check, rowChecks } from './row-checks.ts';
import { discoverTables, type Scene, sceneWithin, type TenantTable } from './scene.ts';
import { sideDoorChecks } from './side-door-checks.ts';

let test: TestTenancy;
let subject: Pick<Scene, 'a' | 'b'>;
beforeAll(async () => {
  test = await createTestTenancy();
  subject = await seedTwoTenants(test.tenancy);
});
afterAll(() => test?.close());

/** The first check that notices: what can be read and written, then the catalog, then the side doors. */
async function killerOf(mutant: Mutant): Promise<string | undefined> {
  const rollback = new Error('roll back');
  let killer: string | undefined;
  await test.admin
    .begin(async (sql) => {
      await sql.unsafe(mutant.sql);
      const tables = await discoverTables(sql);
      const concerned = tables.filter(({ name }) => !mutant.table || name === mutant.table);
      const passes = (check: Check, checked: readonly TenantTable[]) =>
        sql
          .savepoint((inner) => check.run(sceneWithin(inner, { ...subject, tables: checked })))
          .then(
            () => true,
            () => false,
          );
      for (const check of [...rowChecks, ...catalogChecks, ...sideDoorChecks]) {
        // Catalog checks cover all tables; the other checks need only the one concerned.
        if (await passes(check, catalogChecks.includes(check) ? tables : concerned)) continue;
        killer = check.name;
        break;
      }
      throw rollback;
    })
    .catch((error: unknown) => {
      if (error !== rollback) throw error;
    });
  return killer;
}

it('an unbroken schema passes every check', async () => {
  expect(await killerOf({ name: 'none', sql: 'select 1' })).toBeUndefined();
});

it('every way to break the schema is noticed by a named check', async () => {
  const report: string[] = [];
  const survivors: string[] = [];
  const list = await mutants(test.admin, await discoverTables(test.admin));
  for (const mutant of list) {
    const killer = await killerOf(mutant);
    if (killer === undefined) survivors.push(mutant.name);
    report.push(`${mutant.name}\n    killed by: ${killer ?? 'NOTHING'}`);
  }
  console.log(`${report.join('\n')}\n${list.length} mutants, ${survivors.length} survive.`);
  expect(survivors).toEqual([]);
}, 480_000);
