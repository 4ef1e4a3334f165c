import { randomBytes } from 'node:crypto';
import { PGlite } from '@electric-sql/pglite';
import { sql as statement } from 'drizzle-orm';
import { drizzle as drizzlePglite } from 'drizzle-orm/pglite';
import { migrate as migratePglite } from 'drizzle-orm/pglite/migrator';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate } from 'drizzle-orm/postgres-js/migrator';
import { vi } from 'vitest';
import { type Database, executeRows } from './database.ts';

// PGlite takes seconds to start on a busy machine.
vi.setConfig({ hookTimeout: 120_000, testTimeout: 60_000 });

/** A server for the tests, whose role may create databases. Without one they run on PGlite, in memory. */
const serverUrl = process.env.TEST_DATABASE_URL;

/** Where the migrations lie that make these tables; undefined when the piece has none. */
const migrationsFolder: string | undefined = undefined;

/** PGlite is one connection: what needs two at once is skipped there. */
export const capabilities = { concurrency: serverUrl !== undefined };

/** Runs a statement, sql`select ${1}`, and gives its rows. */
type Sql = (
  parts: TemplateStringsArray,
  ...values: readonly unknown[]
) => Promise<Record<string, unknown>[]>;

/** A pool, as the reference's own client has it. */
export interface TestClient {
  readonly db: Database;
  readonly sql: Sql & {
    listen(
      channel: string,
      onNotify: (payload: string) => void,
      onListen?: () => void,
    ): Promise<{ unlisten(): Promise<void> }>;
  };
  close(): Promise<void>;
}

export interface OpenDatabase extends TestClient {
  readonly url: string;
}
export type Workspace = OpenDatabase;

/** A database of one test file's own. Call it in `beforeAll`, and its `close` in `afterAll`. */
export async function openDatabase(): Promise<OpenDatabase> {
  return serverUrl === undefined ? openPglite() : openOnServer(serverUrl);
}
export const openWorkspace = (): Promise<Workspace> => openDatabase();

async function openPglite(): Promise<OpenDatabase> {
  const client = new PGlite();
  const db = drizzlePglite(client);
  if (migrationsFolder) await migratePglite(db, { migrationsFolder });
  const listen: TestClient['sql']['listen'] = async (channel, onNotify) => ({
    unlisten: await client.listen(channel, onNotify),
  });
  return { url: '', db, sql: Object.assign(sqlOn(db), { listen }), close: () => client.close() };
}

async function openOnServer(url: string): Promise<OpenDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  const admin = createDb({ url, max: 1 });
  await admin.db.execute(statement.raw(`create database ${name}`));
  const own = new URL(url);
  own.pathname = `/${name}`;
  const client = createDb({ url: own.href });
  if (migrationsFolder) await migrate(client.drizzle, { migrationsFolder });
  return {
    ...client,
    url: own.href,
    async close() {
      await client.close();
      await admin.db.execute(statement.raw(`drop database ${name} with (force)`));
      await admin.close();
    },
  };
}

/** A pool of its own on a test's database. */
export function createDb({
  url,
  max = 10,
  onStatement,
}: {
  readonly url: string;
  readonly max?: number;
  readonly onStatement?: () => void;
}) {
  const logger = onStatement ? { logQuery: onStatement } : false;
  const db = drizzle({ logger, connection: { url, max, onnotice: () => {} } });
  const listen: TestClient['sql']['listen'] = (channel, onNotify, onListen) =>
    db.$client.listen(channel, onNotify, onListen);
  const client: TestClient = {
    db,
    sql: Object.assign(sqlOn(db), { listen }),
    close: () => db.$client.end(),
  };
  return { ...client, drizzle: db };
}

const sqlOn =
  (db: Database): Sql =>
  (parts, ...values) =>
    executeRows(db, statement(parts, ...values.map((value) => statement.param(value))));

/** Waits until a call waits for a lock that this database's other session holds, or `isDone` says it ended. */
export async function untilBlocked(
  { sql }: Pick<TestClient, 'sql'>,
  isDone = () => false,
): Promise<void> {
  for (let waits = false; !waits && !isDone(); ) {
    const [row] = await sql`select exists (select from pg_locks join pg_stat_activity a using (pid)
      where not granted and a.datname = current_database()) as waits`;
    waits = row?.waits === true;
  }
}

/** Connections of their own for the calls of a race. */
export interface Racers {
  readonly connections: readonly Database[];
  close(): Promise<void>;
}

/** Call in `beforeAll`, and its `close` in `afterAll`, before the database's own. */
export function openRacers({ url }: OpenDatabase, count = 3): Racers {
  const clients = Array.from({ length: count }, () => createDb({ url, max: 1 }));
  return {
    connections: clients.map(({ db }) => db),
    close: async () => {
      await Promise.all(clients.map(({ close }) => close()));
    },
  };
}
