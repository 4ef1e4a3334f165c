export { type Client, createClient } from './client.ts';
export { type ClientConfig, requireUrl } from './config.ts';
export {
  type ConnectionTarget,
  parseConnectionUrl,
  remoteHosts,
  tlsOptions,
} from './connection-url.ts';
export { type ConstraintErrors, mapConstraints } from './constraints.ts';
export { copyRows } from './copy-rows.ts';
export type { Database, Transaction } from './database.ts';
export {
  ConflictError,
  DbError,
  type DbErrorCode,
  type DbErrorDetails,
  ForbiddenError,
  InvalidInputError,
  NotFoundError,
  SealingError,
  UnavailableError,
  UsageError,
} from './errors.ts';
export { type PageRequest, parseInput, parseLimit } from './input.ts';
export { insertChunked } from './insert-chunked.ts';
export {
  type Keyed,
  type KeysetOrder,
  type KeysetPage,
  keyset,
  type OrderKey,
  type Seek,
} from './keyset.ts';
export { type ListSeek, listPage } from './list-page.ts';
export { type Placeholders, prepared } from './prepared.ts';
export { type PreparedSeek, preparedPages } from './prepared-pages.ts';
export { runReplanned } from './replanned.ts';
export { pickReplica, readFrom, type WalPosition, walPosition } from './replicas.ts';
export { runScript } from './script.ts';
export { sealedCheck, sealedField } from './sealed-column.ts';
export { createKeyring, type Keyring, keyringFromEnv, type SealedPlace } from './sealing.ts';
export { pooledRoleSettings } from './session-settings.ts';
export { camelTimestamps, instant, snakeTimestamps } from './timestamps.ts';
export { hashToken, type IssuedToken, issueToken } from './tokens.ts';
export type { StatementCaller, StatementEnd, TraceStatement } from './trace.ts';
export { type TransactionOptions, transaction } from './transaction.ts';
export { type UpsertResult, upsertRows } from './upsert-rows.ts';
