import type { Keyring } from '@reference/kit';
import type { PostgresDatabase } from './database.ts';
import { type OauthTokens, storeTokens } from './oauth-token-store.ts';
import type { OwnConnection } from './own-connection.ts';

export type { OauthTokens } from './oauth-token-store.ts';

/**
 * Saves the tokens that a provider sent to the callback of a user's connection. They replace the
 * former pair, in one statement, and mark the connection `active`.
 *
 * @throws NotFoundError when it is not theirs
 * @throws ForbiddenError when it was revoked
 */
export async function saveOauthTokens(
  db: PostgresDatabase,
  params: OwnConnection & { readonly keyring: Keyring; readonly tokens: OauthTokens },
): Promise<void> {
  await storeTokens(db, params);
}
