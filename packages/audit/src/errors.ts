/** The kind of error, to branch on; the message says what to do about it. */
export type AuditErrorCode = 'usage' | 'config' | 'schema' | 'connection' | 'plans';

/** 1: failed. 3: called wrongly. */
export type ExitCode = 1 | 3;

/** Every error that this package throws on purpose. */
export class AuditError extends Error {
  override readonly name = 'AuditError';
  readonly code: AuditErrorCode;
  readonly exitCode: ExitCode;

  constructor(code: AuditErrorCode, exitCode: ExitCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.exitCode = exitCode;
  }
}

/** The command or a parameter was wrong. */
export const usage = (message: string): AuditError => new AuditError('usage', 3, message);

/** The message of an unknown thrown value, without its stack. */
export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
