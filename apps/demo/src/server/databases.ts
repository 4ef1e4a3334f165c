// The one place that opens the four databases. A page takes a handle from here and gives it to a
// query function of the package that owns the database.
import { createPostgresClient, type PostgresClient } from '@ait/postgres';
import { createDb, type Db } from '@pagespace/db';
import { type Keyring, keyringFromEnv, requireUrl } from '@reference/kit';
import { createTasksClient, type Db as TasksDb } from '@reference/tasks';
import { createTenancy, type Tenancy } from '@reference/tenancy';
import { watched } from '../statements/requests.ts';
import { type DatabaseName, databaseUrls } from './database-names.ts';
import { processWide } from './process-wide.ts';

/** Whether a database is on PGlite: one session for all connections, no LISTEN. */
export const isOnPglite = (name: DatabaseName) =>
  (process.env.DEMO_ON_PGLITE ?? '').split(' ').includes(name);

/** @throws InvalidInputError when the variable is missing or no PostgreSQL URL */
export const databaseUrl = (name: DatabaseName) => requireUrl(process.env, databaseUrls[name]);

interface Opened {
  pagespace?: ReturnType<typeof createDb>;
  ait?: PostgresClient;
  tasks?: { readonly db: TasksDb };
  tenancy?: Promise<Tenancy>;
}

// On the process, because every route and every reload of `next dev` evaluates this module anew.
const opened: Opened = processWide('reference-demo-databases', () => ({}));

function options(name: DatabaseName) {
  return {
    url: databaseUrl(name),
    ...watched(name),
    // A second connection would share the session and its settings.
    ...(isOnPglite(name) ? { max: 1 } : {}),
  };
}

/** The workspace's client itself, which can listen. */
export function pagespaceClient(): ReturnType<typeof createDb> {
  opened.pagespace ??= createDb({ ...options('pagespace'), idleTimeoutSeconds: 0 });
  return opened.pagespace;
}

/** The workspace's database, for `@pagespace/db`. */
export const pagespace = (): Db => pagespaceClient().db;

/** The connectors' database, for `@ait/postgres`. */
export function ait(): PostgresClient['db'] {
  opened.ait ??= createPostgresClient({ ...options('ait'), idleTimeout: 0 });
  return opened.ait.db;
}

/** The tasks' database, for `@reference/tasks`. */
export function tasks(): TasksDb {
  opened.tasks ??= createTasksClient({ ...options('tasks'), idleTimeoutSeconds: 0 });
  return opened.tasks.db;
}

/** The organisations' database, for `@reference/tenancy`; every transaction takes on `tenancy_app`. */
export function tenancy(): Promise<Tenancy> {
  opened.tenancy ??= createTenancy({
    ...options('tenancy'),
    idleTimeoutSeconds: 0,
    role: 'tenancy_app',
  }).catch((error: unknown) => {
    delete opened.tenancy;
    throw error;
  });
  return opened.tenancy;
}

/** Seals and opens the secrets of every package. */
export const keyring = (): Keyring => keyringFromEnv(process.env.ENCRYPTION_KEYS);
