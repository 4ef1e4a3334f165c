import {
  ConnectionUrlError,
  connectFirst,
  type NodePostgresConfig,
  nodePostgresConfigs,
  parseConnectionUrl,
} from '@reference/connection-url';
import pg, { type QueryResultRow } from 'pg';
import { AuditError, messageOf, usage } from '../errors.ts';

/** A reading connection. */
export interface Session {
  rows<R extends QueryResultRow>(text: string, values?: readonly unknown[]): Promise<R[]>;
  /** Runs SQL text without parameters; several statements are allowed. */
  run(text: string): Promise<void>;
  close(): Promise<void>;
}

const addressesOf = (url: string): readonly NodePostgresConfig[] => {
  try {
    return nodePostgresConfigs(parseConnectionUrl(url));
  } catch (error) {
    if (error instanceof ConnectionUrlError) throw usage(error.message);
    throw error;
  }
};

const connect = async (address: NodePostgresConfig): Promise<pg.Client> => {
  const client = new pg.Client({ ...address, application_name: 'audit' });
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

/**
 * Opens a session.
 *
 * @param url as libpq reads it; with several hosts the first that answers, a standby too
 * @throws AuditError `usage` on a URL that cannot be used, `connection`, each without the password
 */
export const openSession = async (url: string): Promise<Session> => {
  const addresses = addressesOf(url);
  const { connection: client } = await connectFirst(addresses, connect).catch((error) => {
    const [first] = addresses;
    const hosts = new Set(addresses.map(({ host, port }) => `${host}:${port}`));
    throw new AuditError(
      'connection',
      1,
      `cannot connect to ${[...hosts].join(',')}/${first?.database ?? ''}: ${messageOf(error)}`,
      error,
    );
  });
  return {
    rows: async <R extends QueryResultRow>(text: string, values?: readonly unknown[]) =>
      (await client.query<R>(text, values ? [...values] : undefined)).rows,
    run: async (text) => {
      await client.query(text);
    },
    close: () => client.end().catch(() => {}),
  };
};

/** Works in a session that is closed afterwards. */
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
