import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { type ClientConfig, checkConfig } from './config.ts';
import type { Database } from './database.ts';

/** A pool of connections: through Drizzle, and as postgres.js's own tagged template. */
export interface Client<S extends Record<string, unknown>> {
  readonly db: Database<S>;
  readonly sql: postgres.Sql;
  /** Lets running statements end, at most five seconds, and closes every connection. */
  close(): Promise<void>;
}

/**
 * Opens a pool. Connects on first use.
 *
 * @throws InvalidInputError when the config is wrong
 */
export function createClient<S extends Record<string, unknown>>(
  config: ClientConfig,
  { schema }: { readonly schema: S },
): Client<S> {
  const checked = checkConfig(config);
  const sql = postgres(checked.url, {
    max: checked.max,
    idle_timeout: checked.idleTimeoutSeconds,
    connect_timeout: checked.connectTimeoutSeconds,
    backoff: () => 0.1,
    prepare: checked.prepare,
    onnotice: () => {},
    connection: { application_name: checked.applicationName },
    ...(checked.ssl !== undefined && { ssl: checked.ssl }),
  });
  return {
    db: drizzle(sql, { schema }),
    sql,
    close: () => sql.end({ timeout: 5 }),
  };
}
