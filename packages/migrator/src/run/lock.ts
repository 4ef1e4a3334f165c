import { refused } from '../errors.ts';
import { type Blocker, describeBlocker, type Listener } from './events.ts';
import type { Session } from './session.ts';

/** One key for every runner on a database: the two halves of a bigint advisory lock. */
const LOCK_CLASS = 0x6d696772; // "migr"
const LOCK_KEY = 1;

const holderOf = async (session: Session): Promise<Blocker | undefined> => {
  const [row] = await session.rows<{
    pid: number;
    user: string | null;
    application: string | null;
    state: string | null;
    query: string | null;
    age_ms: number | null;
  }>(
    `select a.pid, a.usename as user, a.application_name as application, a.state,
            left(a.query, 200) as query,
            extract(epoch from clock_timestamp() - a.backend_start) * 1000 as age_ms
     from pg_locks l join pg_stat_activity a on a.pid = l.pid
     where l.locktype = 'advisory' and l.granted and l.classid = $1::bigint::oid and l.objid = $2::bigint::oid
       and l.database = (select oid from pg_database where datname = current_database())
     limit 1`,
    [LOCK_CLASS, LOCK_KEY],
  );
  return row && { ...row, ageMs: Number(row.age_ms ?? 0) };
};

/**
 * Takes the runners' lock by polling. A blocking call would deadlock: a session that waits in
 * `pg_advisory_lock` holds a snapshot, and a concurrent index build waits for that.
 *
 * @param waitMs how long to poll
 * @throws MigratorError `locked` (exit 2), naming the holder
 */
export const takeLock = async (
  session: Session,
  waitMs: number,
  listen: Listener,
): Promise<void> => {
  const started = Date.now();
  let pauseMs = 50;
  let reportedAt = 0;
  for (;;) {
    const [row] = await session.rows<{ taken: boolean }>(
      'select pg_try_advisory_lock($1, $2) as taken',
      [LOCK_CLASS, LOCK_KEY],
    );
    if (row?.taken) return;
    const waitedMs = Date.now() - started;
    if (waitedMs >= waitMs) {
      const holder = await holderOf(session);
      throw refused(
        'locked',
        `another migrator has worked on this database for the ${Math.round(waitMs / 1000)} s that this one waited${holder ? `: ${describeBlocker(holder)}` : ''}. Wait for it, or end it with select pg_terminate_backend(${holder?.pid ?? 'PID'}), then run again.`,
      );
    }
    if (waitedMs - reportedAt > 1000 || reportedAt === 0) {
      reportedAt = Math.max(1, waitedMs);
      const holder = await holderOf(session);
      listen({ type: 'waiting', waitedMs, ...(holder ? { holder } : {}) });
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs * (0.75 + Math.random() / 2)));
    pauseMs = Math.min(500, pauseMs * 1.5);
  }
};

export const releaseLock = async (session: Session): Promise<void> => {
  await session
    .rows('select pg_advisory_unlock($1, $2)', [LOCK_CLASS, LOCK_KEY])
    .catch(() => undefined);
};
