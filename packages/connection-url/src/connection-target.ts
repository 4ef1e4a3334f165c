/** A connection URL, read. A part that it leaves out is undefined, and the driver's default. */
export interface ConnectionTarget {
  /** At least one, in the order in which they are tried. */
  readonly hosts: readonly { readonly host: string; readonly port: number }[];
  /** The name that the server's certificate must have, where `hostaddr` gives the address. */
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
  /** The pool's size, as Prisma writes it. */
  readonly connectionLimit: number | undefined;
  /** Seconds of silence before TCP asks whether the server is there; 0 never. */
  readonly keepAliveSeconds: number | undefined;
  readonly targetSession: TargetSession | undefined;
  /** A pooler in transaction mode, as Prisma's `pgbouncer=true` says. */
  readonly pooler: boolean;
}

export type TargetSession = 'read-write' | 'read-only' | 'primary' | 'standby' | 'prefer-standby';

/** How a URL wants its connection encrypted, in libpq's words; files by their paths. */
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
