import type { ConnectionTarget } from './connection-target.ts';
import { ConnectionUrlError } from './error.ts';
import { readParameters } from './parameters.ts';

const scheme = /^postgres(?:ql)?:\/\//;
const form = 'postgres://user:password@host:5432/database';

/**
 * Reads a connection URL as libpq does: https://www.postgresql.org/docs/17/libpq-connect.html
 * Several hosts, a Unix socket (`postgres:///db?host=/var/run/postgresql`), IPv6 in brackets, and
 * every parameter that libpq documents, which it understands or rejects by name.
 *
 * @throws ConnectionUrlError saying what is wrong; no part of the URL but a parameter's name
 */
export function parseConnectionUrl(text: string): ConnectionTarget {
  if (!scheme.test(text)) throw wrong(`is not a URL of the form ${form}`);
  const rest = text.replace(scheme, '');
  // A password may hold an unencoded @; a host can't.
  const [authority = ''] = rest.split(/[/?]/, 1);
  const at = authority.lastIndexOf('@');
  const path = rest.slice(authority.length);
  const [databasePart = '', ...queryParts] = path.split('?');
  if (at === -1 && databasePart.includes('@')) {
    throw wrong('holds a "/" or "?" in its password: write %2F or %3F');
  }
  const { user, password } = credentials(at === -1 ? '' : authority.slice(0, at));
  const query = parametersOf(queryParts.join('?'));
  // The hosts first, because a password with a "?" must not be quoted as a parameter's name.
  const hosts = hostsOf(authority.slice(at + 1), query);
  const read = readParameters(query);
  const sockets = hosts.filter(({ host }) => host.startsWith('/'));
  if (sockets.length > 0 && hosts.length > 1) {
    throw wrong('names a Unix socket beside other hosts: name one of them');
  }
  return {
    ...read,
    hosts,
    serverName: query.has('hostaddr') ? query.get('host') : undefined,
    socketDirectory: sockets[0]?.host,
    user: query.get('user') ?? user,
    password: query.get('password') ?? password,
    database:
      query.get('dbname') ?? (decoded(databasePart.replace(/^\//, ''), 'database') || undefined),
  };
}

function credentials(part: string) {
  const colon = part.indexOf(':');
  const user = colon === -1 ? part : part.slice(0, colon);
  return {
    user: decoded(user, 'user') || undefined,
    password: colon === -1 ? undefined : decoded(part.slice(colon + 1), 'password'),
  };
}

function parametersOf(text: string): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const pair of text.split('&').filter(Boolean)) {
    const equals = pair.indexOf('=');
    if (equals === -1) throw wrong('has a parameter without "="');
    const name = decoded(pair.slice(0, equals), 'parameters');
    const value = pair.slice(equals + 1);
    // libpq reads a "+" literally; JavaScript encodes the spaces of `options` as one.
    parameters.set(
      name,
      decoded(name === 'options' ? value.replaceAll('+', '%20') : value, 'parameters'),
    );
  }
  return parameters;
}

/** The URL's own hosts, or those of the parameters, where `hostaddr` is the address of a `host`. */
function hostsOf(authority: string, query: ReadonlyMap<string, string>) {
  const named = query.get('hostaddr') ?? query.get('host');
  const entries =
    named === undefined
      ? splitHosts(authority)
      : named.split(',').map((host) => ({ host, port: '' }));
  const ports = query.get('port')?.split(',') ?? [];
  if (ports.length > 1 && ports.length !== entries.length) {
    throw wrong('names another number of ports than of hosts');
  }
  return entries.map(({ host, port }, index) => ({
    host: host || 'localhost',
    port: portOf(port || ports[index] || ports[0] || '5432'),
  }));
}

function splitHosts(authority: string): { host: string; port: string }[] {
  return authority.split(',').map((entry) => {
    const match = /^(?:\[([^\]]*)\]|([^:[\]\s]*))(?::(\d*))?$/.exec(entry);
    if (!match)
      throw wrong('has a host or port that cannot be read; write an IPv6 address in brackets');
    return { host: match[1] ?? decoded(match[2] ?? '', 'host'), port: match[3] ?? '' };
  });
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw wrong('has a port that is not a number from 1 to 65535');
}

function decoded(text: string, part: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw wrong(`has a "%" in its ${part} that starts no percent-encoding: write %25`);
  }
}

const wrong = (problem: string) => new ConnectionUrlError(`The connection URL ${problem}.`);
