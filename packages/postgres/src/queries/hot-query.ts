import type { Keyring } from '@reference/kit';
import type { HotQuery as HotQueryOf } from '@reference/kit/hot-query';
import type { PostgresDatabase } from './database.ts';

/** Ids of rows in the database whose plans are checked. */
export interface PlanSample {
  readonly keyring: Keyring;
  /** A user with several connections, many conversations and many goals. */
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
