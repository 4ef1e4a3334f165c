import type { PGlite } from '@electric-sql/pglite';

/** Parse, Bind, Describe, Execute, Close: a Sync follows. */
const openers = new Set(['P', 'B', 'D', 'E', 'C']);
/** Sync, and Query, which is a whole statement. */
const closers = new Set(['S', 'Q']);

/**
 * A PGlite instance for the socket server, which lets connections take turns message by message unless
 * a transaction is open: the Bind of one would take the portal that another is about to execute. A
 * statement from its first message to its Sync counts as a transaction here.
 */
export function wholeStatements(instance: PGlite): PGlite {
  let isOpen = false;
  const replaced = {
    isInTransaction: () => isOpen || instance.isInTransaction(),
    execProtocolRawStream: (...[message, options]: Parameters<PGlite['execProtocolRawStream']>) => {
      const type = String.fromCharCode(message[0] ?? 0);
      if (openers.has(type)) isOpen = true;
      if (closers.has(type)) isOpen = false;
      return instance.execProtocolRawStream(message, options);
    },
    // What the server calls when a connection goes in the middle of a transaction, to roll it back.
    exec: async (...[query, options]: Parameters<PGlite['exec']>) => {
      isOpen = false;
      return instance.exec(query, options);
    },
  };
  return new Proxy(instance, {
    get(target, key) {
      const value: unknown = Reflect.get(key in replaced ? replaced : target, key);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
