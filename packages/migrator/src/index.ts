export { type BaselineOptions, baseline, DifferentError } from './baseline.ts';
export {
  type CompareOptions,
  compareCatalogs,
  type Difference,
  describeDifference,
} from './catalog/compare.ts';
export {
  type Catalog,
  type CatalogObject,
  type DescribeOptions,
  describeCatalog,
} from './catalog/describe.ts';
export { dumpCatalog } from './catalog/dump.ts';
export { DRIFT_LEVELS, type DriftLevel } from './catalog/levels.ts';
export {
  type CollationState,
  collationWarning,
  describeCollation,
  type FixCollationOptions,
  type FixedCollation,
  fixCollation,
  inspectCollation,
} from './collation.ts';
export {
  type Compatibility,
  type CompatibleOptions,
  compatible,
  type DeploymentState,
  type Incompatibility,
} from './compatible/compatible.ts';
export { readSentStatements, type SentStatement } from './compatible/sent-statements.ts';
export { type DriftOptions, drift } from './drift.ts';
export {
  type ExitCode,
  type FailedStatement,
  MigratorError,
  type MigratorErrorCode,
  StatementError,
} from './errors.ts';
export { type Generated, type GenerateOptions, generate } from './generate/generate.ts';
export { type RebaseOptions, rebase } from './generate/rebase.ts';
export type { Rename } from './generate/renames.ts';
export { type ProjectConfig, readConfig } from './generate/schema.ts';
export { type AppliedFile, type MigrateOptions, type MigrateResult, migrate } from './migrate.ts';
export type { Change } from './plan/change.ts';
export { type Plan, type PlanOptions, plan } from './plan/plan.ts';
export type { PlannedFile } from './plan/statements.ts';
export { type RepairItem, type RepairOptions, repair } from './repair.ts';
export { type ReversedFile, type ReverseOptions, reverse } from './reverse/reverse.ts';
export { blockedBy, type Finding, isBlocking, type Level, type Lock } from './review/finding.ts';
export { formatFindings, type ReviewFormat } from './review/format.ts';
export type { Loss } from './review/losses.ts';
export { type ReviewFile, type ReviewOptions, type ReviewTarget, review } from './review/review.ts';
export type { Runner } from './review/runner.ts';
export { type RollbackOptions, type RollbackResult, rollback } from './rollback.ts';
export { type Blocker, describeBlocker, type Listener, type MigratorEvent } from './run/events.ts';
export type { RunLimits, RunOptions } from './run/options.ts';
export type { BookkeepingNames } from './run/tables.ts';
export type { PostgresJsClient, Target } from './run/target.ts';
export { type Scratch, type ScratchSource, scratchOnServer } from './scratch.ts';
export { type Squashed, type SquashOptions, squash } from './squash/squash.ts';
export { type MigrationState, type MigrationStatus, status } from './status.ts';
export { disagreement, formatTrace } from './trace/format.ts';
export { trace } from './trace/trace.ts';
export type { Trace, TracedStatement, TraceOptions } from './trace/traced.ts';
export { type Verified, verify } from './verify.ts';
export type { Problem, VerifyOptions } from './verify-options.ts';
