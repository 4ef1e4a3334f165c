import {
  createTableRelationsHelpers,
  type ExtractTablesWithRelations,
  extractTablesRelationalConfig,
} from 'drizzle-orm';
import { PgDatabase, withReplicas } from 'drizzle-orm/pg-core';
import postgres from 'postgres';
import { type CheckedConfig, type ClientConfig, checkConfig } from './config.ts';
import type { Database } from './database.ts';
import { createDeadlines } from './deadlines.ts';
import { KitDialect } from './dialect.ts';
import { UsageError } from './errors.ts';
import { guardSql } from './guarded-sql.ts';
import { createRunner } from './runner.ts';
import { KitSession } from './session.ts';
import type { Pool } from './watched-query.ts';

/** A pool of connections: through Drizzle, and as postgres.js's own tagged template. */
export interface Client<S extends Record<string, unknown>> {
  readonly db: Database<S>;
  /**
   * postgres.js's handle on the same pool, with the same promises as `db`. Timestamps and dates
   * arrive as text, because Drizzle's columns decode them themselves.
   */
  readonly sql: postgres.Sql;
  /** Lets running statements end, at most five seconds, and closes every connection. */
  close(): Promise<void>;
}

/** date, time, timestamp, timestamptz: Drizzle's columns read and write them as text. */
const dateTypes = [1082, 1083, 1114, 1184];
const jsonTypes = [114, 3802];

/**
 * Opens a pool. Connects on first use, and again by itself after the server was gone.
 *
 * Losing the server never ends the process or leaves a promise open: what was running rejects with
 * `UnavailableError` when the connection breaks, at the latest at `deadlineMs`.
 *
 * @param config see `ClientConfig`; only `url` is required
 * @param options.schema the tables and relations for `db.query`
 * @throws InvalidInputError when the config is wrong; the message holds no part of the URL
 * @throws UsageError when postgres.js lacks the patch that makes it survive a lost connection
 */
export function createClient<S extends Record<string, unknown>>(
  config: ClientConfig,
  { schema }: { readonly schema: S },
): Client<S> {
  const checked = checkConfig(config);
  requirePatch();
  const pools = [checked.url, ...checked.replicas].map((url) => openPool(url, checked));
  const [primary, ...replicas] = pools.map(({ sql, pool }) => toDatabase(sql, pool, schema));
  const [main] = pools;
  if (!primary || !main) throw new TypeError('A client has at least one pool.');
  const [replica, ...otherReplicas] = replicas;
  return {
    db: replica ? withReplicas(primary, [replica, ...otherReplicas]) : primary,
    sql: guardSql(main.sql, main.pool),
    close: async () => {
      await Promise.all(pools.map(({ sql }) => sql.end({ timeout: 5 })));
    },
  };
}

function openPool(url: string, config: CheckedConfig): { sql: postgres.Sql; pool: Pool } {
  const options = {
    max: config.max,
    idle_timeout: config.idleTimeoutSeconds,
    connect_timeout: config.connectTimeoutSeconds,
    // The patch's option: a connection without an answer is destroyed.
    answer_timeout: config.deadlineMs / 1000,
    // Short and bounded, so that the pool is back within a second of the server.
    backoff: () => 0.1,
    prepare: config.prepare,
    onnotice: () => {},
    connection: { application_name: config.applicationName, ...sessionSettings(config) },
    ...(config.ssl !== undefined && { ssl: config.ssl }),
  };
  const sql = postgres(url, options);
  for (const type of dateTypes) {
    delete sql.options.parsers[type];
    sql.options.serializers[type] = (value: unknown) =>
      value instanceof Date ? value.toISOString() : value;
  }
  for (const type of jsonTypes) {
    sql.options.serializers[type] = (value: unknown) =>
      typeof value === 'string' ? value : JSON.stringify(value);
  }
  const { logger, slowQueryMs, onStatement, prepare } = config;
  return {
    sql,
    pool: {
      deadlines: createDeadlines(config.deadlineMs),
      logger,
      slowQueryMs,
      onStatement,
      prepare,
    },
  };
}

/** Sent when connecting. A pooler in transaction mode refuses them, so not with `prepare: false`. */
function sessionSettings({ prepare, statementTimeoutMs }: CheckedConfig): Record<string, number> {
  if (!prepare) return {};
  return {
    statement_timeout: statementTimeoutMs,
    // A backend notices within this time that its client is gone, and ends its work.
    client_connection_check_interval: 2000,
  };
}

function toDatabase<S extends Record<string, unknown>>(
  sql: postgres.Sql,
  pool: Pool,
  schema: S,
): Database<S> {
  const { tables, tableNamesMap } = extractTablesRelationalConfig<ExtractTablesWithRelations<S>>(
    schema,
    createTableRelationsHelpers,
  );
  const relational = { fullSchema: schema, schema: tables, tableNamesMap };
  const dialect = new KitDialect();
  return new PgDatabase(
    dialect,
    new KitSession(createRunner(sql, pool), dialect, relational),
    relational,
  );
}

function requirePatch(): void {
  if ('survivesConnectionLoss' in postgres) return;
  throw new UsageError(
    'postgres.js is not patched, and would end the process when the server is lost inside a transaction. Copy patches/postgres@3.4.9.patch and name it under patchedDependencies in pnpm-workspace.yaml.',
  );
}
