import { withReplicas } from 'drizzle-orm/pg-core';
import postgres from 'postgres';
import { parseArray } from './array-text.ts';
import { type CheckedConfig, type ClientConfig, checkConfig } from './config.ts';
import { type ConnectionTarget, parseConnectionUrl, tlsOptions } from './connection-url.ts';
import type { Database } from './database.ts';
import { createDeadlines } from './deadlines.ts';
import { toDatabase } from './drizzle-internals/handle.ts';
import { UsageError } from './errors.ts';
import { guardSql } from './guarded-sql.ts';
import { sessionSettings } from './session-settings.ts';
import { withSubscribers } from './trace.ts';

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
 * Opens a pool. It connects on first use, and reconnects after an outage.
 *
 * Losing the server never ends the process or leaves a promise open: running statements reject with
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
  const { trace, ...rest } = checkConfig(config);
  const checked = { ...rest, trace: withSubscribers(trace) };
  requirePatch();
  const pools = [checked.url, ...checked.replicas].map((url) => openPool(url, checked));
  const [primary, ...replicas] = pools.map(({ guarded }) =>
    toDatabase(guarded, schema, { remembersBuilders: checked.trace !== undefined }),
  );
  const [main] = pools;
  if (!primary || !main) throw new TypeError('A client has at least one pool.');
  const [replica, ...otherReplicas] = replicas;
  return {
    db: replica ? withReplicas(primary, [replica, ...otherReplicas]) : primary,
    sql: main.guarded,
    close: async () => {
      await Promise.all(pools.map(({ sql }) => sql.end({ timeout: 5 })));
    },
  };
}

function openPool(url: string, config: CheckedConfig) {
  const target = parseConnectionUrl(url);
  const prepare = config.prepare ?? !target.pooler;
  const { statementTimeoutMs } = config;
  const { application_name: namedByUrl, ...startup } = target.startup;
  const options = {
    ...addressOf(target),
    ssl: config.ssl ?? tlsOptions(target),
    max: config.max ?? target.connectionLimit ?? 10,
    idle_timeout: config.idleTimeoutSeconds,
    connect_timeout: config.connectTimeoutSeconds ?? target.connectTimeoutSeconds ?? 5,
    keep_alive: target.keepAliveSeconds ?? 60,
    target_session_attrs: target.targetSession,
    // The patch's option: a connection without an answer is destroyed.
    answer_timeout: config.deadlineMs / 1000,
    // Short and bounded, so that the pool is back within a second of the server.
    backoff: () => 0.1,
    prepare,
    onnotice: () => {},
    connection: {
      ...startup,
      application_name: config.applicationName ?? namedByUrl ?? 'postgres-reference',
      ...sessionSettings({ pooled: !prepare, statementTimeoutMs }),
    },
  };
  // Called by reflection, because postgres.js's types allow no list of hosts.
  const sql: postgres.Sql = Reflect.apply(postgres, undefined, [options]);
  for (const type of dateTypes) {
    delete sql.options.parsers[type];
    sql.options.serializers[type] = (value: unknown) =>
      value instanceof Date ? value.toISOString() : value;
  }
  for (const type of jsonTypes) {
    sql.options.serializers[type] = (value: unknown) =>
      typeof value === 'string' ? value : JSON.stringify(value);
  }
  keepNullsInArrays(sql.options);
  const { logger, slowQueryMs, onStatement, trace, deadlineMs } = config;
  const pool = {
    deadlines: createDeadlines(deadlineMs),
    logger,
    slowQueryMs,
    onStatement,
    trace,
    prepare,
  };
  return { sql, guarded: guardSql(sql, pool) };
}

/** The driver learns of a server's array types when it connects, and adds its own parser for each. */
function keepNullsInArrays(options: postgres.Sql['options']): void {
  const shared: unknown = Reflect.get(options, 'shared');
  const elementTypes = (): [string, unknown][] =>
    Object.entries(Reflect.get(Object(shared), 'typeArrayMap') ?? {});
  const { parsers } = options;
  options.parsers = new Proxy(parsers, {
    set(target, type, parser) {
      const [element] = elementTypes().find(([, array]) => String(array) === type) ?? [];
      const parse = element === undefined ? undefined : target[Number(element)];
      const ours = (text: string) => parseArray(text, parse);
      // The driver would mark the parser as its own and cut the first bracket off its texts.
      Object.defineProperty(ours, 'array', { get: () => false, set: () => {} });
      return Reflect.set(target, type, element === undefined ? parser : ours);
    },
  });
}

/**
 * Always lists of hosts and ports, because postgres.js splits a single IPv6 address at its colons.
 */
function addressOf({ hosts, socketDirectory, user, password, database, tls }: ConnectionTarget) {
  return {
    host: hosts.map(({ host }) => host),
    port: hosts.map(({ port }) => port),
    ...(socketDirectory && { path: `${socketDirectory}/.s.PGSQL.${hosts[0]?.port}` }),
    ...(user !== undefined && { user }),
    ...(password !== undefined && { pass: password }),
    ...(database !== undefined && { database }),
    ...(tls?.direct && { sslnegotiation: 'direct' }),
  };
}

function requirePatch(): void {
  if ('survivesConnectionLoss' in postgres) return;
  throw new UsageError(
    'postgres.js is not patched, and would end the process when the server is lost inside a transaction. Run `npx patch-postgres` now, and after every install as "postinstall" in package.json; pnpm and bun name node_modules/@reference/kit/patches/postgres@3.4.9.patch under patchedDependencies instead.',
  );
}
