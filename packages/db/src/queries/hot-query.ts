import type { HotQuery as HotQueryOf } from '@reference/kit/hot-query';
import type { Db } from '../database.ts';

/** Ids and secrets that exist in the database whose plans are looked at. */
export interface PlanSample {
  /** Has grants on pages of the drive, and no other part in it. */
  readonly userId: string;
  readonly email: string;
  /** A user with 1,000 grants, many of them in the drive, but no membership there. */
  readonly readerId: string;
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

/** One that this package declares. */
export interface HotQuery extends HotQueryOf<Db, PlanSample> {
  /** Where the statement is a union of branches that rule each other out: which one `sample` takes. */
  readonly branch?: number;
}

export { scanOrSort } from '@reference/kit/hot-query';
