import type { Keyring } from '@reference/kit';
import type { HotQuery as HotQueryOf } from '@reference/kit/hot-query';
import type { PostgresDatabase } from './database.ts';

/** Ids that exist in the database whose plans are looked at. */
export interface PlanSample {
  readonly keyring: Keyring;
  /** Has several connections, many conversations and many goals. */
  readonly userId: string;
  /** The user's connection with the most rows. */
  readonly connectorConfigId: string;
  /** One of the user's conversations, with many messages. */
  readonly conversationId: string;
  /** A message of that conversation, with feedback. */
  readonly messageId: string;
}

export type HotQuery = HotQueryOf<PostgresDatabase, PlanSample>;

export { scanOrSort } from '@reference/kit/hot-query';
