import type { ConnectionTarget, TargetSession, TlsWish } from './connection-target.ts';
import { ConnectionUrlError } from './error.ts';

type Parameters = ReadonlyMap<string, string>;

/** Parameters that libpq documents and Node's drivers can't honour; each is refused by its name. */
const unsupported = new Map([
  ['passfile', 'put the password into the URL'],
  ['service', 'put the address into the URL'],
  ['servicefile', 'put the address into the URL'],
  ['require_auth', 'the server decides on the method; demand TLS with sslmode=verify-full'],
  ['tcp_user_timeout', 'createClient has deadlineMs'],
  ['keepalives_interval', 'Node sets only keepalives_idle'],
  ['keepalives_count', 'Node sets only keepalives_idle'],
  ['sslcrldir', 'name one file with sslcrl'],
  ['requirepeer', 'the drivers do not ask who owns a socket'],
  ['krbsrvname', 'there is no GSSAPI'],
  ['gsslib', 'there is no GSSAPI'],
  ['gssdelegation', 'there is no GSSAPI'],
  ['sslkeylogfile', 'Node has --tls-keylog'],
  ['scram_client_key', 'put the password into the URL'],
  ['scram_server_key', 'put the password into the URL'],
]);

/** Values of parameters that request the only behaviour; any other value is rejected. */
const asIs = new Map<string, readonly string[]>([
  ['client_encoding', ['utf8', 'utf-8', 'unicode', 'auto']],
  ['gssencmode', ['disable', 'prefer']],
  ['sslcompression', ['0']],
  ['sslsni', ['1']],
  ['sslcertmode', ['allow']],
  ['replication', ['false', 'off', 'no', '0']],
  ['load_balance_hosts', ['disable']],
  ['min_protocol_version', ['3.0']],
  ['max_protocol_version', ['3.0', '3.2', 'latest']],
]);

/** Read by `parseConnectionUrl` or below. */
const understood = new Set([
  ...['host', 'hostaddr', 'port', 'dbname', 'user', 'password', 'connect_timeout', 'options'],
  ...['application_name', 'fallback_application_name', 'keepalives', 'keepalives_idle'],
  ...['sslmode', 'requiressl', 'ssl', 'sslnegotiation', 'sslrootcert', 'sslcert', 'sslkey'],
  ...['sslpassword', 'sslcrl', 'ssl_min_protocol_version', 'ssl_max_protocol_version'],
  ...['channel_binding', 'target_session_attrs'],
  // Not libpq's, but in the URLs of Prisma and poolers' vendors.
  ...[
    'schema',
    'pgbouncer',
    'connection_limit',
    'pool_timeout',
    'sslaccept',
    'statement_cache_size',
  ],
]);

const sslModes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
const targetSessions = ['read-write', 'read-only', 'primary', 'standby', 'prefer-standby'] as const;

/** @throws ConnectionUrlError naming the parameter that is unknown, unsupported or malformed */
export function readParameters(
  query: Parameters,
): Omit<
  ConnectionTarget,
  'hosts' | 'serverName' | 'socketDirectory' | 'user' | 'password' | 'database'
> {
  for (const [name, value] of query) checkParameter(name, value);
  const application = query.get('application_name') ?? query.get('fallback_application_name');
  const schema = query.get('schema');
  const options = query.get('options');
  return {
    tls: tlsOf(query),
    startup: {
      ...(application && { application_name: application }),
      ...(schema && { search_path: `"${schema.replaceAll('"', '""')}"` }),
      ...(options && { options }),
    },
    connectTimeoutSeconds: wholeNumber(query, 'connect_timeout') || undefined,
    connectionLimit: wholeNumber(query, 'connection_limit') || undefined,
    keepAliveSeconds: query.get('keepalives') === '0' ? 0 : wholeNumber(query, 'keepalives_idle'),
    targetSession: targetSessionOf(query),
    pooler: flag(query, 'pgbouncer') ?? false,
  };
}

function checkParameter(name: string, value: string): void {
  const advice =
    unsupported.get(name) ?? (name.startsWith('oauth_') ? 'there is no OAuth' : undefined);
  if (advice) throw refused(name, `is not supported: ${advice}`);
  const accepted = asIs.get(name);
  if (accepted && !accepted.includes(value.toLowerCase())) {
    throw refused(name, `can only be ${accepted.join(' or ')}`);
  }
  if (!accepted && !understood.has(name)) {
    throw refused(
      name,
      "is not one of libpq's. Send a setting of the server as options=-c%20name%3Dvalue",
    );
  }
}

function tlsOf(query: Parameters): TlsWish | undefined {
  const mode = tlsMode(query);
  const binding = oneOf(query, 'channel_binding', ['disable', 'prefer', 'require']);
  const negotiation = oneOf(query, 'sslnegotiation', ['postgres', 'direct']);
  if (binding === 'require' && mode === 'disable') {
    throw refused('channel_binding', 'needs TLS, which sslmode=disable forbids');
  }
  if (mode === undefined && binding !== 'require') return undefined;
  const rootCertificate = query.get('sslrootcert');
  const files = ['sslrootcert', 'sslcert', 'sslkey', 'sslcrl'].filter((name) => query.has(name));
  if (files[0] && rootCertificate !== 'system' && (mode === 'allow' || mode === 'prefer')) {
    throw refused(files[0], 'needs sslmode=require, verify-ca or verify-full');
  }
  return {
    // The drivers don't support channel binding. A verified certificate protects from the same
    // attacker.
    mode:
      binding === 'require' && mode !== 'verify-ca'
        ? 'verify-full'
        : strictest(mode, rootCertificate),
    direct: negotiation === 'direct',
    rootCertificate: rootCertificate === 'system' ? undefined : rootCertificate,
    certificate: query.get('sslcert'),
    key: query.get('sslkey'),
    keyPassword: query.get('sslpassword'),
    revoked: query.get('sslcrl'),
    minVersion: tlsVersion(query, 'ssl_min_protocol_version'),
    maxVersion: tlsVersion(query, 'ssl_max_protocol_version'),
  };
}

function tlsMode(query: Parameters): TlsWish['mode'] | undefined {
  const accept = oneOf(query, 'sslaccept', ['strict', 'accept_invalid_certs']);
  const named =
    query.get('sslmode') === 'no-verify' ? 'require' : oneOf(query, 'sslmode', sslModes);
  if (named) return named === 'require' && accept === 'strict' ? 'verify-full' : named;
  const on = flag(query, 'ssl') ?? flag(query, 'requiressl');
  if (on !== undefined) return on ? 'require' : 'disable';
  return query.has('sslrootcert') || query.has('sslcert') ? 'prefer' : undefined;
}

/**
 * As in libpq: with a root certificate, `require` verifies against it, and `system` the host too.
 */
function strictest(
  mode: TlsWish['mode'] = 'prefer',
  rootCertificate: string | undefined,
): TlsWish['mode'] {
  if (rootCertificate === 'system') return 'verify-full';
  return mode === 'require' && rootCertificate ? 'verify-ca' : mode;
}

function targetSessionOf(query: Parameters): TargetSession | undefined {
  const wish = oneOf(query, 'target_session_attrs', ['any', ...targetSessions]);
  return wish === 'any' ? undefined : wish;
}

function tlsVersion(query: Parameters, name: string): string | undefined {
  return oneOf(query, name, ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']);
}

function oneOf<T extends string>(
  query: Parameters,
  name: string,
  values: readonly T[],
): T | undefined {
  const value = query.get(name);
  if (value === undefined || value === '') return undefined;
  const found = values.find((candidate) => candidate === value);
  if (found === undefined) throw refused(name, `can only be ${values.join(', ')}`);
  return found;
}

function flag(query: Parameters, name: string): boolean | undefined {
  const value = oneOf(query, name, ['true', 'false', '1', '0']);
  return value === undefined ? undefined : value === 'true' || value === '1';
}

function wholeNumber(query: Parameters, name: string): number | undefined {
  const value = query.get(name);
  if (value === undefined) return undefined;
  if (/^\d{1,6}$/.test(value)) return Number(value);
  throw refused(name, 'must be a whole number');
}

const refused = (name: string, problem: string) =>
  new ConnectionUrlError(
    `The connection URL's parameter ${JSON.stringify(name.slice(0, 63))} ${problem}.`,
  );
