import { isDeepStrictEqual } from 'node:util';
import {
  type Client,
  type ClientConfig,
  createClient,
  requireUrl,
  UsageError,
} from '@reference/kit';
import type postgres from 'postgres';
import type { PostgresDatabase } from './queries/database.ts';
import * as schema from './schemas/index.ts';

/** Settings of a client; everything but `url` has a default. */
export interface PostgresConfig
  extends Pick<
    ClientConfig,
    | 'url'
    | 'ssl'
    | 'logger'
    | 'slowQueryMs'
    | 'onStatement'
    | 'trace'
    | 'statementTimeoutMs'
    | 'deadlineMs'
  > {
  /** Connections at most; 5 unless given. */
  readonly max?: number | undefined;
  /** Seconds after which an unused connection is closed; 60 unless given, 0 keeps it. */
  readonly idleTimeout?: number | undefined;
  /** False behind a pooler in transaction mode. */
  readonly prepare?: boolean | undefined;
}

/** A pool, as Drizzle's handle and as postgres.js's own. */
export interface PostgresClient {
  readonly queryClient: postgres.Sql;
  readonly db: PostgresDatabase;
  /** Lets running statements end, at most five seconds, and closes every connection. */
  close(): Promise<void>;
}

let configured: PostgresConfig | undefined;
let isInUse = false;
let shared: PostgresClient | undefined;

/**
 * Opens another client beside the process's one. It connects on first use.
 * @throws InvalidInputError when the configuration is wrong; the message holds no part of the URL
 */
export function createPostgresClient(config: PostgresConfig): PostgresClient {
  const { max = 5, idleTimeout, ...rest } = config;
  const client: Client<typeof schema> = createClient(
    {
      applicationName: 'ait',
      max,
      ...(idleTimeout !== undefined && { idleTimeoutSeconds: idleTimeout }),
      ...rest,
    },
    { schema },
  );
  return { queryClient: client.sql, db: client.db, close: client.close };
}

/**
 * Configures `getPostgresClient`. Call it once, before the first use. It accepts the same
 * configuration again and rejects another one, because callers may hold the client.
 *
 * @throws UsageError when it was configured otherwise, or is open with POSTGRES_URL's
 */
export function configurePostgres(config: PostgresConfig): void {
  if (isInUse && !(configured && isSame(configured, config))) {
    throw new UsageError(
      'Postgres is configured otherwise already. Call configurePostgres once, at the start; createPostgresClient opens a second client.',
    );
  }
  configured = config;
  isInUse = true;
}

/**
 * The process's one client. Without `configurePostgres` it connects to `POSTGRES_URL`.
 * @throws InvalidInputError when there is no configuration, or it is wrong
 */
export function getPostgresClient(): PostgresClient {
  shared ??= createPostgresClient(configured ?? { url: requireUrl(process.env, 'POSTGRES_URL') });
  isInUse = true;
  return shared;
}

/**
 * Closes the process's client, within five seconds. A later `getPostgresClient` opens another, with
 * the same configuration unless `configurePostgres` gives a new one first.
 */
export async function closePostgresConnection(): Promise<void> {
  const closing = shared;
  shared = undefined;
  isInUse = false;
  await closing?.close();
}

function isSame(
  { logger, ...config }: PostgresConfig,
  { logger: otherLogger, ...other }: PostgresConfig,
): boolean {
  return logger === otherLogger && isDeepStrictEqual(config, other);
}
