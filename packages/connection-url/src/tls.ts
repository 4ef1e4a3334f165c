import { readFileSync } from 'node:fs';
import type { ConnectionOptions, SecureVersion } from 'node:tls';
import type { ConnectionTarget, TlsWish } from './connection-target.ts';
import { ConnectionUrlError } from './error.ts';

/**
 * TLS for Node's drivers: none, `prefer` (without TLS if the server has none), or options. It reads
 * the files that the URL names.
 *
 * @throws ConnectionUrlError naming the parameter whose file can't be read
 */
export function tlsOptions({
  tls,
  serverName,
}: ConnectionTarget): false | 'prefer' | ConnectionOptions {
  if (!tls || tls.mode === 'disable') return false;
  if (tls.mode === 'allow' || tls.mode === 'prefer') return 'prefer';
  return {
    rejectUnauthorized: tls.mode !== 'require',
    // The certificate is verified, but not its host name.
    ...(tls.mode === 'verify-ca' && { checkServerIdentity: () => undefined }),
    ...(serverName && { servername: serverName }),
    ...file(tls, 'rootCertificate', 'sslrootcert', 'ca'),
    ...file(tls, 'certificate', 'sslcert', 'cert'),
    ...file(tls, 'key', 'sslkey', 'key'),
    ...file(tls, 'revoked', 'sslcrl', 'crl'),
    ...(tls.keyPassword && { passphrase: tls.keyPassword }),
    ...(tls.minVersion && { minVersion: tls.minVersion as SecureVersion }),
    ...(tls.maxVersion && { maxVersion: tls.maxVersion as SecureVersion }),
  };
}

function file(
  tls: TlsWish,
  part: 'rootCertificate' | 'certificate' | 'key' | 'revoked',
  parameter: string,
  option: 'ca' | 'cert' | 'key' | 'crl',
): ConnectionOptions {
  const path = tls[part];
  if (!path) return {};
  try {
    return { [option]: readFileSync(path, 'utf8') };
  } catch {
    throw new ConnectionUrlError(
      `The connection URL's parameter "${parameter}" names a file that can't be read.`,
    );
  }
}
