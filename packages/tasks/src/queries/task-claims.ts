import { parseInput, transaction } from '@reference/kit';
import { and, asc, eq, inArray, isNull, type SQL, sql } from 'drizzle-orm';
import { nanoid } from 'nanoid';
import { z } from 'zod';
import type { Db, Tx } from '../database.ts';
import { tasks } from '../schema/tasks.ts';
import { leaseLost, noSuchTask } from './refusals.ts';
import { liveTask, type TaskRecord, type TaskRef, taskColumns } from './task-columns.ts';

/** A task that a worker has claimed. */
export interface ClaimedTask {
  readonly task: TaskRecord;
  /** Proves the claim to `renewLease` and `transitionTask`. */
  readonly leaseToken: string;
}

const leaseSeconds = z.int().min(1).max(3600).default(60);
const claimSchema = z.strictObject({
  limit: z.int().min(1).max(100).default(1),
  leaseSeconds,
  maxAttempts: z.int().min(1).max(100).default(5),
});
const renewSchema = z.strictObject({
  leaseToken: z.string().min(1),
  leaseSeconds,
  progress: z.int().min(0).max(100).optional(),
});

/**
 * Claims tasks of any user, oldest first: those whose lease has expired, then pending ones. Two
 * concurrent workers never get the same task (`for update skip locked`).
 *
 * A claim is a lease. The worker renews it (`renewLease`) well before it ends; if the worker dies,
 * the lease expires and the next call gives the task to another. A task that has lost `maxAttempts`
 * workers is set to error instead, because it may be what kills them.
 *
 * @param limit how many at most, 1 to 100; default 1
 * @param leaseSeconds how long the worker may be silent; default 60
 * @param maxAttempts default 5
 */
export async function claimTasks(
  db: Db,
  options: z.input<typeof claimSchema> = {},
): Promise<ClaimedTask[]> {
  const { limit, leaseSeconds, maxAttempts } = parseInput(claimSchema, options);
  return transaction(db, async (tx) => {
    const claim = { leaseSeconds, maxAttempts };
    const lost = await take(tx, {
      ...claim,
      where: leaseRanOut,
      order: tasks.leaseExpiresAt,
      limit,
    });
    const rest = limit - lost.length;
    if (rest === 0) return lost;
    const fresh = await take(tx, { ...claim, where: pending, order: tasks.createdAt, limit: rest });
    return [...lost, ...fresh];
  });
}

// Statuses are text, because PostgreSQL chooses no partial index for a bound value.
const pending = sql`${tasks.status} = 'pending'`;
const leaseRanOut = sql`${tasks.status} = 'processing' and ${tasks.leaseExpiresAt} < now()`;

interface Take {
  readonly where: SQL;
  readonly order: typeof tasks.leaseExpiresAt | typeof tasks.createdAt;
  readonly limit: number;
  readonly leaseSeconds: number;
  readonly maxAttempts: number;
}

async function take(tx: Tx, options: Take): Promise<ClaimedTask[]> {
  const { where, order, limit, leaseSeconds, maxAttempts } = options;
  const leaseToken = nanoid();
  const candidates = tx.$with('candidates').as(
    tx
      .select({ id: tasks.id })
      .from(tasks)
      .where(and(where, isNull(tasks.deletedAt)))
      .orderBy(asc(order), asc(tasks.id))
      .limit(limit)
      .for('update', { skipLocked: true }),
  );
  const spent = sql`${tasks.attempts} >= ${maxAttempts}`;
  const taken = await tx
    .with(candidates)
    .update(tasks)
    .set({
      status: sql`case when ${spent} then 'error' else 'processing' end::task_status`,
      error: sql`case when ${spent} then ${`Given up: ${maxAttempts} workers were lost on it.`} end`,
      leaseToken: sql`case when not ${spent} then ${leaseToken} end`,
      leaseExpiresAt: sql`case when not ${spent} then ${endOfLease(leaseSeconds)} end`,
      attempts: sql`case when ${spent} then ${tasks.attempts} else ${tasks.attempts} + 1 end`,
      completedAt: sql`case when ${spent} then now() end`,
    })
    .where(inArray(tasks.id, tx.select({ id: candidates.id }).from(candidates)))
    .returning(taskColumns);
  return taken
    .filter(({ status }) => status === 'processing')
    .map((task) => ({ task, leaseToken }));
}

/** By the server's clock, which all workers share. */
const endOfLease = (seconds: number) => sql`now() + make_interval(secs => ${seconds})`;

/**
 * Renews a worker's lease, and records its progress.
 *
 * @param progress percent
 * @throws ConflictError when the claim has ended; the worker must stop
 * @throws NotFoundError also when the task was deleted
 */
export async function renewLease(
  db: Db,
  { userId, taskId, ...input }: TaskRef & z.input<typeof renewSchema>,
): Promise<{ leaseExpiresAt: Date }> {
  const { leaseToken, leaseSeconds, progress } = parseInput(renewSchema, input);
  const [renewed] = await db
    .update(tasks)
    .set({ leaseExpiresAt: endOfLease(leaseSeconds), progress })
    .where(and(liveTask({ userId, taskId }), eq(tasks.leaseToken, leaseToken)))
    .returning({ leaseExpiresAt: tasks.leaseExpiresAt });
  if (renewed?.leaseExpiresAt) return { leaseExpiresAt: renewed.leaseExpiresAt };
  const [task] = await db
    .select({ id: tasks.id })
    .from(tasks)
    .where(liveTask({ userId, taskId }))
    .limit(1);
  throw task ? leaseLost() : noSuchTask();
}
