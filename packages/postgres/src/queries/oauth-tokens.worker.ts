import { ForbiddenError, type Keyring, transaction } from '@reference/kit';
import { eq, sql } from 'drizzle-orm';
import { connectorConfigs, oauthTokens } from '../schemas/index.ts';
import type { PostgresDatabase } from './database.ts';
import { type OauthTokens, place, refuse, storeTokens } from './oauth-token-store.ts';

// For workers: a connection's id is enough to get its tokens in clear.

interface TokenParams {
  readonly keyring: Keyring;
  readonly connectorConfigId: string;
}

/**
 * Opens a connection's tokens.
 *
 * @throws NotFoundError when there is no such connection, or it has no tokens
 * @throws ForbiddenError when it was revoked or switched off
 * @throws SealingError when no key of the ring opens them
 */
export async function requireOauthTokens(
  db: PostgresDatabase,
  { keyring, connectorConfigId }: TokenParams,
): Promise<OauthTokens> {
  const [row] = await db
    .select(columns)
    .from(oauthTokens)
    .innerJoin(connectorConfigs, eq(connectorConfigs.id, oauthTokens.connectorConfigId))
    .where(eq(oauthTokens.connectorConfigId, connectorConfigId))
    .limit(1);
  if (!row) return refuse(db, connectorConfigId);
  if (!row.isEnabled) throw switchedOff(connectorConfigId);
  return open(keyring, connectorConfigId, row);
}

/**
 * Renews a connection's tokens under a row lock, because providers accept a refresh token once. If
 * several workers come, one asks the provider; the others wait and get its result.
 *
 * @param params.isFresh true if tokens need no renewal (another worker may just have renewed them)
 * @param params.refresh asks the provider; called at most once, inside the transaction
 * @throws NotFoundError, ForbiddenError, SealingError as `requireOauthTokens`
 */
export async function refreshOauthTokens(
  db: PostgresDatabase,
  params: TokenParams & {
    readonly isFresh: (tokens: OauthTokens) => boolean;
    readonly refresh: (tokens: OauthTokens) => Promise<OauthTokens>;
  },
): Promise<OauthTokens> {
  const { keyring, connectorConfigId } = params;
  return transaction(
    db,
    async (tx) => {
      // Locks before it reads, the connection first, as saving does.
      await tx.execute(
        sql`select 1 from ${connectorConfigs} where ${connectorConfigs.id} = ${connectorConfigId} for no key update`,
      );
      const current = await requireOauthTokens(tx, { keyring, connectorConfigId });
      if (params.isFresh(current)) return current;
      const tokens = await params.refresh(current);
      await storeTokens(tx, { keyring, connectorConfigId, tokens });
      return tokens;
    },
    { retries: 0 },
  );
}

const columns = {
  accessToken: oauthTokens.accessToken,
  refreshToken: oauthTokens.refreshToken,
  tokenType: oauthTokens.tokenType,
  expiresAt: oauthTokens.expiresAt,
  scope: oauthTokens.scope,
  metadata: oauthTokens.metadata,
  isEnabled: connectorConfigs.isEnabled,
};

interface SealedTokens extends OauthTokens {
  readonly isEnabled: boolean;
}

async function open(
  keyring: Keyring,
  connectorConfigId: string,
  { isEnabled: _, ...row }: SealedTokens,
): Promise<OauthTokens> {
  return {
    ...row,
    accessToken: await keyring.open(row.accessToken, place(connectorConfigId, 'access_token')),
    refreshToken:
      typeof row.refreshToken === 'string'
        ? await keyring.open(row.refreshToken, place(connectorConfigId, 'refresh_token'))
        : null,
  };
}

const switchedOff = (id: string) => new ForbiddenError(`Connection ${id} is switched off.`);
