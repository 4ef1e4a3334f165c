import * as urls from '@reference/connection-url';
import { InvalidInputError } from './errors.ts';

export { type ConnectionTarget, remoteHosts } from '@reference/connection-url';

/**
 * Reads a connection URL as libpq does: https://www.postgresql.org/docs/17/libpq-connect.html
 *
 * @throws InvalidInputError saying what is wrong; no part of the URL but a parameter's name
 */
export const parseConnectionUrl = (text: string): urls.ConnectionTarget =>
  asInvalidInput(() => urls.parseConnectionUrl(text));

/**
 * TLS for Node's drivers: none, `prefer` (without TLS if the server has none), or options. It reads
 * the files that the URL names.
 *
 * @throws InvalidInputError naming the parameter whose file can't be read
 */
export const tlsOptions = (target: urls.ConnectionTarget): ReturnType<typeof urls.tlsOptions> =>
  asInvalidInput(() => urls.tlsOptions(target));

function asInvalidInput<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof urls.ConnectionUrlError) throw new InvalidInputError(error.message);
    throw error;
  }
}
