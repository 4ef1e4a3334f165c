import {
  ConnectionUrlError,
  nodePostgresConfigs,
  parseConnectionUrl,
} from '@reference/connection-url';
import type { ClientConfig } from 'pg';
import { usage } from '../errors.ts';

/** A postgres.js client. Only its address is read; its connections are not used. */
export interface PostgresJsClient {
  readonly options: {
    readonly host: readonly string[];
    readonly port: readonly number[];
    readonly database: string;
    readonly user: string;
    readonly pass: unknown;
    readonly ssl: unknown;
    readonly path?: unknown;
  };
}

/**
 * The database to work on: a URL, a postgres.js client, or a Drizzle handle made over one. The
 * migrator always opens a session of its own at that address, because its lock belongs to the
 * session.
 */
export type Target = string | PostgresJsClient | { readonly $client: PostgresJsClient };

type Password = string | (() => string | Promise<string>);

const isPasswordFunction = (value: unknown): value is () => string | Promise<string> =>
  typeof value === 'function';

const passwordOf = (value: unknown): Password | undefined => {
  if (typeof value === 'string') return value;
  return isPasswordFunction(value) ? value : undefined;
};

/** The candidates for a connection, in the order to try. Once a session is open, one is left. */
export type Address = readonly [ClientConfig, ...ClientConfig[]];

const asAddress = ([first, ...others]: readonly ClientConfig[]): Address => {
  if (!first) throw usage('the database has no host');
  return [first, ...others];
};

const fromUrl = (text: string): Address => {
  try {
    return asAddress(nodePostgresConfigs(parseConnectionUrl(text)));
  } catch (error) {
    if (error instanceof ConnectionUrlError) throw usage(error.message);
    throw error;
  }
};

/** The meaning of postgres.js' option `ssl`, whose `prefer` pg lacks. */
const encryptionsOf = (ssl: unknown): readonly ClientConfig['ssl'][] => {
  if (ssl === 'prefer' || ssl === 'allow') return [{ rejectUnauthorized: false }, false];
  if (ssl === 'verify-full' || ssl === true) return [true];
  if (ssl === 'require') return [{ rejectUnauthorized: false }];
  return [typeof ssl === 'object' && ssl !== null ? ssl : false];
};

const fromPostgresJs = ({ options }: PostgresJsClient): Address => {
  const password = passwordOf(options.pass);
  // A Unix socket: postgres.js holds the whole path, pg needs its directory.
  const socket = typeof options.path === 'string' && options.path.replace(/\/[^/]*$/, '');
  return asAddress(
    options.host.flatMap((host, index) =>
      encryptionsOf(socket ? false : options.ssl).map((ssl) => ({
        host: socket || host,
        port: options.port[index] ?? options.port[0],
        database: options.database,
        user: options.user,
        ssl,
        ...(password !== undefined && { password }),
      })),
    ),
  );
};

/**
 * The address of a target, for `openSession`.
 *
 * @throws MigratorError `usage` on a URL that cannot be used, without the password
 */
export const addressOf = (target: Target): Address => {
  if (typeof target === 'string') return fromUrl(target);
  return fromPostgresJs('$client' in target ? target.$client : target);
};

/** The same server, another database. */
export const withDatabase = (address: Address, database: string): Address =>
  asAddress(address.map((config) => ({ ...config, database })));

/** An address for a message, without the password. */
export const describeAddress = (address: Address): string => {
  const [{ user, database }] = address;
  const hosts = address.map(({ host, port }) => `${host ?? 'localhost'}:${port ?? 5432}`);
  return `${user ?? ''}@${[...new Set(hosts)].join(',')}/${database ?? user ?? ''}`;
};
