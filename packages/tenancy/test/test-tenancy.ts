import { randomBytes } from 'node:crypto';
import {
  capabilities,
  createTestDatabase,
  currentRun,
  type TestDatabase,
} from '@reference/local-postgres';
import { migrate } from '@reference/migrator';
import postgres from 'postgres';
import {
  createTenancy,
  migrationsFolder,
  provisionTenant,
  type Tenancy,
  type TenancyConfig,
} from '../src/index.ts';

export interface TestTenancy {
  readonly tenancy: Tenancy;
  /** As a superuser, whom no policy holds back: to prepare and to check. */
  readonly admin: postgres.Sql;
  /** The URL of a login role that was granted tenancy_app; embedded, of the superuser. */
  readonly appUrl: string;
  /** The name of that login role, which exists embedded too. */
  readonly login: string;
  readonly adminUrl: string;
  /** Another tenancy on the same database. */
  connect(config?: Partial<TenancyConfig>): Promise<Tenancy>;
  close(): Promise<void>;
}

/** A migrated database of the test file's own, entered as a login role that was granted tenancy_app. */
export async function createTestTenancy(config: Partial<TenancyConfig> = {}): Promise<TestTenancy> {
  const database = await createTestDatabase({ migrations: migrationsFolder, migrate });
  const admin = openAdmin(database.url, database.maxConnections);
  const login = await createLogin(database, admin);
  const opened: Tenancy[] = [];
  const connect = async (more: Partial<TenancyConfig> = {}) => {
    const tenancy = await createTenancy({
      url: login.url,
      max: Math.min(5, database.maxConnections),
      ...(!capabilities.concurrency && { role: 'tenancy_app' }),
      ...more,
    });
    opened.push(tenancy);
    return tenancy;
  };
  return {
    tenancy: await connect(config),
    admin,
    appUrl: login.url,
    login: login.name,
    adminUrl: database.url,
    connect,
    async close() {
      for (const tenancy of opened) await tenancy.close();
      await admin.end();
      await database.close();
      await login.drop();
    },
  };
}

export const openAdmin = (url: string, max = 2) =>
  postgres(url, { max: Math.min(max, 2), onnotice: () => {} });

/**
 * Lets a role stand for its login on PGlite, which gives every connection the superuser's one session:
 * all of them are the role's until another one's turn. Elsewhere its own URL does that.
 */
export async function becomeOnPglite(admin: postgres.Sql, role: string): Promise<void> {
  if (!capabilities.concurrency) await admin.unsafe(`set session authorization ${role}`);
}

/** A login role that holds nothing but its membership in tenancy_app. Roles are the server's, so it gets a name of its own. */
async function createLogin(database: Pick<TestDatabase, 'url'>, admin: postgres.Sql) {
  const name = `tenancy_login_${randomBytes(6).toString('hex')}`;
  const create = `create role ${name} login password 'secret' in role tenancy_app`;
  if (!capabilities.concurrency) {
    await admin.unsafe(create);
    return { url: database.url, name, drop: async () => {} };
  }
  await onServer((sql) => sql.unsafe(create));
  const url = new URL(database.url);
  url.username = name;
  url.password = 'secret';
  return {
    url: url.href,
    name,
    drop: () => onServer((sql) => sql.unsafe(`drop role if exists ${name}`)),
  };
}

async function onServer(work: (sql: postgres.Sql) => PromiseLike<unknown>): Promise<void> {
  const adminUrl = currentRun()?.adminUrl;
  if (!adminUrl) throw new Error('This run has no server of its own.');
  const sql = openAdmin(adminUrl, 1);
  try {
    await work(sql);
  } finally {
    await sql.end();
  }
}

/** A tenant with its owner. */
export const provision = (tenancy: Tenancy, slug: string) =>
  provisionTenant(tenancy, { name: slug, slug, owner: { email: `owner@${slug}.example` } });
