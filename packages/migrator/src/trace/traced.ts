import type { ReviewFile } from '../review/review.ts';
import type { Runner } from '../review/runner.ts';
import type { ScratchSource } from '../scratch.ts';
import type { Role } from './beside.ts';
import type { ObservedLock } from './observe.ts';

/** The effects of one statement on tables of one size. */
export interface Measurement {
  /** The rows in each table. */
  readonly rows: number;
  readonly ms: number;
  readonly walBytes: number;
  /** Rows read of existing tables. */
  readonly rowsRead: number;
}

/** A table whose readers or writers a statement stopped. */
export interface Stopped {
  readonly who: Role;
  readonly table: string;
  /** The longest wait of one of them, by the rows in each table. */
  readonly waits: readonly { readonly rows: number; readonly ms: number }[];
}

/** The observations of one statement. */
export interface TracedStatement {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based number of the statement in the file. */
  readonly statement: number;
  readonly text: string;
  readonly inTransaction: boolean;
  /** The strongest lock on each relation that the statement took and that no earlier one held. */
  readonly locks: readonly ObservedLock[];
  /** The strongest lock on each relation that was held when it ended, earlier statements' included. */
  readonly held: readonly ObservedLock[];
  readonly rewritten: readonly string[];
  readonly rebuiltIndexes: readonly string[];
  readonly newIndexes: readonly string[];
  readonly measurements: readonly Measurement[];
  /**
   * The exponent of its time's growth between the two largest sizes: 0 is constant, 1 linear in the
   * rows. Undefined if it takes less than 50 ms.
   */
  readonly slope?: number;
  readonly stopped: readonly Stopped[];
  /** True if its locks were sampled while it ran, so that a short one may be missing. */
  readonly sampled?: true;
  /** The server's refusal; later statements of the file were not traced. */
  readonly failed?: string;
}

export interface TraceOptions {
  readonly scratch: ScratchSource;
  /** Files that the database has already. */
  readonly history?: readonly ReviewFile[];
  /** Rows in each table, ascending. Default 1,000, 100,000 and 1,000,000. */
  readonly sizes?: readonly number[];
  readonly runner?: Runner;
  readonly onProgress?: (message: string) => void;
}

export interface Trace {
  readonly statements: readonly TracedStatement[];
  /** Tables with fewer rows than asked for, with their row counts. */
  readonly unfilled: readonly string[];
}
