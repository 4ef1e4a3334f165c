import type { Db } from '../database.ts';

/** Ids that exist in the database whose plans are looked at. */
export interface PlanSample {
  readonly userId: string;
  /** A task of this user with messages, log lines and tags. */
  readonly taskId: string;
  readonly tagId: string;
}

/**
 * A query whose plan is held to its indexes: of every statement that `run` sends, EXPLAIN (GENERIC_PLAN)
 * is taken in a large database, and none may hold a forbidden node.
 */
export interface HotQuery {
  readonly name: string;
  readonly run: (db: Db, sample: PlanSample) => Promise<unknown>;
  /** A node type as EXPLAIN names it, alone or with a table: `Sort`, `Seq Scan on tasks`. */
  readonly forbidden: readonly string[];
  /** Indexes that the statements must use between them. */
  readonly indexes: readonly string[];
}

/** What no hot query may do. */
export const scanOrSort = ['Seq Scan', 'Sort', 'Incremental Sort'] as const;
