import type { HotQuery as HotQueryOf } from '@reference/kit/hot-query';
import type { Db } from '../database.ts';

/** Ids of rows in the database whose plans are checked. */
export interface PlanSample {
  readonly userId: string;
  /** A task of this user with messages, log lines and tags. */
  readonly taskId: string;
  readonly tagId: string;
}

/** A hot query of this package. */
export interface HotQuery extends HotQueryOf<Db, PlanSample> {
  /** Indexes that the statements must use between them. */
  readonly indexes: readonly string[];
}

export { scanOrSort } from '@reference/kit/hot-query';
