/**
 * A connection URL that cannot be used. The message names the fault and holds no part of the URL
 * except a parameter's name.
 */
export class ConnectionUrlError extends Error {
  override readonly name = 'ConnectionUrlError';
}
