import {
  capabilities,
  type ReplicatedServer,
  startReplicatedServer,
} from '@reference/local-postgres';
import { migrate } from '@reference/migrator';
import { sql } from 'drizzle-orm';
import type postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  createTenancy,
  createUser,
  listUsers,
  migrationsFolder,
  readTenant,
  type Tenancy,
  type TenantTx,
  walPosition,
  withTenant,
} from '../../src/index.ts';
import { openAdmin, provision } from '../test-tenancy.ts';

describe.skipIf(!capabilities.ownServer)('a primary and a streaming replica', () => {
  let server: ReplicatedServer;
  let primary: postgres.Sql;
  let replica: postgres.Sql;
  let tenancy: Tenancy;
  let tenantId: string;
  beforeAll(async () => {
    server = await startReplicatedServer();
    primary = openAdmin(server.primaryUrl);
    replica = openAdmin(server.replicaUrl);
    await migrate(server.primaryUrl, { folder: migrationsFolder });
    await primary`create role tenancy_login login password 'secret' in role tenancy_app`;
    await caughtUp();
    const asLogin = (url: string) => url.replace('postgres:postgres@', 'tenancy_login:secret@');
    tenancy = await createTenancy({
      url: asLogin(server.primaryUrl),
      replicas: [asLogin(server.replicaUrl)],
      max: 2,
    });
    tenantId = (await provision(tenancy, 'acme')).tenant.id;
    await caughtUp();
  }, 240_000);
  afterAll(async () => {
    await tenancy?.close();
    await primary?.end();
    await replica?.end();
    await server?.stop();
  });

  async function caughtUp(): Promise<void> {
    const [row] = await primary`select pg_current_wal_insert_lsn()::text as lsn`;
    // waitFor asks again after a throw too, such as a connection lost on the way.
    await vi.waitFor(
      async () => {
        const [state] = await replica`
          select pg_last_wal_replay_lsn() >= ${row?.lsn}::pg_lsn as done`;
        expect(state?.done).toBe(true);
      },
      { timeout: 30_000, interval: 20 },
    );
  }

  const look = async (tx: TenantTx) => {
    const [place] = await tx.db.execute(sql`select pg_is_in_recovery() as replica`);
    const { items } = await listUsers(tx, { limit: 200 });
    return { replica: place?.replica, emails: items.map(({ email }) => email) };
  };

  it('reads go to the replica, behind the same row security', async () => {
    const seen = await readTenant(tenancy, tenantId, look);
    expect(seen).toEqual({ replica: true, emails: ['owner@acme.example'] });
    const other = await provision(tenancy, 'globex');
    await caughtUp();
    const foreign = await readTenant(tenancy, other.tenant.id, look);
    expect(foreign).toEqual({ replica: true, emails: ['owner@globex.example'] });
  });

  it('a write in a read is refused', async () => {
    await expect(
      readTenant(tenancy, tenantId, (tx) => createUser(tx, { email: 'late@acme.example' })),
    ).rejects.toMatchObject({ sqlstate: '25006' });
  });

  it('a user reads what the user wrote, from the primary while the replica is behind', async () => {
    await replica`select pg_wal_replay_pause()`;
    await withTenant(tenancy, tenantId, (tx) => createUser(tx, { email: 'new@acme.example' }));
    const after = await walPosition(tenancy);
    try {
      const stale = await readTenant(tenancy, tenantId, look);
      expect(stale).toEqual({ replica: true, emails: ['owner@acme.example'] });
      const own = await readTenant(tenancy, tenantId, look, { after });
      expect(own).toMatchObject({ replica: false });
      expect(own.emails).toContain('new@acme.example');
    } finally {
      await replica`select pg_wal_replay_resume()`;
    }
    await caughtUp();
    const later = await readTenant(tenancy, tenantId, look, { after });
    expect(later).toMatchObject({ replica: true });
    expect(later.emails).toContain('new@acme.example');
  });
});
