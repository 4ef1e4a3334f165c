import type { Db } from '../database.ts';

/** Ids and secrets that exist in the database whose plans are looked at. */
export interface PlanSample {
  /** Has grants on pages of the drive, and no other part in it. */
  readonly userId: string;
  readonly email: string;
  /** Owns the drive. */
  readonly ownerId: string;
  readonly driveId: string;
  /** A page of the drive on which the user has a grant. */
  readonly pageId: string;
  /** A channel in one of the owner's drives. */
  readonly channelId: string;
  /** One of the user's direct conversations. */
  readonly conversationId: string;
}

/**
 * A query whose plan is held to its indexes: of every statement that `run` sends, EXPLAIN (GENERIC_PLAN)
 * is taken in a seeded database, and none may hold a forbidden node.
 */
export interface HotQuery {
  readonly name: string;
  readonly run: (db: Db, sample: PlanSample) => Promise<unknown>;
  /** A node type as EXPLAIN names it, alone or with a table: `Sort`, `Index Scan on pages`. */
  readonly forbidden: readonly string[];
  /** Where the statement is a union of branches that rule each other out: which one `sample` takes. */
  readonly branch?: number;
}

/** What no hot query may do. */
export const scanOrSort = ['Seq Scan', 'Sort', 'Incremental Sort'] as const;
