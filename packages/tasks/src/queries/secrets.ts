import type { SealedPlace } from '@reference/kit';

/** The columns that hold sealed values, by their database names. */
export type SealedColumn =
  | {
      readonly table: 'users' | 'accounts';
      readonly column: 'access_token' | 'refresh_token';
    }
  | { readonly table: 'keys'; readonly column: 'value' }
  | { readonly table: 'connectors'; readonly column: 'oauth_client_secret' | 'env' };

/** The row of a sealed value, and its user. */
export interface SecretRow {
  readonly rowId: string;
  readonly userId: string;
}

/**
 * The place that a secret is bound to. The user is part of it, so that a row whose `user_id` is
 * changed by hand does not give its secret to the other user. Ids hold no slash.
 */
export const sealedPlace = ({
  table,
  column,
  rowId,
  userId,
}: SealedColumn & SecretRow): SealedPlace => ({
  table,
  column,
  rowId: `${userId}/${rowId}`,
});

/**
 * The part of a secret that a list shows: `sk-…a1b2`. The first word stays, because providers' keys
 * start with their kind; a secret too short to lose four characters shows nothing.
 */
export function maskSecret(secret: string): string {
  if (secret.length < 20) return '…';
  const kind = /^[A-Za-z]{1,6}[-_]/.exec(secret)?.[0] ?? '';
  // By code point, because half a surrogate pair cannot be stored.
  return `${kind}…${[...secret].slice(-4).join('')}`;
}
