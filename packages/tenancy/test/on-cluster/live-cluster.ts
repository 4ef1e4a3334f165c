import { randomBytes } from 'node:crypto';
import { migrate } from '@reference/migrator';
import postgres from 'postgres';
import { createTenancy, distribute, migrationsFolder, type Tenancy } from '../../src/index.ts';

export interface LiveCluster {
  readonly tenancy: Tenancy;
  /** The owner's connections to the coordinator. */
  readonly admin: postgres.Sql;
  /** As the application's login role. */
  readonly app: postgres.Sql;
  close(): Promise<void>;
}

/**
 * Migrates and distributes the database of TENANCY_CLUSTER_URL, and enters it as the application does: by
 * a login role that was granted tenancy_app. The database should be the suite's own: it leaves tenants.
 */
export async function openLiveCluster(): Promise<LiveCluster> {
  const url = process.env.TENANCY_CLUSTER_URL;
  if (!url) {
    throw new Error(
      "Set TENANCY_CLUSTER_URL to the coordinator's database, as a superuser, in a cluster with pgvector and citus on each node.",
    );
  }
  const admin = postgres(url, { max: 4, onnotice: () => {} });
  await migrate(url, { folder: migrationsFolder });
  await distribute(admin);
  const role = `tenancy_live_${randomBytes(6).toString('hex')}`;
  await admin.unsafe(`create role ${role} login password 'secret' in role tenancy_app`);
  const appUrl = new URL(url);
  appUrl.username = role;
  appUrl.password = 'secret';
  const app = postgres(appUrl.href, { max: 2, onnotice: () => {} });
  const tenancy = await createTenancy({ url: appUrl.href, max: 8 });
  return {
    tenancy,
    admin,
    app,
    async close() {
      await tenancy.close();
      await app.end();
      await admin.unsafe(`drop role ${role}`);
      await admin.end();
    },
  };
}

/** A word of this run's own, for slugs. */
export const runId = randomBytes(4).toString('hex');
