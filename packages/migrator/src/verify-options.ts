import type { ProjectConfig } from './generate/schema.ts';
import type { RunOptions } from './run/options.ts';
import type { ScratchSource } from './scratch.ts';

export interface VerifyOptions extends RunOptions {
  readonly scratch: ScratchSource;
  /** The Drizzle schema and its configuration, to compare with the snapshot and the migrations. */
  readonly config?: ProjectConfig;
  /** The committed dump, to compare with the result of the migrations. */
  readonly dump?: string;
  /** Schemas to leave out. */
  readonly without?: readonly string[];
}

export interface Problem {
  /** The migration or file with the problem. */
  readonly where: string;
  readonly message: string;
}
