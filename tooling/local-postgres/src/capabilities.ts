import { requireRun } from './run.ts';

/**
 * The capabilities of this run's Postgres, for `describe.skipIf(!capabilities.concurrency)`.
 * Each is read when asked for: importing this file reads nothing.
 */
export const capabilities = {
  /**
   * Two connections are two sessions. Only PGlite has one for all: no locks, isolation or deadlocks, no
   * role that stays with its connection, no COPY, LISTEN, timeouts or second database.
   */
  get concurrency() {
    return requireRun().source !== 'pglite';
  },
  /** `startServer()`: a server of one's own to kill, pause and restart. */
  get ownServer() {
    const { source, binaries } = requireRun();
    return source === 'docker' || binaries !== undefined;
  },
  /** `startContainer()`: one in a container, on a network of its own. */
  get docker() {
    return requireRun().source === 'docker';
  },
};
