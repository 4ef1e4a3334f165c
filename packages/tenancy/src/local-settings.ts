/**
 * One statement that makes settings hold until the transaction ends.
 *
 * A `DO` block, because Citus forwards the whole message that a `SET LOCAL` arrives in to its workers,
 * and refuses one that also holds a `select` (XX000). Inside a block each `SET` is a message of its own,
 * so the block and a query still travel together, in one round trip.
 *
 * @param settings such as `app.tenant_id = '…'`; they take no parameters, so never unchecked input
 */
export const setLocally = (settings: readonly string[]): string =>
  `do $$begin ${settings.map((setting) => `set local ${setting};`).join(' ')} end$$`;
