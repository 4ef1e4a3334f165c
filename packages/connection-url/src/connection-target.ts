/** A parsed connection URL. An omitted part is undefined, which means the driver's default. */
export interface ConnectionTarget {
  /** At least one, in the order in which they are tried. */
  readonly hosts: readonly { readonly host: string; readonly port: number }[];
  /** The name that the server's certificate must have, if `hostaddr` gives the address. */
  readonly serverName: string | undefined;
  /** The directory of a Unix socket; `hosts` then holds only its port. */
  readonly socketDirectory: string | undefined;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly database: string | undefined;
  readonly tls: TlsWish | undefined;
  /** The settings sent to the server when connecting: `search_path`, `options`, `application_name`. */
  readonly startup: Readonly<Record<string, string>>;
  readonly connectTimeoutSeconds: number | undefined;
  /** The pool's size, in Prisma's parameter. */
  readonly connectionLimit: number | undefined;
  /** Seconds of silence before TCP keepalive; 0 never. */
  readonly keepAliveSeconds: number | undefined;
  readonly targetSession: TargetSession | undefined;
  /** A pooler in transaction mode, by Prisma's `pgbouncer=true`. */
  readonly pooler: boolean;
}

export type TargetSession = 'read-write' | 'read-only' | 'primary' | 'standby' | 'prefer-standby';

/** A URL's wish for encryption, in libpq's terms; files by their paths. */
export interface TlsWish {
  readonly mode: 'disable' | 'allow' | 'prefer' | 'require' | 'verify-ca' | 'verify-full';
  /** TLS from the first byte, without asking (PostgreSQL 17). */
  readonly direct: boolean;
  readonly rootCertificate: string | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
  readonly keyPassword: string | undefined;
  readonly revoked: string | undefined;
  readonly minVersion: string | undefined;
  readonly maxVersion: string | undefined;
}
