import { createHash, randomBytes } from 'node:crypto';

/** A bearer token at the one moment its plain text exists. */
export interface IssuedToken {
  /** Given to its holder once, never stored. */
  readonly token: string;
  /** SHA-256 of the token in hex: the database stores it and looks it up. */
  readonly tokenHash: string;
  /** The token's first characters, to tell tokens apart on a settings page. */
  readonly tokenPrefix: string;
}

/**
 * Issues a bearer token with 256 random bits. A plain SHA-256 is enough to store it: unlike a
 * password, there is nothing to guess.
 *
 * @param prefix names the kind of token, such as `mcp`, so that a leaked one can be recognised
 */
export function issueToken(prefix: string): IssuedToken {
  const secret = randomBytes(32).toString('base64url');
  const token = `${prefix}_${secret}`;
  return {
    token,
    tokenHash: hashToken(token),
    tokenPrefix: token.slice(0, prefix.length + 1 + 6),
  };
}

/** SHA-256 of a token, in hex. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
