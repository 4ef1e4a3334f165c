import pg, { type ClientConfig, type QueryResultRow } from 'pg';
import { AuditError, messageOf, usage } from '../errors.ts';

/** One connection that reads. */
export interface Session {
  rows<R extends QueryResultRow>(text: string, values?: readonly unknown[]): Promise<R[]>;
  /** Runs SQL text without parameters; several statements are allowed. */
  run(text: string): Promise<void>;
  close(): Promise<void>;
}

const addressOf = (text: string): ClientConfig => {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw usage('the database URL is not a URL: write postgres://user@host:5432/database');
  }
  if (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:')
    throw usage(`the database URL starts with ${url.protocol}// where postgres:// belongs`);
  const mode = url.searchParams.get('sslmode');
  const user = decodeURIComponent(url.username);
  const database = decodeURIComponent(url.pathname.slice(1));
  return {
    host: url.searchParams.get('host') ?? (decodeURIComponent(url.hostname) || 'localhost'),
    port: Number(url.port || 5432),
    ...(user ? { user } : {}),
    ...(url.password ? { password: decodeURIComponent(url.password) } : {}),
    ...(database ? { database } : {}),
    ...(mode === 'require' || mode === 'no-verify' ? { ssl: { rejectUnauthorized: false } } : {}),
    ...(mode === 'verify-full' || mode === 'verify-ca' ? { ssl: true } : {}),
  };
};

/**
 * Opens a session.
 *
 * @throws AuditError `connection`, without the password
 */
export const openSession = async (url: string): Promise<Session> => {
  const address = addressOf(url);
  const client = new pg.Client({
    ...address,
    application_name: 'audit',
    connectionTimeoutMillis: 15_000,
  });
  // The loss of an idle connection arrives here; the next query reports it.
  client.on('error', () => {});
  try {
    await client.connect();
  } catch (error) {
    throw new AuditError(
      'connection',
      1,
      `cannot connect to ${address.host}:${address.port}/${address.database ?? ''}: ${messageOf(error)}`,
      error,
    );
  }
  return {
    rows: async <R extends QueryResultRow>(text: string, values?: readonly unknown[]) =>
      (await client.query<R>(text, values ? [...values] : undefined)).rows,
    run: async (text) => {
      await client.query(text);
    },
    close: () => client.end().catch(() => {}),
  };
};

/** Runs something in a session that is closed afterwards. */
export const withSession = async <T>(
  url: string,
  work: (session: Session) => Promise<T>,
): Promise<T> => {
  const session = await openSession(url);
  try {
    return await work(session);
  } finally {
    await session.close();
  }
};
