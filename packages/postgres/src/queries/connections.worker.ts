import { NotFoundError, transaction } from '@reference/kit';
import { and, eq, sql } from 'drizzle-orm';
import { connectorConfigs, oauthTokens } from '../schemas/index.ts';
import type { PostgresDatabase } from './database.ts';

// For workers, which record a provider's answers: they find a connection by its id alone.

/**
 * Marks a failing connection as working again. One that is revoked stays revoked.
 * @returns whether the status changed
 */
export async function markConnectionActive(
  db: PostgresDatabase,
  { connectorConfigId }: { readonly connectorConfigId: string },
): Promise<boolean> {
  const rows = await db
    .update(connectorConfigs)
    .set({ status: 'active' })
    .where(and(eq(connectorConfigs.id, connectorConfigId), eq(connectorConfigs.status, 'error')))
    .returning({ id: connectorConfigs.id });
  return rows.length > 0;
}

/**
 * Marks a connection as failing; a completed sync or new tokens mark it `active` again. One that is
 * revoked stays revoked.
 *
 * @returns whether the status changed
 */
export async function markConnectionError(
  db: PostgresDatabase,
  { connectorConfigId }: { readonly connectorConfigId: string },
): Promise<boolean> {
  const rows = await db
    .update(connectorConfigs)
    .set({ status: 'error' })
    .where(
      and(
        eq(connectorConfigs.id, connectorConfigId),
        sql`${connectorConfigs.status} not in ('error', 'revoked')`,
      ),
    )
    .returning({ id: connectorConfigs.id });
  return rows.length > 0;
}

/**
 * Marks a connection as revoked at the provider, and deletes its tokens in the same transaction.
 * @throws NotFoundError when there is no such connection
 */
export async function markConnectionRevoked(
  db: PostgresDatabase,
  { connectorConfigId }: { readonly connectorConfigId: string },
): Promise<void> {
  await transaction(db, async (tx) => {
    const rows = await tx
      .update(connectorConfigs)
      .set({ status: 'revoked' })
      .where(eq(connectorConfigs.id, connectorConfigId))
      .returning({ id: connectorConfigs.id });
    if (rows.length === 0) throw new NotFoundError(`There is no connection ${connectorConfigId}.`);
    // A second statement, so that it sees tokens that were saved while the first one waited.
    await tx.delete(oauthTokens).where(eq(oauthTokens.connectorConfigId, connectorConfigId));
  });
}
