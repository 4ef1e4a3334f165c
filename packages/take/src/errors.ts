/** An error that the caller can fix; the message says how. */
export class TakeError extends Error {
  /** 1 failed, 2 refused before anything was changed, 3 called wrongly. */
  readonly exitCode: 1 | 2 | 3;

  constructor(message: string, exitCode: 1 | 2 | 3 = 2) {
    super(message);
    this.name = 'TakeError';
    this.exitCode = exitCode;
  }
}

export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
