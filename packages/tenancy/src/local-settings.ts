/**
 * One statement that sets settings until the transaction ends.
 *
 * It is a `DO` block, because Citus forwards the whole message of a `SET LOCAL` to its workers, and
 * refuses one that also holds a `select` (XX000). Inside a block each `SET` is a message of its
 * own, so the block and a query still take one round trip.
 *
 * @param settings such as `app.tenant_id = '…'`; they take no parameters, so never pass unchecked
 *   input
 */
export const setLocally = (settings: readonly string[]): string =>
  `do $$begin ${settings.map((setting) => `set local ${setting};`).join(' ')} end$$`;
