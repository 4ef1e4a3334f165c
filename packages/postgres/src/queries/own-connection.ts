import { eq, type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { connectorConfigs } from '../schemas/index.ts';

/** A connection and its owner. */
export interface OwnConnection {
  readonly userId: string;
  readonly connectorConfigId: string;
}

/**
 * Keeps a statement to the rows of a user's own connection: another user's connection has none.
 * The subquery refers to nothing outside, so it is looked up once, and the column's index serves the rest.
 */
export const inOwnConnection = (
  column: PgColumn,
  { userId, connectorConfigId }: OwnConnection,
): SQL =>
  eq(
    column,
    sql`(select ${connectorConfigs.id} from ${connectorConfigs} where ${connectorConfigs.id} = ${connectorConfigId} and ${connectorConfigs.userId} = ${userId})`,
  );
