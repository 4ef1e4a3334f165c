import { eq, lte, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Database } from './database.ts';
import { executeRows } from './execute-rows.ts';
import { parseInput } from './input.ts';
import { keptError } from './kept-error.ts';
import { cronJobs } from './tables/cron-jobs.ts';

type Schema = Record<string, unknown>;

const jobSchema = z.object({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'must be lower-case words joined by hyphens'),
  everySeconds: z
    .int()
    .min(1)
    .max(366 * 86_400),
});

/** A recurring job. */
export interface CronJobDefinition {
  /** Lower-case words joined by hyphens; the same on every server. */
  readonly name: string;
  /** Due at each multiple of this since 1970, in UTC: 3,600 is every full hour. */
  readonly everySeconds: number;
  /**
   * The job. Make it idempotent, because it runs again if a server dies in it. `signal` aborts when
   * the lock is lost, because another server may then start it.
   */
  readonly work: (signal: AbortSignal) => Promise<void>;
}

/** The outcome of `runIfDue`; the error of `failed` is in `cron_jobs.lastError`. */
export type CronOutcome = 'ran' | 'failed' | 'not due' | 'runs elsewhere';

/**
 * Runs a job if it is due and no other server runs it. Every server calls this every few seconds;
 * one takes the job's advisory lock and runs it. The lock ends with its connection, so if that
 * server dies, another takes over at once.
 *
 * The lock belongs to a transaction, because a pooler in transaction mode keeps that on one
 * connection. The transaction reads and writes nothing, so it holds back no vacuum. It occupies a
 * connection while the job runs, so the pool needs at least two.
 *
 * @returns the outcome; a failed job is due again after 1, 2, 4 … minutes, at most its period
 * @throws InvalidInputError for a malformed name or period
 */
export async function runIfDue<S extends Schema>(
  db: Database<S>,
  job: CronJobDefinition,
): Promise<CronOutcome> {
  const { name, everySeconds } = parseInput(jobSchema, job);
  if (!(await isDue(db, name))) return 'not due';
  const lock = await takeLock(db, name);
  if (!lock) return 'runs elsewhere';
  try {
    // The former holder of the lock may have run it since it was found due.
    if (!(await start(db, name))) return 'not due';
    try {
      await job.work(lock.lost);
      lock.lost.throwIfAborted();
    } catch (error) {
      await finishFailed(db, name, everySeconds, error);
      return 'failed';
    }
    await finish(db, name, everySeconds);
    return 'ran';
  } finally {
    await lock.release();
  }
}

async function isDue<S extends Schema>(db: Database<S>, name: string): Promise<boolean> {
  const [job] = await db
    .select({ isDue: sql<boolean>`${cronJobs.dueAt} <= now()::timestamptz(3)` })
    .from(cronJobs)
    .where(eq(cronJobs.name, name))
    .limit(1);
  return job?.isDue ?? true;
}

interface Lock {
  /** Aborts when the connection that holds the lock is lost. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

async function takeLock<S extends Schema>(
  db: Database<S>,
  name: string,
): Promise<Lock | undefined> {
  const lost = new AbortController();
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let ended: Promise<void> = Promise.resolve();
  // The job runs outside of this callback, where the pool is its own to use.
  const isTaken = await new Promise<boolean>((resolve, reject) => {
    ended = db
      .transaction(async (tx) => {
        const [row] = await executeRows<{ isTaken: boolean }>(
          tx,
          sql`select pg_try_advisory_xact_lock(hashtextextended(${`cron ${name}`}, 0)) as "isTaken"`,
        );
        // A statement without a snapshot releases the snapshot that the select still holds.
        await tx.execute(sql`set local idle_in_transaction_session_timeout = 0`);
        resolve(row?.isTaken === true);
        if (row?.isTaken) await released;
      })
      .catch((error: unknown) => {
        lost.abort(error);
        reject(error);
      });
  });
  if (!isTaken) {
    await ended;
    return undefined;
  }
  return {
    lost: lost.signal,
    release: async () => {
      release();
      await ended;
    },
  };
}

async function start<S extends Schema>(db: Database<S>, name: string): Promise<boolean> {
  const started = await db
    .insert(cronJobs)
    .values({ name, dueAt: sql`now()`, startedAt: sql`now()` })
    .onConflictDoUpdate({
      target: cronJobs.name,
      set: { startedAt: sql`now()`, finishedAt: null },
      setWhere: lte(cronJobs.dueAt, sql`now()`),
    })
    .returning({ name: cronJobs.name });
  return started.length > 0;
}

async function finish<S extends Schema>(
  db: Database<S>,
  name: string,
  everySeconds: number,
): Promise<void> {
  // The job's run also covers times that fell due meanwhile.
  const next = sql`to_timestamp((floor(extract(epoch from now()) / ${everySeconds}) + 1) * ${everySeconds})`;
  await db
    .update(cronJobs)
    .set({ dueAt: next, finishedAt: sql`now()`, failures: 0, lastError: null })
    .where(eq(cronJobs.name, name));
}

async function finishFailed<S extends Schema>(
  db: Database<S>,
  name: string,
  everySeconds: number,
  error: unknown,
): Promise<void> {
  const pause = sql`least(60 * 2 ^ least(${cronJobs.failures}, 20), ${everySeconds})`;
  await db
    .update(cronJobs)
    .set({
      dueAt: sql`now() + make_interval(secs => ${pause})`,
      finishedAt: sql`now()`,
      failures: sql`${cronJobs.failures} + 1`,
      lastError: keptError(error),
    })
    .where(eq(cronJobs.name, name));
}
