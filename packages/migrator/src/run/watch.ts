import type { Blocker, Listener } from './events.ts';
import { openSession, type Session } from './session.ts';

/** Most statements end within this time and need no second connection. */
const CONNECT_AFTER_MS = 50;
const FIRST_LOOK_MS = 150;
const LOOK_EVERY_MS = 200;

const BLOCKERS = `
  select a.pid, a.usename as user, a.application_name as application, a.state,
         left(regexp_replace(a.query, '\\s+', ' ', 'g'), 200) as query,
         extract(epoch from clock_timestamp() - coalesce(a.xact_start, a.backend_start)) * 1000 as age_ms
  from pg_stat_activity a
  where a.pid = any(pg_blocking_pids($1))
  order by a.xact_start nulls last limit 5`;

/** Watches the working session from a second one while a statement takes long. */
export interface Watch {
  /** Waits for the statement, and reports the sessions that block it. */
  during<T>(name: string, work: Promise<T>): Promise<T>;
  /** The session that blocked the last statement. */
  readonly blockers: readonly Blocker[];
  /** The observed lock waits of the statements since `reset`. */
  readonly blockedMs: number;
  reset(): void;
  close(): Promise<void>;
}

/**
 * Watches a session. It opens the second connection only if a statement takes long, and never on
 * PGlite, which has a single session.
 */
export const watchSession = (session: Session, listen: Listener): Watch => {
  let observer: Promise<Session | undefined> | undefined;
  let blockers: Blocker[] = [];
  let blockedMs = 0;

  const connect = () => {
    observer ??= openSession(session.address, 'migrator (watching)').catch(() => undefined);
    return observer;
  };

  const look = async (name: string): Promise<boolean> => {
    const connection = await connect();
    if (!connection) return false;
    const rows = await connection
      .rows<Omit<Blocker, 'ageMs'> & { age_ms: string | null }>(BLOCKERS, [session.pid])
      .catch(() => []);
    if (rows.length === 0) return false;
    blockers = rows.map(({ age_ms, ...row }) => ({ ...row, ageMs: Number(age_ms ?? 0) }));
    listen({ type: 'blocked', name, blockers });
    return true;
  };

  return {
    get blockers() {
      return blockers;
    },
    get blockedMs() {
      return blockedMs;
    },
    reset: () => {
      blockedMs = 0;
      blockers = [];
    },
    during: async (name, work) => {
      if (session.embedded) return work;
      let ended = false;
      let timer: NodeJS.Timeout | undefined;
      let looking: Promise<void> = Promise.resolve();
      let last = Date.now();
      const warm = setTimeout(() => void connect(), CONNECT_AFTER_MS);
      const next = (delay: number) => {
        timer = setTimeout(() => {
          looking = look(name).then((blocked) => {
            const now = Date.now();
            if (blocked) blockedMs += now - last;
            last = now;
            if (!ended) next(LOOK_EVERY_MS);
          });
        }, delay);
      };
      next(FIRST_LOOK_MS);
      try {
        return await work;
      } finally {
        ended = true;
        clearTimeout(warm);
        clearTimeout(timer);
        await looking;
      }
    },
    close: async () => {
      await (await observer)?.close();
    },
  };
};
