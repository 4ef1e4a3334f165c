/** No server answered, or one that can't serve the request; another address may. */
const elsewhere = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND'],
  ...['EAI_AGAIN', 'ENOENT', 'EPIPE'],
  // Starting, stopping, or out of connections.
  ...['57P03', '53300'],
]);
const saidOnlyInWords = /does not support SSL|timeout expired|Connection terminated/i;

const mayDoBetterElsewhere = (error: unknown): boolean =>
  error instanceof AggregateError
    ? error.errors.some(mayDoBetterElsewhere)
    : error instanceof Error &&
      (('code' in error && elsewhere.has(String(error.code))) ||
        saidOnlyInWords.test(error.message));

/**
 * Connects to the first address that answers and is accepted, like libpq with several hosts.
 *
 * @param addresses in the order to try, at least one
 * @param connect opens a connection, or throws the driver's error
 * @param accept tells whether the server is the requested kind, such as a primary, and closes a
 *   rejected connection. It is not called for a single address
 * @returns the connection, and its address
 * @throws the error of the last address; at once if another address could not help, as with a wrong
 *   password
 */
export async function connectFirst<Address, Connection>(
  addresses: readonly Address[],
  connect: (address: Address) => Promise<Connection>,
  accept: (connection: Connection) => Promise<boolean> = async () => true,
): Promise<{ address: Address; connection: Connection }> {
  let last: unknown = new Error('There is no address to connect to.');
  for (const address of addresses) {
    try {
      const connection = await connect(address);
      if (addresses.length === 1 || (await accept(connection))) return { address, connection };
      last = new Error('No server among the hosts is of the kind that was asked for.');
    } catch (error) {
      if (!mayDoBetterElsewhere(error)) throw error;
      last = error;
    }
  }
  throw last;
}
