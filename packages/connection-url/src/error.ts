/** A connection URL that cannot be used. The message names the fault and never holds a part of the URL but a parameter's name. */
export class ConnectionUrlError extends Error {
  override readonly name = 'ConnectionUrlError';
}
