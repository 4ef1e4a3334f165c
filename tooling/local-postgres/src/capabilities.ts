import { requireRun } from './run.ts';

const full = () => requireRun().source !== 'embedded';

/**
 * What the Postgres of this run can do, for `describe.skipIf(!capabilities.copy)`.
 * Embedded, all connections share one backend session, which takes most of these away.
 * Each is read when asked for: importing this file reads nothing.
 */
export const capabilities = {
  /** Two connections are two sessions: locks, isolation, deadlocks, prepared statements of their own. */
  get concurrency() {
    return full();
  },
  /** A role can log in, and SET ROLE stays on its own connection. */
  get roles() {
    return full();
  },
  /** COPY … FROM STDIN. */
  get copy() {
    return full();
  },
  /** LISTEN and NOTIFY. */
  get listen() {
    return full();
  },
  /** statement_timeout, lock_timeout and query cancellation. */
  get timeouts() {
    return full();
  },
  /** CREATE DATABASE makes another database. */
  get databases() {
    return full();
  },
  /** `startContainer()`: a server of one's own to kill, pause and restart. */
  get ownServer() {
    return requireRun().source === 'docker';
  },
};
