import type { DriverQuery } from './watched-query.ts';

type Callback = (...args: unknown[]) => unknown;

/** Calls the driver's own method, which the guarded one wraps. */
function callDriver(query: DriverQuery, name: 'cursor' | 'forEach', args: unknown[]): unknown {
  const method: unknown = Reflect.get(Object.getPrototypeOf(query), name);
  return typeof method === 'function' && Reflect.apply(method, query, args);
}

/** Lets the caller's own error through unchanged; the driver returns it as if it were its own. */
function rememberOwnError(query: DriverQuery): (error: unknown) => void {
  const { reject, watch } = query;
  let own: { error: unknown } | undefined;
  query.reject = (error) => {
    if (own?.error !== error) return reject.call(query, error);
    watch?.settle();
    watch?.reject.call(query, error);
  };
  return (error) => {
    own = { error };
  };
}

/** `query.forEach(…)` of the driver: an error of the caller's rejects with that error, and no row follows. */
export function guardedForEach(this: DriverQuery, take: Callback): unknown {
  const remember = rememberOwnError(this);
  let failed = false;
  return callDriver(this, 'forEach', [
    (...args: unknown[]) => {
      if (failed) return;
      try {
        take(...args);
      } catch (error) {
        failed = true;
        remember(error);
        throw error;
      }
    },
  ]);
}

/**
 * `query.cursor(…)` of the driver, with this package's promises. Each batch is answered within the
 * deadline, and the time that the caller takes for a batch does not count.
 */
export function guardedCursor(this: DriverQuery, ...args: unknown[]): unknown {
  const guardedArgs = args.map((arg) => (isCallback(arg) ? takeBatches(this, arg) : arg));
  const cursor = callDriver(this, 'cursor', guardedArgs);
  return isIterable(cursor) ? readBatches(this, cursor) : cursor;
}

const isCallback = (value: unknown): value is Callback => typeof value === 'function';

const isIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;

/** After the last batch, the driver neither waits for the callback nor notices its failure. */
function takeBatches(query: DriverQuery, take: Callback): Callback {
  const remember = rememberOwnError(query);
  const { resolve, watch } = query;
  let taken: Promise<unknown> = Promise.resolve();
  query.resolve = (result) => {
    taken.then(
      () => resolve.call(query, result),
      (error) => query.reject(error),
    );
  };
  return (rows) => {
    watch?.pause();
    taken = (async () => {
      try {
        return await take(rows);
      } catch (error) {
        remember(error);
        throw error;
      } finally {
        watch?.resume();
      }
    })();
    taken.catch(() => {});
    return taken;
  };
}

/** The driver settles each batch by functions of its own, which replace those of `watch`. */
function readBatches(query: DriverQuery, cursor: AsyncIterable<unknown>): AsyncIterable<unknown> {
  return {
    async *[Symbol.asyncIterator]() {
      const batches = cursor[Symbol.asyncIterator]();
      let result: unknown = [];
      try {
        for (;;) {
          query.watch?.resume();
          const batch = await batches.next();
          query.watch?.pause();
          if (batch.done) return;
          yield batch.value;
        }
      } catch (error) {
        result = undefined;
        throw query.watch?.failed(error) ?? error;
      } finally {
        query.watch?.settle(result);
        await batches.return?.();
      }
    },
  };
}
