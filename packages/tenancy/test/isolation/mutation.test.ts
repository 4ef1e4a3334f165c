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

/** The first behavioural check that notices, and the first of the catalog. */
async function killersOf(mutant: Mutant): Promise<string[]> {
  const killers: string[] = [];
  const rollback = new Error('roll back');
  await test.admin
    .begin(async (sql) => {
      await sql.unsafe(mutant.sql);
      const tables = await discoverTables(sql);
      const concerned = tables.filter(({ name }) => !mutant.table || name === mutant.table);
      const firstOf = async (checks: readonly Check[], checked: readonly TenantTable[]) => {
        for (const check of checks) {
          const noticed = await sql
            .savepoint((inner) => check.run(sceneWithin(inner, { ...subject, tables: checked })))
            .then(
              () => false,
              () => true,
            );
          if (noticed) return [check.name];
        }
        return [];
      };
      killers.push(...(await firstOf(catalogChecks, tables)));
      killers.push(...(await firstOf([...rowChecks, ...sideDoorChecks], concerned)));
      throw rollback;
    })
    .catch((error: unknown) => {
      if (error !== rollback) throw error;
    });
  return killers;
}

it('an unbroken schema passes every check', async () => {
  expect(await killersOf({ name: 'none', sql: 'select 1' })).toEqual([]);
});

it('every way to break the schema is noticed by a named check', async () => {
  const report: string[] = [];
  const survivors: string[] = [];
  const list = await mutants(test.admin, await discoverTables(test.admin));
  for (const mutant of list) {
    const killers = await killersOf(mutant);
    if (killers.length === 0) survivors.push(mutant.name);
    report.push(`${mutant.name}\n    killed by: ${killers.join('\n               ') || 'NOTHING'}`);
  }
  console.log(`${report.join('\n')}\n${list.length} mutants, ${survivors.length} survive.`);
  expect(survivors).toEqual([]);
}, 240_000);
