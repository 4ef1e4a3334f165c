/** Nothing of a server answered, or one that can't do what was asked: another address may. */
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
 * Connects to the first address that answers and is accepted, as libpq does with several hosts.
 *
 * @param addresses in the order to try, at least one
 * @param connect opens a connection, or throws the driver's error
 * @param accept whether the server is one that was asked for, such as a primary; closes what it declines.
 *   Not asked where there is no choice
 * @returns the connection, and the address that gave it
 * @throws what the last address threw; at once where another address could not help, as with a wrong password
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
