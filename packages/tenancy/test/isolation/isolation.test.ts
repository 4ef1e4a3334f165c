import { capabilities } from '@reference/local-postgres';
import type postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestTenancy, openAdmin, type TestTenancy } from '../test-tenancy.ts';
import { catalogChecks } from './catalog-checks.ts';
import { seedTwoTenants } from './fixture.ts';
import { rowChecks } from './row-checks.ts';
import { discoverTables, type Scene, type Sql, sceneThrough, sceneWithin } from './scene.ts';
import { sideDoorChecks } from './side-door-checks.ts';

const checks = [...catalogChecks, ...rowChecks, ...sideDoorChecks];

let test: TestTenancy;
let subject: Pick<Scene, 'a' | 'b' | 'tables'>;
beforeAll(async () => {
  test = await createTestTenancy();
  subject = {
    ...(await seedTwoTenants(test.tenancy)),
    tables: await discoverTables(test.admin),
  };
});
afterAll(() => test?.close());

describe('isolation, as tenancy_app', () => {
  for (const check of checks) {
    it(check.name, async () => {
      const rollback = new Error('roll back');
      await test.admin
        .begin(async (sql) => {
          await check.run(sceneWithin(sql, subject));
          throw rollback;
        })
        .catch((error: unknown) => {
          if (error !== rollback) throw error;
        });
    });
  }
});

describe('isolation, through a login role granted tenancy_app', () => {
  let app: postgres.Sql;
  beforeAll(() => {
    app = openAdmin(test.appUrl);
  });
  afterAll(() => app?.end());
  const authorize = () => (capabilities.concurrency ? undefined : test.login);

  it('is another user than the one who prepares and checks', async () => {
    const scene = sceneThrough(app, test.admin, subject, authorize());
    const who = (sql: Sql) => sql`select session_user as name, current_user as acts`;
    expect([...(await scene.asTenant(subject.a, who))]).toEqual([
      { name: test.login, acts: test.login },
    ]);
  });

  for (const check of [...rowChecks, ...sideDoorChecks]) {
    it(check.name, () => check.run(sceneThrough(app, test.admin, subject, authorize())));
  }
});

describe('isolation, as the owner of the tables', () => {
  it('FORCE holds back an owner that is no superuser', async () => {
    const rollback = new Error('roll back');
    await test.admin
      .begin(async (sql) => {
        await sql`create role tenancy_test_owner`;
        for (const { name } of subject.tables) {
          await sql`alter table ${sql(name)} owner to tenancy_test_owner`;
        }
        await sql`set local role tenancy_test_owner`;
        for (const { name } of subject.tables) {
          expect([...(await sql`select 1 from ${sql(name)}`)], name).toEqual([]);
        }
        throw rollback;
      })
      .catch((error: unknown) => {
        if (error !== rollback) throw error;
      });
  });
});
