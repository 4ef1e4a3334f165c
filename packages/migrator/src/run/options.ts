import type { Listener } from './events.ts';
import type { BookkeepingNames } from './tables.ts';

/** How long a run waits for others, and how often. */
export interface RunLimits {
  /** Longest wait for locks in one transaction; everyone behind it waits as long. */
  readonly lockTimeoutMs: number;
  /** Longest wait of a concurrent build, which blocks nobody while it waits. */
  readonly concurrentLockTimeoutMs: number;
  /** Longest statement; 0 for no limit. Concurrent builds have none. */
  readonly statementTimeoutMs: number;
  /** How often a file is tried again after a lock timeout or a deadlock. */
  readonly lockRetries: number;
  /** The first pause between two tries; it doubles, up to 15 s. */
  readonly retryDelayMs: number;
  /** How long to wait for another runner. */
  readonly runnerWaitMs: number;
}

export interface RunOptions extends Partial<RunLimits> {
  /** The migrations folder: a path or a file: URL. */
  readonly folder: string | URL;
  /** The table of drizzle's bookkeeping; default `drizzle.__drizzle_migrations`. */
  readonly bookkeeping?: BookkeepingNames;
  readonly onEvent?: Listener;
}

/** The limits of a run, with the defaults filled in. */
export const limitsOf = (options: Partial<RunLimits>): RunLimits => ({
  lockTimeoutMs: options.lockTimeoutMs ?? 5_000,
  concurrentLockTimeoutMs: options.concurrentLockTimeoutMs ?? 600_000,
  statementTimeoutMs: options.statementTimeoutMs ?? 1_800_000,
  lockRetries: options.lockRetries ?? 10,
  retryDelayMs: options.retryDelayMs ?? 500,
  runnerWaitMs: options.runnerWaitMs ?? 300_000,
});
