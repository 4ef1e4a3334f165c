import {
  ForbiddenError,
  type Keyring,
  mapConstraints,
  NotFoundError,
  transaction,
} from '@reference/kit';
import { and, eq, ne, sql } from 'drizzle-orm';
import { connectorConfigs, type OauthTokenMetadata, oauthTokens } from '../schemas/index.ts';
import type { PostgresDatabase } from './database.ts';

/** A token pair in clear, as the provider gave it. Keep it out of logs. */
export interface OauthTokens {
  readonly accessToken: string;
  readonly refreshToken?: string | null | undefined;
  readonly tokenType?: string | undefined;
  readonly expiresAt?: Date | null | undefined;
  readonly scope?: string | null | undefined;
  readonly metadata?: OauthTokenMetadata | null | undefined;
}

interface TokenParams {
  readonly keyring: Keyring;
  readonly connectorConfigId: string;
}

/**
 * Sealed for the connection and not for the row's own id: there is one row a connection, and so a
 * pair can be sealed before it is known whether it replaces one.
 */
const place = (connectorConfigId: string, column: 'access_token' | 'refresh_token') => ({
  table: 'oauth_tokens',
  column,
  rowId: connectorConfigId,
});

/**
 * Saves a connection's tokens, replacing the pair it had, and marks it `active`.
 * One statement, so that a reader sees the old pair or the new one, never half of each.
 *
 * @throws NotFoundError when there is no such connection
 * @throws ForbiddenError when it was revoked
 */
export async function saveOauthTokens(
  db: PostgresDatabase,
  { keyring, connectorConfigId, tokens }: TokenParams & { readonly tokens: OauthTokens },
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
      .where(
        and(eq(connectorConfigs.id, connectorConfigId), ne(connectorConfigs.status, 'revoked')),
      )
      .returning({ id: connectorConfigs.id });
    if (!connection) await refuse(tx, connectorConfigId);
    await mapConstraints(
      tx
        .insert(oauthTokens)
        .values({ connectorConfigId, ...values })
        .onConflictDoUpdate({ target: oauthTokens.connectorConfigId, set: values }),
      { oauth_tokens_connector_config_id_fkey: () => missing(connectorConfigId) },
    );
  });
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
 * Renews a connection's tokens under a row lock: of several workers one asks the provider, the
 * others wait and get its result. Providers take a refresh token once.
 *
 * @param params.isFresh whether tokens need no renewal (another worker may just have done it)
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
      // Locked before it is read: a connection first, in the order in which saving locks.
      await tx.execute(
        sql`select 1 from ${connectorConfigs} where ${connectorConfigs.id} = ${connectorConfigId} for no key update`,
      );
      const current = await requireOauthTokens(tx, { keyring, connectorConfigId });
      if (params.isFresh(current)) return current;
      const tokens = await params.refresh(current);
      await saveOauthTokens(tx, { keyring, connectorConfigId, tokens });
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

/** Says why a connection gives no tokens. */
async function refuse(db: PostgresDatabase, connectorConfigId: string): Promise<never> {
  const [row] = await db
    .select({ status: connectorConfigs.status })
    .from(connectorConfigs)
    .where(eq(connectorConfigs.id, connectorConfigId))
    .limit(1);
  if (!row) throw missing(connectorConfigId);
  if (row.status === 'revoked') {
    throw new ForbiddenError(`Connection ${connectorConfigId} was revoked. Connect again.`);
  }
  throw new NotFoundError(`Connection ${connectorConfigId} has no tokens yet. Authorise it first.`);
}

const missing = (id: string) => new NotFoundError(`There is no connection ${id}.`);
const switchedOff = (id: string) => new ForbiddenError(`Connection ${id} is switched off.`);
