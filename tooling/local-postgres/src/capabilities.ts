import { requireRun } from './run.ts';

/**
 * The capabilities of this run's Postgres, for `describe.skipIf(!capabilities.concurrency)`. Each
 * is read on access; importing this file reads nothing.
 */
export const capabilities = {
  /**
   * Two connections are two sessions. Only PGlite has one session for all: no locks, isolation or
   * deadlocks, no role of one connection, no COPY, LISTEN, timeouts or second database.
   */
  get concurrency() {
    return requireRun().source !== 'pglite';
  },
  /** `startServer()`: a separate server to kill, pause and restart. */
  get ownServer() {
    const { source, binaries } = requireRun();
    return source === 'docker' || binaries !== undefined;
  },
  /** `startContainer()`: one in a container, on a network of its own. */
  get docker() {
    return requireRun().source === 'docker';
  },
};
