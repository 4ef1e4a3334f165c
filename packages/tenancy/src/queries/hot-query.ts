import type { HotQuery as HotQueryOf } from '@reference/kit/hot-query';
import type { Tenancy } from '../tenancy.ts';

/** Ids of rows in the database whose plans are checked. */
export interface PlanSample {
  /** A tenant with half of all rows. */
  readonly tenantId: string;
  /** A user with many conversations. */
  readonly userId: string;
  readonly conversationId: string;
  readonly documentId: string;
  readonly embedding: { readonly model: string; readonly vector: readonly number[] };
}

export type HotQuery = HotQueryOf<Tenancy, PlanSample>;

export { scanOrSort } from '@reference/kit/hot-query';
