import {
  ConflictError,
  DbError,
  type DbErrorDetails,
  ForbiddenError,
  InvalidInputError,
  UnavailableError,
  UsageError,
} from './errors.ts';
import { isLostNode, objectsOf } from './worker-errors.ts';

/**
 * SQLSTATE classes whose messages name objects and settings, never a row's values. The others'
 * quote them (`invalid input syntax for type uuid: "…"`), as does every `detail`.
 */
const quotableClasses = new Set([
  '0A',
  '25',
  '26',
  '28',
  '3D',
  '3F',
  '40',
  '42',
  '53',
  '55',
  '57',
  '58',
]);

/** The connection's failures as postgres.js and Node name them, and what to do about each. */
const connectionFailures = new Map([
  [
    'CONNECTION_CLOSED',
    'The server closed the connection; a write in flight may or may not be stored',
  ],
  ['CONNECTION_DESTROYED', 'The client was closed before the statement ended'],
  ['CONNECTION_ENDED', 'The client is closed. Create another one'],
  [
    'CONNECT_TIMEOUT',
    'The server did not accept a connection in time. Check host, port and firewall',
  ],
  [
    'ANSWER_TIMEOUT',
    'The server did not answer before the deadline; a write in flight may or may not be stored',
  ],
  ['ECONNREFUSED', 'Nothing accepts connections there. Start the server, or correct host and port'],
  ['ENOENT', 'There is no such Unix socket. Start the server, or correct `host` in the URL'],
  ['EACCES', 'This process may not open that Unix socket'],
  ['ENOTFOUND', "The server's host name is unknown. Correct the host in the URL"],
  ['EAI_AGAIN', "The server's host name could not be looked up"],
  ['ECONNRESET', 'The connection broke; a write in flight may or may not be stored'],
  ['EPIPE', 'The connection broke; a write in flight may or may not be stored'],
  ['ETIMEDOUT', 'The connection timed out'],
  ['EHOSTUNREACH', 'The host is unreachable'],
  ['ENETUNREACH', 'The network is unreachable'],
  ['SASL_SIGNATURE_MISMATCH', 'The server could not prove that it knows the password'],
]);

/** The statement an error belongs to: only its text may be kept. */
export interface FailedStatement {
  readonly text: string | undefined;
  /** False when it never reached a connection, so it can have stored nothing. */
  readonly sent?: boolean | undefined;
  /** The connection's prepared statement no longer fitted its tables; the driver has dropped it. */
  readonly stale?: boolean | undefined;
}

/** The part of a server's error that postgres.js, node-postgres and PGlite agree on. */
interface ServerError extends Error {
  readonly code: string;
}

const sqlstate = /^[0-9A-Z]{5}$/;

/** True for an error of the server, from any driver or copy of one: two copies have two classes. */
export function isServerError(error: unknown): error is ServerError {
  return error instanceof Error && 'severity' in error && sqlstate.test(codeOf(error) ?? '');
}

/** Failures that leave a write in doubt, unless its statement was never sent. */
const brokenOff = new Set(['CONNECTION_CLOSED', 'ECONNRESET', 'EPIPE']);
const notConnected =
  'The server broke the connection off before anything was sent. If the URL or `ssl` demands TLS, check that the server offers it';

/** Whether a driver or the server made this error, not the caller's own code. */
export function isDriverError(error: unknown): boolean {
  return isServerError(error) || connectionFailures.has(codeOf(error) ?? '');
}

/**
 * Turns the driver's error into the one that leaves a client. It keeps only names of the original,
 * which holds the bound values in `parameters`, `args`, `detail` and `where`.
 */
export function toDbError(error: unknown, { text, sent, stale }: FailedStatement): DbError {
  if (error instanceof DbError) return error;
  if (isServerError(error)) return fromServer(error, { text, stale });
  const code = codeOf(error);
  const failure =
    sent === false && brokenOff.has(code ?? '') ? notConnected : connectionFailures.get(code ?? '');
  if (failure) {
    return new UnavailableError(`${failure}${address(error)} (${code}).`, {
      sqlstate: code,
      query: text,
    });
  }
  if (code === 'UNSAFE_TRANSACTION') {
    return new UsageError(
      'Open a transaction with `transaction(db, …)` or `sql.begin`, not with BEGIN.',
      {
        query: text,
      },
    );
  }
  if (code?.includes('CERT') || code?.startsWith('ERR_TLS') || code?.startsWith('ERR_SSL')) {
    return new UnavailableError(
      `TLS with the server failed (${code}). Check the \`ssl\` setting.`,
      {
        sqlstate: code,
      },
    );
  }
  const kind = error instanceof Error ? error.name : typeof error;
  return new InvalidInputError(
    `The driver could not send this statement (${code ?? kind}). Check that every parameter is a string, number, bigint, boolean, Date, bytes, or null.`,
    { sqlstate: code, query: text },
  );
}

function fromServer(error: ServerError, { text, stale }: FailedStatement): DbError {
  const { code } = error;
  const { constraint, table } = objectsOf({
    code,
    message: error.message,
    constraint_name: named(error, 'constraint'),
    table_name: named(error, 'table'),
  });
  const column = named(error, 'column');
  const details: DbErrorDetails = {
    sqlstate: code,
    constraint,
    schema: named(error, 'schema'),
    table,
    column,
    query: text,
  };
  if (stale) {
    return new ConflictError(
      `A table's columns have changed since the connection prepared this statement (${code}). Run the whole transaction again; transaction() does.`,
      { ...details, retry: 'at once' },
    );
  }
  const on = table ? ` on ${table}` : '';
  const said = quotableClasses.has(code.slice(0, 2)) ? ` ${sentence(error.message)}` : '';
  switch (code) {
    case '23505':
      return new ConflictError(
        `Another row already has this value: constraint ${constraint}${on} (23505).`,
        details,
      );
    case '23P01':
      return new ConflictError(
        `The row overlaps another: constraint ${constraint}${on} (23P01).`,
        details,
      );
    case '23503':
    case '23001':
      return new ConflictError(
        `A referenced row is missing or still in use: constraint ${constraint}${on} (${code}).`,
        details,
      );
    case '23502':
      return new InvalidInputError(`Column ${column}${on} needs a value (23502).`, details);
    case '23514':
      return new InvalidInputError(
        `A value is not allowed: constraint ${constraint}${on} (23514).`,
        details,
      );
    case '22P05':
    case '22021':
      return new InvalidInputError(
        `A text holds a character PostgreSQL can't store, such as NUL (${code}). Remove it.`,
        details,
      );
    case '42501':
      return new ForbiddenError(
        `The database role may not do this.${said} Grant the right or use another role (42501).`,
        details,
      );
    case '57014':
      return new UnavailableError(
        'The statement was cancelled: it ran into a timeout, or someone cancelled it (57014).',
        details,
      );
    case '40001':
    case '40P01':
      return new ConflictError(
        `Another transaction got in the way (${code}).${said} Run the whole transaction again; transaction() does.`,
        { ...details, retry: 'later' },
      );
    case '28P01':
    case '28000':
      return new UnavailableError(
        `The server refused the login.${said} Correct user and password in the URL (${code}).`,
        details,
      );
    case '3D000':
      return new UnavailableError(
        `The server has no such database.${said} Create it or correct the URL (3D000).`,
        details,
      );
  }
  switch (code.slice(0, 2)) {
    case '22':
    case '23':
      return new InvalidInputError(
        `A value does not fit its column's type or range${on} (${code}).`,
        details,
      );
    case '08':
    case '53':
    case '57':
    case '58':
      return code === '58P01'
        ? missing(said, details)
        : new UnavailableError(`The server can't serve this now (${code}).${said}`, details);
    case '55':
    case '25':
      return new DbError(`The statement is not possible in this state (${code}).${said}`, details);
    case '0A':
    case '3F':
    case '42':
      return missing(said, details);
  }
  if (isLostNode(error)) {
    return new UnavailableError(
      `A node of the cluster was lost; a write in flight may or may not be stored (${code}).`,
      details,
    );
  }
  return new DbError(`The server refused the statement (${code}).${said}`, details);
}

const missing = (said: string, details: DbErrorDetails) =>
  new DbError(
    `The statement does not fit this database (${details.sqlstate}).${said} If a table, type or function is missing, run the migrations; if an extension is, install it on the server and CREATE EXTENSION.`,
    details,
  );

const sentence = (message: string) =>
  `${message.charAt(0).toUpperCase()}${message.slice(1)}${message.endsWith('.') ? '' : '.'}`;

/** postgres.js says `constraint_name`; node-postgres and PGlite say `constraint`. */
function named(error: ServerError, part: 'table' | 'column' | 'constraint' | 'schema') {
  for (const key of [`${part}_name`, part]) {
    const value: unknown = Reflect.get(error, key);
    if (typeof value === 'string') return value;
  }
  return undefined;
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

function address(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  const host = 'address' in error && typeof error.address === 'string' ? error.address : undefined;
  if (!host) return '';
  return 'port' in error ? ` [${host}:${error.port}]` : ` [${host}]`;
}
