/** A call that was started while another session's transaction was open. */
export interface Later<T> {
  /** Whether it waited for a lock when the next call started, or when the transaction ended. */
  readonly waited: boolean;
  /** Settled once the transaction has ended. */
  readonly outcome: Promise<T>;
}

/** Calls that meet an open transaction, one after the other. */
export interface Overlap<Connection, Tx, First, Value> {
  /** One for the transaction and one for each call, each a session of its own. */
  readonly connections: readonly Connection[];
  readonly begin: <T>(connection: Connection, work: (tx: Tx) => Promise<T>) => Promise<T>;
  /** How many sessions of this database wait for a lock: `waitingSessionsQuery` asks it. */
  readonly countWaiting: () => Promise<number>;
  /** Runs in the transaction, before the calls. */
  readonly first: (tx: Tx) => Promise<First>;
  readonly calls: readonly ((connection: Connection) => Promise<Value>)[];
}

/** Counts the sessions of this database that wait for a lock, as `waiting`. */
export const waitingSessionsQuery = `select count(distinct pid)::int as waiting
  from pg_locks join pg_stat_activity a using (pid)
  where not granted and a.datname = current_database()`;

/**
 * Does something in a transaction and, before that ends, starts calls on other connections: each once the
 * one before it waits or is done. Commits when the last one waits or is done.
 *
 * @returns the transaction's value, and for each call whether it waited and how it ended
 */
export async function overlap<Connection, Tx, First, Value>({
  connections: [opener, ...others],
  begin,
  countWaiting,
  first,
  calls,
}: Overlap<Connection, Tx, First, Value>): Promise<{ value: First; later: Later<Value>[] }> {
  if (opener === undefined || others.length < calls.length) {
    throw new Error('An overlap takes a connection for its transaction and one for each call.');
  }
  const met = await begin(opener, async (tx) => {
    const value = await first(tx);
    const later: Later<Value>[] = [];
    for (const [index, call] of calls.entries()) {
      const before = await countWaiting();
      let isDone = false;
      const outcome = call(others[index] as Connection).finally(() => {
        isDone = true;
      });
      outcome.catch(() => {});
      while (!isDone && (await countWaiting()) <= before);
      later.push({ waited: !isDone, outcome });
    }
    return { value, later };
  });
  await Promise.allSettled(met.later.map(({ outcome }) => outcome));
  return met;
}
