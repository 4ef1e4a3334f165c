import { capabilities } from '@reference/local-postgres';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createUser, listUsers, type Tenancy, withTenant } from '../../src/index.ts';
import { createTestTenancy, provision, type TestTenancy } from '../test-tenancy.ts';
import { hasPgBouncer, startPgBouncer } from './pgbouncer.ts';

if (!hasPgBouncer) console.warn('Skipped: PgBouncer is not installed (apt-get install pgbouncer).');

// Two server connections serve thirty clients' transactions, so each serves every tenant in turn.
describe.skipIf(!capabilities.concurrency || !hasPgBouncer)(
  'behind PgBouncer in transaction mode',
  () => {
    let test: TestTenancy;
    let bouncer: Awaited<ReturnType<typeof startPgBouncer>>;
    let pooled: Tenancy;
    const tenantIds: string[] = [];
    beforeAll(async () => {
      test = await createTestTenancy();
      bouncer = await startPgBouncer(test.appUrl);
      pooled = await test.connect({ url: bouncer.url, prepare: false, max: 30 });
      for (const slug of ['north', 'east', 'south', 'west', 'middle']) {
        tenantIds.push((await provision(pooled, slug)).tenant.id);
      }
    });
    afterAll(async () => {
      await test?.close();
      await bouncer?.stop();
    });

    it('never shows a foreign row, also after aborted transactions', async () => {
      const rounds = Array.from({ length: 300 }, (_, index) => index);
      const seen = rounds.map(async (index) => {
        const tenantId = tenantIds[index % tenantIds.length] ?? '';
        const work = withTenant(pooled, tenantId, async (tx) => {
          if (index % 3 === 0) await createUser(tx, { email: `user${index}@tenant.example` });
          const { items } = await listUsers(tx, { limit: 200 });
          if (index % 7 === 0) await tx.db.execute(sql`select 1 / 0`);
          return items.map((user) => user.tenantId);
        });
        const tenants = await work.catch(() => [tenantId]);
        return tenants.every((id) => id === tenantId);
      });
      expect((await Promise.all(seen)).every(Boolean)).toBe(true);
      const [stored] = await test.admin`select count(*)::int as n from users where role = 'member'`;
      expect(stored?.n).toBe(rounds.filter((index) => index % 3 === 0 && index % 7 !== 0).length);
    });

    it('leaves no tenant and no role on a server connection', async () => {
      for (const tenantId of tenantIds) {
        await withTenant(pooled, tenantId, (tx) => listUsers(tx));
        const [left] = await pooled.db.execute(
          sql`select current_setting('app.tenant_id', true) as tenant, (select count(*)::int from users) as rows`,
        );
        expect(left?.tenant ?? '').toBe('');
        expect(left?.rows).toBe(0);
      }
    });
  },
);
