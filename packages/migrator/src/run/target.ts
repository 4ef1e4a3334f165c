import type { ClientConfig } from 'pg';
import { usage } from '../errors.ts';

/** A postgres.js client: only its address is read, its connections are left alone. */
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
 * The database to work on: a URL, a postgres.js client, or a Drizzle handle made over one.
 * The migrator always opens a session of its own at that address, because its lock lives and dies
 * with that session.
 */
export type Target = string | PostgresJsClient | { readonly $client: PostgresJsClient };

type Password = string | (() => string | Promise<string>);

const isPasswordFunction = (value: unknown): value is () => string | Promise<string> =>
  typeof value === 'function';

const passwordOf = (value: unknown): Password | undefined => {
  if (typeof value === 'string') return value;
  return isPasswordFunction(value) ? value : undefined;
};

/** libpq's meaning of sslmode: only the verify modes check the certificate. */
const sslOf = (mode: unknown): ClientConfig['ssl'] => {
  if (mode === 'verify-full' || mode === 'verify-ca' || mode === true) return true;
  if (mode === 'require' || mode === 'no-verify') return { rejectUnauthorized: false };
  if (typeof mode === 'object' && mode !== null) return mode;
  return false;
};

const fromUrl = (text: string): ClientConfig => {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw usage(
      'the database URL is not a URL: write postgres://user@host:5432/database, with the password after the user and a colon',
    );
  }
  if (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:')
    throw usage(`the database URL starts with ${url.protocol}// where postgres:// belongs`);
  const database = decodeURIComponent(url.pathname.slice(1));
  const user = decodeURIComponent(url.username);
  return {
    host: url.searchParams.get('host') ?? (decodeURIComponent(url.hostname) || 'localhost'),
    port: Number(url.port || url.searchParams.get('port') || 5432),
    ssl: sslOf(url.searchParams.get('sslmode') ?? url.searchParams.get('ssl') === 'true'),
    ...(database ? { database } : {}),
    ...(user ? { user } : {}),
    ...(url.password ? { password: decodeURIComponent(url.password) } : {}),
  };
};

const fromPostgresJs = ({ options }: PostgresJsClient): ClientConfig => {
  const password = passwordOf(options.pass);
  return {
    // A Unix socket: postgres.js keeps the whole path, pg wants its directory.
    host: typeof options.path === 'string' ? options.path.replace(/\/[^/]*$/, '') : options.host[0],
    port: options.port[0],
    database: options.database,
    user: options.user,
    ssl: sslOf(options.ssl),
    ...(password === undefined ? {} : { password }),
  };
};

/** The address of a target, for the driver. Throws a usage error on a URL that is none. */
export const addressOf = (target: Target): ClientConfig => {
  if (typeof target === 'string') return fromUrl(target);
  return fromPostgresJs('$client' in target ? target.$client : target);
};

/** The same server, another database. */
export const withDatabase = (address: ClientConfig, database: string): ClientConfig => ({
  ...address,
  database,
});

/** An address fit for a message: never the password. */
export const describeAddress = (address: ClientConfig): string =>
  `${address.user ?? ''}@${address.host ?? 'localhost'}:${address.port ?? 5432}/${address.database ?? address.user ?? ''}`;
