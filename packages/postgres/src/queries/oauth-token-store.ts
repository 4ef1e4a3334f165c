import {
  ForbiddenError,
  type Keyring,
  mapConstraints,
  NotFoundError,
  transaction,
} from '@reference/kit';
import { and, eq, ne } from 'drizzle-orm';
import { connectorConfigs, type OauthTokenMetadata, oauthTokens } from '../schemas/index.ts';
import type { PostgresDatabase } from './database.ts';

/** A provider's token pair in clear. Keep it out of logs. */
export interface OauthTokens {
  readonly accessToken: string;
  readonly refreshToken?: string | null | undefined;
  readonly tokenType?: string | undefined;
  readonly expiresAt?: Date | null | undefined;
  readonly scope?: string | null | undefined;
  readonly metadata?: OauthTokenMetadata | null | undefined;
}

interface StoreParams {
  readonly keyring: Keyring;
  readonly userId?: string | undefined;
  readonly connectorConfigId: string;
  readonly tokens: OauthTokens;
}

/**
 * Sealed for the connection and not for the row's own id, so that a pair can be sealed before the
 * statement decides whether it replaces one. There is one row a connection.
 */
export const place = (connectorConfigId: string, column: 'access_token' | 'refresh_token') => ({
  table: 'oauth_tokens',
  column,
  rowId: connectorConfigId,
});

/**
 * Stores a connection's tokens in place of the former pair, and marks it `active`. It is one
 * statement, so that a reader sees the old pair or the new one, never half of each.
 *
 * @param params.userId the connection's owner; undefined for a worker that holds its lock
 * @throws NotFoundError when there is no such connection
 * @throws ForbiddenError when it was revoked
 */
export async function storeTokens(
  db: PostgresDatabase,
  { keyring, userId, connectorConfigId, tokens }: StoreParams,
): Promise<void> {
  const values = {
    tokenType: tokens.tokenType ?? 'bearer',
    accessToken: await keyring.seal(tokens.accessToken, place(connectorConfigId, 'access_token')),
    refreshToken:
      typeof tokens.refreshToken === 'string'
        ? await keyring.seal(tokens.refreshToken, place(connectorConfigId, 'refresh_token'))
        : null,
    expiresAt: tokens.expiresAt ?? null,
    scope: tokens.scope ?? null,
    metadata: tokens.metadata ?? null,
  };
  await transaction(db, async (tx) => {
    const [connection] = await tx
      .update(connectorConfigs)
      .set({ status: 'active' })
      .where(and(ofUser(connectorConfigId, userId), ne(connectorConfigs.status, 'revoked')))
      .returning({ id: connectorConfigs.id });
    if (!connection) await refuse(tx, connectorConfigId, userId);
    await mapConstraints(
      tx
        .insert(oauthTokens)
        .values({ connectorConfigId, ...values })
        .onConflictDoUpdate({ target: oauthTokens.connectorConfigId, set: values }),
      { oauth_tokens_connector_config_id_fkey: () => missing(connectorConfigId) },
    );
  });
}

/** Throws the reason why a connection gives no tokens. */
export async function refuse(
  db: PostgresDatabase,
  connectorConfigId: string,
  userId?: string,
): Promise<never> {
  const [row] = await db
    .select({ status: connectorConfigs.status })
    .from(connectorConfigs)
    .where(ofUser(connectorConfigId, userId))
    .limit(1);
  if (!row) throw missing(connectorConfigId);
  if (row.status === 'revoked') {
    throw new ForbiddenError(`Connection ${connectorConfigId} was revoked. Connect again.`);
  }
  throw new NotFoundError(`Connection ${connectorConfigId} has no tokens yet. Authorise it first.`);
}

const ofUser = (connectorConfigId: string, userId: string | undefined) =>
  and(
    eq(connectorConfigs.id, connectorConfigId),
    userId === undefined ? undefined : eq(connectorConfigs.userId, userId),
  );

const missing = (id: string) => new NotFoundError(`There is no connection ${id}.`);
