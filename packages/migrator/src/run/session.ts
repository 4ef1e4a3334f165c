import { connectFirst } from '@reference/connection-url';
import pg, { type ClientConfig, type QueryResultRow } from 'pg';
import { MigratorError, messageOf, refused, sqlstateOf } from '../errors.ts';
import { type Address, describeAddress } from './target.ts';

/** One connection that is never silently replaced, because with it the session's lock is lost. */
export interface Session {
  readonly address: Address;
  /** The backend's process id. */
  readonly pid: number;
  /** The backend's id from the start of the connection; a pooler makes one up. */
  readonly announcedPid: number | undefined;
  /**
   * True for PGlite, where every connection is the same session, so no second query can run beside
   * a statement.
   */
  readonly embedded: boolean;
  /** Runs SQL text without parameters; several statements are allowed. */
  run(sql: string): Promise<void>;
  /** Runs one statement and gives its rows. */
  rows<R extends QueryResultRow>(sql: string, values?: readonly unknown[]): Promise<R[]>;
  /** Undoes what a script SET for the session. */
  reset(): Promise<void>;
  onNotice(listener: (message: string) => void): void;
  close(): Promise<void>;
}

const CONNECT_ADVICE: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there: is the server running, and are host and port right?',
  ENOTFOUND: 'that host name is not known',
  ETIMEDOUT: 'the server did not answer in time: check the host, the port and the firewall',
  '28P01': 'the password is wrong for that user',
  '28000': 'the server does not let that user in from here (pg_hba.conf), or demands TLS',
  '3D000': 'that database does not exist: create it first',
  '53300': 'the server has no connection left: close some, or raise max_connections',
  '57P03': 'the server is starting up or shutting down: try again in a moment',
};

/** PgBouncer's answer in pool_mode = statement to the first transaction. */
const isStatementPooler = (error: unknown): boolean =>
  /^08/.test(sqlstateOf(error) ?? '') && /statement pooling/i.test(messageOf(error));

const statementPooler = (address: Address): MigratorError =>
  refused(
    'pooler',
    `${describeAddress(address)} is a connection pooler in statement mode, where no transaction and no lock is possible. Give the server's own address (often another port, or a DIRECT_URL).`,
  );

/** A connection that gets no backend in this time: others, or this run, have exhausted the pool. */
const NO_BACKEND_MS = 15_000;

class NoBackendError extends Error {}

const withBackend = async <T>(work: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NoBackendError()), NO_BACKEND_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};

const connectError = (address: Address, error: unknown): MigratorError => {
  if (error instanceof NoBackendError)
    return new MigratorError(
      'connection',
      1,
      `${describeAddress(address)} accepted this session but gave it no backend for ${NO_BACKEND_MS / 1000} s: its connection pool is exhausted (this command needs up to three connections). Give the server's own address.`,
    );
  if (isStatementPooler(error)) return statementPooler(address);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const advice = CONNECT_ADVICE[sqlstateOf(error) ?? code] ?? messageOf(error);
  return new MigratorError(
    'connection',
    1,
    `cannot connect to ${describeAddress(address)}: ${advice}`,
    error,
  );
};

const announcedPid = (client: pg.Client): number | undefined => {
  const pid: unknown = Reflect.get(client, 'processID');
  return typeof pid === 'number' ? pid : undefined;
};

const connect = async (config: ClientConfig, applicationName: string): Promise<pg.Client> => {
  const client = new pg.Client({
    connectionTimeoutMillis: 15_000,
    keepAlive: true,
    ...config,
    application_name: applicationName,
  });
  // The loss of an idle connection arrives here; the next query reports it.
  client.on('error', () => {});
  try {
    await client.connect();
    return client;
  } catch (error) {
    void client.end().catch(() => {});
    throw error;
  }
};

/** True for a primary; among several hosts, standbys are skipped. */
const isPrimary = async (client: pg.Client): Promise<boolean> => {
  const { rows } = await withBackend(
    client.query<{ standby: boolean }>('select pg_is_in_recovery() as standby'),
  );
  if (rows[0]?.standby) await client.end();
  return rows[0]?.standby === false;
};

const connectTo = async (address: Address, applicationName: string) => {
  try {
    return await connectFirst(address, (config) => connect(config, applicationName), isPrimary);
  } catch (error) {
    throw connectError(address, error);
  }
};

/**
 * Opens a session.
 *
 * @param candidates the addresses, in the order to try; see `addressOf`
 * @param applicationName the name in `pg_stat_activity`
 * @throws MigratorError `connection`, with the remedy and without the password
 */
export const openSession = async (
  candidates: Address,
  applicationName: string,
): Promise<Session> => {
  const { address: config, connection: client } = await connectTo(candidates, applicationName);
  const address: Address = [config];
  try {
    const { rows } = await withBackend(
      client.query<{ pid: number; version: string }>(
        'select pg_backend_pid() as pid, version() as version',
      ),
    );
    const embedded = /pglite|emscripten|wasm/i.test(rows[0]?.version ?? '');
    // Otherwise a killed client's backend works on, and keeps the lock, until its statement ends.
    const named = (error: unknown): never => {
      throw isStatementPooler(error) ? statementPooler(address) : error;
    };
    const settings = embedded ? '' : 'set client_connection_check_interval = 1000;';
    await client.query(`${settings} set client_min_messages = notice;`);
    return {
      address,
      pid: rows[0]?.pid ?? 0,
      announcedPid: announcedPid(client),
      embedded,
      run: async (sql) => {
        await client.query(sql).catch(named);
      },
      rows: async <R extends QueryResultRow>(sql: string, values?: readonly unknown[]) =>
        (await client.query<R>(sql, values ? [...values] : undefined).catch(named)).rows,
      reset: async () => {
        await client.query(`reset session authorization; reset all; ${settings}`);
      },
      onNotice: (listener) => {
        client.on('notice', (notice) => listener(notice.message ?? ''));
      },
      close: () => client.end().catch(() => {}),
    };
  } catch (error) {
    // Not awaited, because a session that waits for a backend does not end either.
    void client.end().catch(() => {});
    throw connectError(address, error);
  }
};
