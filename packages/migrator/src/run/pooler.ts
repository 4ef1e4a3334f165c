import { refused } from '../errors.ts';
import { openSession, type Session } from './session.ts';
import { describeAddress } from './target.ts';

const PROBES = 3;
const PROBE_MS = 3_000;

const within = async <T>(ms: number, work: Promise<T>): Promise<T | undefined> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};

const pidOf = async (session: Session): Promise<number> => {
  const [row] = await session.rows<{ pid: number }>('select pg_backend_pid() as pid');
  return row?.pid ?? 0;
};

/**
 * Tells whether a second client, holding a transaction, gets or displaces the first one's backend.
 */
const sharesBackend = async (session: Session): Promise<boolean> => {
  const probe = await openSession(session.address, 'migrator (probe)');
  try {
    await probe.run('begin');
    const held = await pidOf(probe);
    return held === session.pid || (await pidOf(session)) !== session.pid;
  } finally {
    await probe.close();
  }
};

/**
 * Refuses a pooler in transaction mode: it gives each transaction another backend, so a session's
 * lock stays on a backend that another client gets.
 *
 * The first message of a direct connection names the backend that answers later; a pooler makes
 * that number up. Then a second connection decides, because in session mode the backend stays ours
 * while we are connected.
 *
 * @throws MigratorError `pooler` (exit 2)
 */
export const refuseTransactionPooler = async (session: Session): Promise<void> => {
  if (session.embedded || session.announcedPid === session.pid) return;
  // In statement mode the session refuses by itself.
  await session.run('begin; commit');
  for (let probe = 0; probe < PROBES; probe += 1) {
    // A full pool in session mode makes the probe wait, which shows that the backend is ours alone.
    const shared = await within(PROBE_MS, sharesBackend(session));
    if (shared)
      throw refused(
        'pooler',
        `${describeAddress(session.address)} is a connection pooler in transaction mode: the lock that keeps runners apart does not hold there. Give the server's own address (often another port, or a DIRECT_URL), or the pooler's session mode.`,
      );
    if (shared === undefined) return;
  }
};
