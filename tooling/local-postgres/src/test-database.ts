import { fileURLToPath } from 'node:url';
import { migrationsHash } from './migrations-hash.ts';
import { loadPglite } from './pglite.ts';
import { lacksVector, requireRun } from './run.ts';
import { createDatabase } from './server-template.ts';

/** Applies a folder of migrations to a database: `migrate` of @reference/migrator. */
export type Migrate = (url: string, options: { folder: string }) => Promise<unknown>;

export type TestDatabaseOptions = {
  /** For a project whose other databases need no pgvector: PGlite serves this one if the run's server lacks it. */
  needsVector?: boolean;
} & (
  | /** A copy of a template with the package's migrations. */
  { migrations: URL | string; migrate: Migrate }
  /** An empty database. */
  | { migrations?: never; migrate?: never }
);

export type TestDatabase = {
  url: string;
  /** The most connections of a client, 1 on PGlite. Give it to the pool as its size. */
  maxConnections: number;
  /** Drops it, also with open connections. Close the client first. */
  close(): Promise<void>;
};

/**
 * Creates a database for the caller in milliseconds. Call it in `beforeAll` of each test file and
 * `close()` it in `afterAll`; tests then commit for real.
 * @param options.migrations the folder, as drizzle-kit lays it out
 * @param options.needsVector whether its migrations create the extension pgvector
 * @param options.migrate a parameter, because the migrator's own tests use this package
 * @throws Error outside a vitest run that has the global setup, or when a migration fails
 */
export async function createTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const run = requireRun();
  const template = await describeTemplate(options);
  if (run.source === 'pglite' || (options.needsVector && lacksVector(run))) {
    const name = template?.hash ?? 'empty';
    const build = template?.build ?? (async () => {});
    return { ...(await loadPglite(run.directory, name, build)), maxConnections: 1 };
  }
  if (!run.adminUrl) throw new Error('The test run has no admin URL.');
  const server = { adminUrl: run.adminUrl, owner: run.owner };
  return { ...(await createDatabase(server, template)), maxConnections: 10 };
}

async function describeTemplate({ migrations, migrate }: TestDatabaseOptions) {
  if (!migrations) return undefined;
  // An alternative history of the same database, such as a squashed one.
  const folder =
    process.env.TEST_MIGRATIONS ??
    (migrations instanceof URL ? fileURLToPath(migrations) : migrations);
  return {
    hash: await migrationsHash(folder),
    build: (url: string) => migrate(url, { folder }),
  };
}
