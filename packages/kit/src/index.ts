export { type Client, createClient } from './client.ts';
export { type ClientConfig, requireUrl } from './config.ts';
export { type ConstraintErrors, mapConstraints } from './constraints.ts';
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
export { type Keyed, type KeysetPage, keyset, type OrderKey, type Seek } from './keyset.ts';
export { createKeyring, type Keyring, keyringFromEnv, type SealedPlace } from './sealing.ts';
export { runScript } from './script.ts';
export { camelTimestamps, instant, snakeTimestamps } from './timestamps.ts';
export { hashToken, type IssuedToken, issueToken } from './tokens.ts';
export { type TransactionOptions, transaction } from './transaction.ts';
