import { asc } from 'drizzle-orm';
import { type ConnectorSyncStateDataSelect, connectorSyncStates } from '../schemas/index.ts';
import type { PostgresDatabase } from './database.ts';
import { inOwnConnection, type OwnConnection } from './own-connection.ts';

/**
 * Lists the sync state of each entity of a user's connection; at most as many as its vendor has.
 */
export async function listSyncStates(
  db: PostgresDatabase,
  own: OwnConnection,
): Promise<ConnectorSyncStateDataSelect[]> {
  return db
    .select({
      id: connectorSyncStates.id,
      connectorConfigId: connectorSyncStates.connectorConfigId,
      entity: connectorSyncStates.entity,
      cursor: connectorSyncStates.cursor,
      lastSyncedAt: connectorSyncStates.lastSyncedAt,
      lastError: connectorSyncStates.lastError,
      rowsSeen: connectorSyncStates.rowsSeen,
      createdAt: connectorSyncStates.createdAt,
      updatedAt: connectorSyncStates.updatedAt,
    })
    .from(connectorSyncStates)
    .where(inOwnConnection(connectorSyncStates.connectorConfigId, own))
    .orderBy(asc(connectorSyncStates.entity))
    .limit(500);
}
