export {
  type ExitCode,
  type FailedStatement,
  MigratorError,
  type MigratorErrorCode,
  StatementError,
} from './errors.ts';
export { type MigrateResult, migrate } from './migrate.ts';
export type { Blocker, Listener, MigratorEvent } from './run/events.ts';
export type { RunLimits, RunOptions } from './run/options.ts';
export type { PostgresJsClient, Target } from './run/target.ts';
export { type MigrationState, type MigrationStatus, status } from './status.ts';
