import type { HotQuery as HotQueryOf } from '@reference/kit/hot-query';
import type { Db } from '../database.ts';

/** Ids and secrets of rows in the database whose plans are checked. */
export interface PlanSample {
  /** A user with grants on pages of the drive, and no membership there. */
  readonly userId: string;
  readonly email: string;
  /** A user with 1,000 grants, many of them in the drive, but no membership there. */
  readonly readerId: string;
  /** The owner of the drive. */
  readonly ownerId: string;
  readonly driveId: string;
  /** A page of the drive on which the user has a grant. */
  readonly pageId: string;
  /** A channel in one of the owner's drives. */
  readonly channelId: string;
  /** One of the user's direct conversations. */
  readonly conversationId: string;
}

/** A hot query of this package. */
export interface HotQuery extends HotQueryOf<Db, PlanSample> {
  /**
   * The branch that `sample` takes, if the statement is a union of branches that exclude one
   * another.
   */
  readonly branch?: number;
}

export { scanOrSort } from '@reference/kit/hot-query';
