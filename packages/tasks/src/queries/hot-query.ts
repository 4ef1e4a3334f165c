import type { HotQuery as HotQueryOf } from '@reference/kit/hot-query';
import type { Db } from '../database.ts';

/** Ids that exist in the database whose plans are looked at. */
export interface PlanSample {
  readonly userId: string;
  /** A task of this user with messages, log lines and tags. */
  readonly taskId: string;
  readonly tagId: string;
}

/** One that this package declares. */
export interface HotQuery extends HotQueryOf<Db, PlanSample> {
  /** Indexes that the statements must use between them. */
  readonly indexes: readonly string[];
}

export { scanOrSort } from '@reference/kit/hot-query';
