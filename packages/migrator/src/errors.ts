/** The kind of error, to branch on; the message says what to do about it. */
export type MigratorErrorCode =
  | 'usage'
  | 'connection'
  | 'folder'
  | 'locked'
  | 'pooler'
  | 'changed'
  | 'missing'
  | 'twice'
  | 'interrupted'
  | 'unjournaled'
  | 'squashed'
  | 'order'
  | 'irreversible'
  | 'unacknowledged'
  | 'different'
  | 'statement';

/** 1: failed. 2: refused before anything was changed. 3: called wrongly. */
export type ExitCode = 1 | 2 | 3;

export interface FailedStatement {
  readonly file: string;
  /** 1-based line of the statement, or of the part that the server points at, in the file. */
  readonly line: number;
  /** 1-based number of the statement in the file. */
  readonly number: number;
  readonly text: string;
  readonly sqlstate?: string;
}

/** Every error that this package throws on purpose. */
export class MigratorError extends Error {
  override readonly name: string = 'MigratorError';
  readonly code: MigratorErrorCode;
  readonly exitCode: ExitCode;

  constructor(code: MigratorErrorCode, exitCode: ExitCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.exitCode = exitCode;
  }
}

/** A statement of a migration failed on the server. */
export class StatementError extends MigratorError {
  override readonly name = 'StatementError';
  readonly statement: FailedStatement;

  constructor(statement: FailedStatement, message: string, cause?: unknown) {
    super('statement', 1, message, cause);
    this.statement = statement;
  }
}

/** The run was refused before it changed anything. */
export const refused = (code: MigratorErrorCode, message: string): MigratorError =>
  new MigratorError(code, 2, message);

/** The command or a parameter was wrong. */
export const usage = (message: string): MigratorError => new MigratorError('usage', 3, message);

/** The message of an unknown thrown value, without its stack. */
export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** The SQLSTATE of a server's error, if it is one. */
export const sqlstateOf = (error: unknown): string | undefined =>
  error instanceof Error &&
  'code' in error &&
  typeof error.code === 'string' &&
  /^[0-9A-Z]{5}$/.test(error.code)
    ? error.code
    : undefined;
