/** The kind of an error, as a literal to branch on. `DATABASE` is a server error with no class of its own. */
export type DbErrorCode =
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'FORBIDDEN'
  | 'INVALID_INPUT'
  | 'UNAVAILABLE'
  | 'USAGE'
  | 'SEALING'
  | 'DATABASE';

/** Where an error comes from. Never holds a bound value, so every field may be logged. */
export interface DbErrorDetails {
  /** The server's five-character error code, or the driver's (`CONNECTION_CLOSED`, `ECONNREFUSED`). */
  readonly sqlstate?: string | undefined;
  readonly constraint?: string | undefined;
  readonly schema?: string | undefined;
  readonly table?: string | undefined;
  readonly column?: string | undefined;
  /** The statement's text with `$1` for every bound value. */
  readonly query?: string | undefined;
  /**
   * Set if the same transaction may succeed when run again: `later`, after a concurrent one has
   * ended, or `at once`, because only a prepared statement was out of date.
   */
  readonly retry?: 'later' | 'at once' | undefined;
  readonly cause?: unknown;
}

const mark = Symbol.for('@reference/kit DbError');

/**
 * The base of every error that leaves a client. A driver's error is never its `cause`, because that
 * holds the bound values, a row's contents in `detail`, and the statement's arguments.
 */
export class DbError extends Error {
  /**
   * `instanceof` compares an error's kind and not the copy of this package that made it, because a
   * bundler may put two copies into one process.
   */
  // biome-ignore-start lint/complexity/noThisInStatic: it is the class on the right of instanceof
  static override [Symbol.hasInstance](value: unknown): boolean {
    if (Function.prototype[Symbol.hasInstance].call(this, value)) return true;
    if (!(value instanceof Error) || !(mark in value) || !('code' in value)) return false;
    return this === DbError || codesOf.get(this) === value.code;
  }
  // biome-ignore-end lint/complexity/noThisInStatic: it is the class on the right of instanceof

  readonly [mark] = true;
  readonly code: DbErrorCode = 'DATABASE';
  readonly sqlstate: string | undefined;
  readonly constraint: string | undefined;
  readonly schema: string | undefined;
  readonly table: string | undefined;
  readonly column: string | undefined;
  readonly query: string | undefined;
  readonly retry: 'later' | 'at once' | undefined;

  constructor(message: string, details: DbErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.sqlstate = details.sqlstate;
    this.constraint = details.constraint;
    this.schema = details.schema;
    this.table = details.table;
    this.column = details.column;
    this.query = details.query;
    this.retry = details.retry;
  }

  /** The parts of an error that a log line or an API answer may hold. */
  toJSON() {
    const { name, code, message, sqlstate, constraint, schema, table, column } = this;
    return { name, code, message, sqlstate, constraint, schema, table, column };
  }
}

/** The row asked for does not exist, or not for this user or tenant. */
export class NotFoundError extends DbError {
  override readonly code = 'NOT_FOUND';
}

/** The write collides with what is stored: a duplicate, a stale revision, a row still in use. */
export class ConflictError extends DbError {
  override readonly code = 'CONFLICT';
}

/** The user, or the database role, may not do this. */
export class ForbiddenError extends DbError {
  override readonly code = 'FORBIDDEN';
}

/** The caller's input is malformed; sending the same again fails again. */
export class InvalidInputError extends DbError {
  override readonly code = 'INVALID_INPUT';
}

/** The server can't be reached, did not answer in time, or refused for lack of resources. */
export class UnavailableError extends DbError {
  override readonly code = 'UNAVAILABLE';
}

/** The program uses a handle wrongly: the pool inside a transaction, a transaction after its end. */
export class UsageError extends DbError {
  override readonly code = 'USAGE';
}

/** A sealed value does not open: moved from another row, damaged, or its key is gone. */
export class SealingError extends DbError {
  override readonly code = 'SEALING';
}

const codesOf = new Map<unknown, DbErrorCode>([
  [NotFoundError, 'NOT_FOUND'],
  [ConflictError, 'CONFLICT'],
  [ForbiddenError, 'FORBIDDEN'],
  [InvalidInputError, 'INVALID_INPUT'],
  [UnavailableError, 'UNAVAILABLE'],
  [UsageError, 'USAGE'],
  [SealingError, 'SEALING'],
]);
