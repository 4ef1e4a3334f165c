import { eq, type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { connectorConfigs } from '../schemas/index.ts';

/** A connection and its owner. */
export interface OwnConnection {
  readonly userId: string;
  readonly connectorConfigId: string;
}

/**
 * Limits a statement to the rows of a user's own connection. The subquery refers to nothing
 * outside, so it runs once, and the column's index serves the rest.
 */
export const inOwnConnection = (
  column: PgColumn,
  { userId, connectorConfigId }: OwnConnection,
): SQL =>
  eq(
    column,
    sql`(select ${connectorConfigs.id} from ${connectorConfigs} where ${connectorConfigs.id} = ${connectorConfigId} and ${connectorConfigs.userId} = ${userId})`,
  );
